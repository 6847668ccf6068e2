"""/calls: every call, one call, what is decided of it, and one that somebody took by hand."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)

from app.auth import requires
from app.errors import answer_problem
from app.ids import new_id
from app.instants import format_instant, now_ms, parse_instant
from app.models.base import Row
from app.problems import Problem
from app.reading import schema_of
from app.schemas.base import load_row
from app.schemas.calls import CATEGORIES, STATUSES, CallCreateSchema, CallQueryArgsSchema
from app.services import call_list, desk, queue
from app.services.calls import calls
from app.services.history import History
from app.services.patients import patients
from app.services.tags import tags
from app.transfer.files import csv_of
from app.transfer.resources import RESOURCES
from app.web import buttons
from app.web.faults import fault_words, refused
from app.web.filters import describe, read_pairs
from app.web.forms import SAID, done, done_at, field, same_lines, whole_number
from app.web.history import in_words, told
from app.web.showing import OUTCOME_WORDS, at, with_hours, zone

blp = Blueprint("calls", __name__)
MAX_SHOWN = 10
# What is written down of a call that somebody took by hand.
WRITTEN = (
    *("id", "customer_number", "started_at", "duration_min", "summary", "category", "status"),
    "notes",
)

# ---- Every call ----


@blp.route("/calls", methods=["GET", "POST"])
@requires("desk")
def show_list() -> str:
    """Show the calls that the API's filters ask for, in the address or, from the script, a form."""
    args, asked = read_pairs(CallQueryArgsSchema)
    page = call_list.list_calls(args, queue.QUEUED)
    return render_template(
        "calls.html",
        args=args,
        asked=asked,
        total=page.total,
        calls=queue.with_names(page.rows),
        tags=list(tags.all_rows()),
        **describe(args, asked),
    )


@blp.get("/calls.csv")
@requires("manager")
def download() -> Response:
    args, _ = read_pairs(CallQueryArgsSchema)
    parts = stream_with_context(csv_of(RESOURCES["calls"], call_list.all_numbers(args)))
    name = f"calls-{at(now_ms()):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(parts, mimetype="text/csv", headers=headers)


# ---- One call ----


@blp.get("/calls/<call_id>")
@requires("desk")
def show(call_id: str) -> str:
    return _page(calls.get(call_id))


def _page(row: Row, **more: Any) -> str:
    """Give the page of a call; `more` is what was asked or went wrong."""
    (shown,) = with_hours(queue.with_callers([row]))
    others = queue.other_calls(row)
    patient = patients.find(row["patient_id"])
    past = History("call", row).page({"page": 1, "limit": 50})
    return render_template(
        "call.html",
        **{
            "call": shown,
            "typed": row,
            "same": others[:MAX_SHOWN],
            "same_total": len(others),
            "same_address": _address_of(row),
            "others": queue.other_calls(row, only_open=True),
            "patient": patient,
            "patient_tags": tags.names(patient["tags"]) if patient else [],
            "proposals": [one for one in queue.proposals(row) if one["id"] != row["patient_id"]],
            "history": in_words(past.rows),
            "history_total": past.total,
            "colleagues": buttons.colleagues(),
            "categories": CATEGORIES,
            "statuses": STATUSES,
            "recording": _link(row["recording_url"]),
            **more,
        },
    )


def _link(url: str | None) -> str | None:
    """Give an address that a browser may be sent to."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def _address_of(row: Row) -> str:
    name = "patient_id" if row["patient_id"] else "customer_number"
    return url_for("calls.show_list", **{name: row[name]})


@blp.post("/calls/<call_id>")
@requires("desk")
def act(call_id: str) -> Any:
    """Do what a button says, on the version that was seen.

    The script asks for the row alone; without it the page comes from which the button was pressed.
    """
    name, _, act_number = field("do").partition("-")
    name = "give" if field("give") else name
    if name == "more":
        return redirect(url_for("calls.show", call_id=call_id), 303)
    if name in ("no_answer", "left_message") and not field("when"):
        return _page(calls.get(call_id), outcome=name)
    if name == "undo":
        return undo(whole_number(act_number), call_id)
    try:
        said, number = buttons.press(name, call_id, whole_number(field("version")))
    except Problem as problem:
        return _refuse(call_id, problem, name)
    return _answer([call_id], said, number)


def undo(number: int, call_id: str | None = None) -> Any:
    """Take back an action of this session, the last one for 0, at a call or wherever one is."""
    undone = desk.undo(number or None)
    call_ids, refused_ids = (
        [item for kind, item in found if kind == "call"] for found in (undone.rows, undone.refused)
    )
    if undone.refused and not undone.rows:
        return _refuse_undo(refused_ids)
    said = "undone_but" if undone.refused else "undone" if undone.rows else "undone_before"
    return _answer(call_ids or [call_id or ""], said, desk.newest_act())


def _refuse_undo(call_ids: list[str]) -> Response:
    """Show a call that somebody has changed since what should be undone."""
    words = "It was changed meanwhile, and cannot be undone any more."
    if not call_ids:
        raise Problem("version_mismatch", words)
    row = calls.get(call_ids[0])
    (last,) = History("call", row).page({"page": 1, "limit": 1}).rows
    return _show_conflict(row, f"{told([last])} That cannot be undone any more.")


def _answer(call_ids: list[str], said: str, number: int | None) -> Any:
    if not _wants_row():
        return done_at(field("back"), said, number)
    # Undo stands at the row that was acted on; after it the row is as it was.
    number = None if said.startswith("undone") else number
    return _rows([calls.get(call_id) for call_id in call_ids[:50]], SAID[said], number)


def _wants_row() -> bool:
    return request.headers.get("X-Part") == "row"


def _rows(rows: list[Row], said: str, number: int | None = None, **more: Any) -> str:
    shown = with_hours(queue.with_callers(rows))
    return render_template("rows.html", calls=shown, said=said, act=number, **more)


def _refuse(call_id: str, problem: Problem, name: str) -> Response:
    """Show a call as it is now, and what has changed or what was wrong."""
    if problem.code not in ("version_mismatch", "invalid_field"):
        raise problem
    row, version = calls.get(call_id), whole_number(field("version"))
    more = refused(problem, "call", row, version, buttons.typed())
    if "changed" in more:
        changed = more.pop("changed")
        if row["version"] == version:
            changed = _changed_others() or changed
        return _show_conflict(row, changed, **more)
    response = answer_problem(problem)
    if _wants_row():
        response.set_data(render_template("form_problem.html", problem=more["fault"]))
    else:
        outcome = name if name in OUTCOME_WORDS else None
        response.set_data(_page(row, outcome=outcome, **more))
    return response


def _changed_others() -> str:
    """Say what has become of those other calls that were to become done too."""
    entries: list[Row] = []
    for call_id, version in buttons.others():
        entries += History("call", calls.get(call_id)).since(version)
    return f"Another of these calls: {told(entries)}" if entries else ""


def _show_conflict(row: Row, changed: str, **more: Any) -> Response:
    """Give a call as it is now, as a row or a page, with what has changed and by whom."""
    response = answer_problem(Problem("version_mismatch"))
    shown = _rows([row], changed, changed=True) if _wants_row() else None
    response.set_data(shown or _page(row, changed=changed, **more))
    return response


# ---- A call that somebody took by hand ----


@blp.get("/calls/new")
@requires("desk")
def new() -> str:
    # With its id, the same form sent twice is one call.
    now = f"{at(now_ms()):%Y-%m-%dT%H:%M}"
    return _new_page({"id": new_id(), "started_at": now, "status": "pending"})


def _new_page(typed: Row, fault: str = "") -> str:
    lists = {"categories": CATEGORIES, "statuses": STATUSES}
    blank = dict.fromkeys(WRITTEN, "")
    return render_template("call_new.html", typed=blank | typed, fault=fault, **lists)


@blp.post("/calls/new")
@requires("desk")
def create() -> Any:
    typed = {name: same_lines(field(name)).strip() for name in WRITTEN}
    try:
        given: Row = {name: value for name, value in typed.items() if value}
        if "summary" not in given:
            raise Problem("invalid_field", "Say in a sentence what it was about.", "summary")
        given["started_at"] = _instant(typed.get("started_at", ""))
        if "duration_min" in given:
            given["duration_min"] = _minutes(given["duration_min"])
        values = load_row(schema_of(CallCreateSchema), given)
        _, row = calls.create(values, by_person=True)
    except Problem as problem:
        if problem.code == "already_exists":
            words = "This call was written down a moment ago. Look for it, and change it there."
            raise Problem("already_exists", words) from None
        if problem.code != "invalid_field":
            raise
        response = answer_problem(problem)
        response.set_data(_new_page(typed, fault_words(problem)))
        return response
    return done("written", "calls.show", call_id=row["id"])


def _instant(text: str) -> str:
    try:
        return format_instant(parse_instant(text, zone()))
    except ValueError:
        return text


def _minutes(text: str) -> Any:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text
