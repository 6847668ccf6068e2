"""/calls: every call, one call, what is decided of it, and one that somebody took by hand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    g,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)

from app.auth import requires
from app.errors import answer_problem
from app.instants import format_instant, now_ms, parse_instant
from app.models.base import Row
from app.models.people import active_people
from app.problems import Problem
from app.reading import parse_query, schema_of
from app.schemas.base import load_row
from app.schemas.calls import (
    CATEGORIES,
    STATUSES,
    CallCreateSchema,
    CallPatchSchema,
    CallQueryArgsSchema,
)
from app.services import call_list, desk, queue
from app.services.calls import calls
from app.services.history import History
from app.services.patients import patients
from app.services.tags import tags
from app.transfer.files import csv_of
from app.transfer.resources import RESOURCES
from app.web.filters import Asked, describe
from app.web.forms import SAID, done, done_at, field
from app.web.history import actor, in_words, what
from app.web.showing import OUTCOME_WORDS, at, hours, moment, zone

blp = Blueprint("calls", __name__)
MAX_SHOWN = 10
# What a person may decide in the form of one call.
DECIDED = ("category", "status", "sessions_scheduled", "notes")
EVENING = 9


def colleagues() -> list[str]:
    """Give the names of the others who can have a call."""
    return [person.name for person in active_people() if person.name != g.person.name]


def open_hours(rows: list[Row]) -> list[Row]:
    """Say of each row whether it came out of hours, and who has it."""
    clinic = hours()
    return [row | {"out_of_hours": not clinic.is_open(row["sort_at"])} for row in rows]


# ---- Every call ----


@blp.route("/calls", methods=["GET", "POST"])
@requires("desk")
def show_list() -> str:
    """Show the calls that the API's filters ask for, in the address or, from the script, a form."""
    args, asked = read_filters()
    page = call_list.list_calls(args, queue.QUEUED)
    return render_template(
        "calls.html",
        args=args,
        asked=asked,
        total=page.total,
        calls=queue.with_callers(page.rows),
        tags=list(tags.all_rows()),
        **describe(args, asked),
    )


@blp.get("/calls.csv")
@requires("manager")
def download() -> Response:
    args, _ = read_filters()
    parts = stream_with_context(csv_of(RESOURCES["calls"], call_list.all_numbers(args)))
    name = f"calls-{at(now_ms()):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(parts, mimetype="text/csv", headers=headers)


def read_filters() -> tuple[Row, Asked]:
    """Give the filters of a request, parsed, and as they were written."""
    text = request.get_data() if request.method == "POST" else request.query_string
    pairs = [pair for pair in text.split(b"&") if pair and not pair.startswith((b"said=", b"act="))]
    args = parse_query(CallQueryArgsSchema, b"&".join(pairs))
    return args, Asked(b"&".join(pairs))


# ---- One call ----


@blp.get("/calls/<call_id>")
@requires("desk")
def show(call_id: str) -> str:
    return _page(calls.get(call_id))


def _page(row: Row, **more: Any) -> str:
    """Give the page of a call; `more` is what was asked or went wrong."""
    (shown,) = open_hours(queue.with_callers([row]))
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
            "colleagues": colleagues(),
            "categories": CATEGORIES,
            "statuses": STATUSES,
            "recording": _link(row["recording_url"]),
            **more,
        },
    )


def _link(url: str | None) -> str | None:
    """Give an address that a browser may be sent to."""
    return url if url and url.startswith(("https://", "http://")) else None


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
        return _undo(_number(act_number))
    if name not in ACTIONS:
        raise Problem("invalid_field", "There is no such button.", "do")
    try:
        said = ACTIONS[name](call_id, _number(field("version")))
    except Problem as problem:
        return _refuse(call_id, problem)
    return _answer([call_id], said, desk.newest_act())


def _undo(act_number: int) -> Any:
    undone = desk.undo(act_number or None)
    ids = [item for kind, item in undone.rows if kind == "call"]
    return _answer(ids, "undone", None)


def _answer(call_ids: list[str], said: str, act_number: int | None) -> Any:
    if request.headers.get("X-Part") != "row":
        return done_at(field("back"), said, act_number)
    rows = open_hours(queue.with_callers([calls.get(call_id) for call_id in call_ids[:50]]))
    return render_template("rows.html", calls=rows, said=SAID[said], act=act_number)


def _refuse(call_id: str, problem: Problem) -> Response:
    """Show a call as it is now, and what has changed or what was wrong."""
    row = calls.get(call_id)
    response = answer_problem(problem)
    if problem.code == "version_mismatch":
        changed = _changed_since(row, _number(field("version")))
        if request.headers.get("X-Part") == "row":
            rows = open_hours(queue.with_callers([row]))
            parts = {"calls": rows, "said": changed, "act": None, "changed": True}
            response.set_data(render_template("rows.html", **parts))
        else:
            response.set_data(_page(row, changed=changed, typed=row | _typed()))
    elif problem.code == "invalid_field":
        response.set_data(_page(row, fault=_plain(problem), typed=row | _typed()))
    return response


def _changed_since(row: Row, version: int) -> str:
    """Say what has become of a call after a version, the latest last."""
    entries = History("call", row).since(version)
    return " ".join(
        f"{actor(entry['who'])} {what(entry)} {moment(entry['at'])}." for entry in reversed(entries)
    )


def _typed() -> Row:
    return {name: request.form[name] for name in DECIDED if name in request.form}


def _plain(problem: Problem) -> str:
    """Say what is wrong with a field in the words of the form."""
    names = {"sessions_scheduled": "Sessions booked", "notes": "Notes", "due_at": "The time"}
    name = problem.param or ""
    return problem.words.replace(name, names.get(name, name.replace("_", " ").capitalize()), 1)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


# ---- What the buttons do; each gives the code of what the next page says ----


def _save(call_id: str, version: int) -> str:
    fields = {name: value.strip() or None for name, value in _typed().items()}
    if fields.get("sessions_scheduled"):
        text = str(fields["sessions_scheduled"])
        fields["sessions_scheduled"] = int(text) if text.lstrip("-").isdecimal() else text
    values = load_row(schema_of(CallPatchSchema), fields | {"version": version})
    row = calls.get(call_id)
    # What was left as it is remains whosever it was.
    given = [name for name in DECIDED if name in values]
    desk.save(call_id, version, {n: values[n] for n in given if values[n] != row[n]})
    return "changed"


def _link_patient(call_id: str, version: int) -> str:
    desk.save(call_id, version, {"patient_id": field("patient_id") or None})
    return "linked"


def _give(call_id: str, version: int) -> str:
    desk.give_to(call_id, version, field("give"))
    return "given"


def _done_all(call_id: str, version: int) -> str:
    others = (text.partition(" ") for text in request.form.getlist("other"))
    desk.done_all([(call_id, version), *((other, _number(seen)) for other, _, seen in others)])
    return "done"


def _attempt(outcome: str) -> Callable[[str, int], str]:
    def attempt(call_id: str, version: int) -> str:
        due_at = None if outcome == "reached" else _due_at(field("when"))
        desk.attempt(call_id, version, outcome, field("note").strip() or None, due_at)
        return outcome if due_at is None else "later"

    return attempt


def _due_at(when: str) -> int | None:
    """Give the instant that one of the quick times means. Raises Problem."""
    today = at(now_ms()).date()
    if when == "none":
        return None
    if when == "2h":
        return now_ms() + 2 * 3_600_000
    if when == "at":
        try:
            return parse_instant(field("at"), zone())
        except ValueError:
            raise Problem("invalid_field", "Choose a date and a time.") from None
    days = {"tomorrow": 1, "monday": 7 - today.weekday()}
    if when not in days:
        raise Problem("invalid_field", "Choose when to try again.")
    day = today + timedelta(days=days[when])
    opening = hours().next_opening(day)
    if opening is None:
        return parse_instant(f"{day}T{EVENING:02}:00", zone())
    return int(opening.timestamp() * 1000)


def _simple(change: Callable[[str, int], Row], said: str) -> Callable[[str, int], str]:
    def run(call_id: str, version: int) -> str:
        change(call_id, version)
        return said

    return run


ACTIONS: dict[str, Callable[[str, int], str]] = {
    "done": _simple(desk.done, "done"),
    "flag": _simple(desk.flag, "flagged"),
    "unflag": _simple(desk.unflag, "unflagged"),
    "open": _simple(desk.unflag, "opened"),
    "take": _simple(desk.take, "taken"),
    "release": _simple(desk.release, "released"),
    "give": _give,
    "save": _save,
    "link": _link_patient,
    "done_all": _done_all,
    **{outcome: _attempt(outcome) for outcome in OUTCOME_WORDS},
}

# ---- A call that somebody took by hand ----


@blp.get("/calls/new")
@requires("desk")
def new() -> str:
    return _new_page({"started_at": f"{at(now_ms()):%Y-%m-%dT%H:%M}", "status": "pending"})


def _new_page(typed: Row, fault: str = "") -> str:
    blank = dict.fromkeys(("customer_number", "duration_min", "summary", "category", "notes"), "")
    return render_template(
        "call_new.html", typed=blank | typed, fault=fault, categories=CATEGORIES, statuses=STATUSES
    )


@blp.post("/calls/new")
@requires("desk")
def create() -> Any:
    typed = {name: value.strip() for name, value in request.form.items()}
    try:
        given: Row = {name: value for name, value in typed.items() if value}
        if "started_at" in given:
            given["started_at"] = _instant(given["started_at"])
        if "duration_min" in given:
            given["duration_min"] = _minutes(given["duration_min"])
        values = load_row(schema_of(CallCreateSchema), given)
        _, row = calls.create(values, by_person=True)
    except Problem as problem:
        if problem.code != "invalid_field":
            raise
        response = answer_problem(problem)
        response.set_data(_new_page(typed, _plain(problem)))
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
