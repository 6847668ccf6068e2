"""/patients: found, seen with their calls, added, changed."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from app.auth import requires
from app.errors import answer_problem
from app.models.base import Row
from app.models.engine import database
from app.problems import Problem
from app.reading import schema_of
from app.schemas.base import load_row
from app.schemas.patients import PatientCreateSchema, PatientPatchSchema, PatientQueryArgsSchema
from app.schemas.tags import TagCreateSchema
from app.services import call_list, desk, queue
from app.services.calls import calls
from app.services.history import History
from app.services.patients import patients
from app.services.tags import tags
from app.web.faults import fault_words, refused
from app.web.filters import read_pairs
from app.web.forms import done, field, whole_number
from app.web.history import in_words, told

blp = Blueprint("patients", __name__)
MAX_SHOWN = 20
TEXTS = ("first_name", "last_name", "date_of_birth", "phone_number", "email")


@blp.route("/patients", methods=["GET", "POST"])
@requires("desk")
def show_list() -> str:
    args, asked = read_pairs(PatientQueryArgsSchema)
    for_call = request.values.get("for_call")
    page = patients.page(args)
    waiting = queue.count_waiting(row["id"] for row in page.rows)
    names = {tag["id"]: tag["name"] for tag in tags.all_rows()}
    rows = [
        row | {"waiting": waiting[row["id"]], "tag_names": [names[tag] for tag in row["tags"]]}
        for row in page.rows
    ]
    more = {"for_call": for_call} if for_call else {}
    return render_template(
        "patients.html",
        args=args,
        asked=asked,
        patients=rows,
        total=page.total,
        tags=[{"id": key, "name": name} for key, name in names.items()],
        for_call=for_call,
        address=lambda page: asked.address("patients.show_list", page=page, **more),
    )


@blp.get("/patients/new")
@requires("desk")
def new() -> str:
    for_call = request.args.get("for_call")
    known = calls.get(for_call) if for_call else {}
    typed: Row = {"phone_number": known.get("customer_number"), "tags": [], "active": True}
    return _page(None, typed=typed, for_call=for_call)


@blp.get("/patients/<patient_id>")
@requires("desk")
def show(patient_id: str) -> str:
    return _page(patients.get(patient_id), for_call=request.args.get("for_call"))


def _page(row: Row | None, **more: Any) -> str:
    shown: Row = {"patient": row, "typed": row, "tags": list(tags.all_rows()), "for_call": None}
    if row:
        args = {"patient_id": row["id"], "page": 1, "limit": MAX_SHOWN, "tags": ()}
        found = call_list.list_calls(
            args | {"sort": "-started_at", "tag_filter_mode": "any"}, queue.QUEUED
        )
        past = History("patient", row).page({"page": 1, "limit": 50})
        shown["waiting"] = queue.count_waiting([row["id"]])[row["id"]]
        shown |= {"calls": found.rows, "total": found.total, "history": in_words(past.rows)}
    if for_call := more.get("for_call"):
        shown["for_call_version"] = calls.get(for_call)["version"]
    return render_template("patient.html", **shown | more)


@blp.post("/patients/new")
@requires("desk")
def create() -> Any:
    """Make a patient, and where that was wanted say that it is they who have called."""
    for_call = field("for_call")
    try:
        with database.write():
            _, row = patients.create(load_row(schema_of(PatientCreateSchema), _given()))
            if for_call:
                version = whole_number(field("for_call_version"))
                desk.save(for_call, version, {"patient_id": row["id"]})
    except Problem as problem:
        return _refuse(None, problem)
    if for_call:
        return done("linked", "calls.show", call_id=for_call, act=desk.newest_act())
    return done("saved", "patients.show", patient_id=row["id"])


@blp.post("/patients/<patient_id>")
@requires("desk")
def change(patient_id: str) -> Any:
    version = whole_number(field("version"))
    try:
        with database.write():
            values = load_row(schema_of(PatientPatchSchema), _given() | {"version": version})
            del values["version"]
            before = patients.get(patient_id)
            if set(values["tags"]) == set(before["tags"]):
                del values["tags"]  # a form knows no order
            row = patients.change(patient_id, version, values)
    except Problem as problem:
        return _refuse(patient_id, problem)
    act = None if row["version"] == version else desk.newest_act()
    more = {"for_call": field("for_call") or None, "act": act}
    return done("saved", "patients.show", patient_id=patient_id, **more)


def _given() -> Row:
    """Give the fields of the form. Runs inside `write()`: a new tag is made with its patient."""
    texts = {name: field(name).strip() for name in TEXTS}
    given: Row = {name: text or None for name, text in texts.items()}
    given["first_name"] = texts["first_name"]
    given["last_name"] = texts["last_name"]
    given["active"] = field("active") == "yes"
    given["tags"] = request.form.getlist("tags")
    if name := field("new_tag").strip():
        given["tags"].append(_tag(name))
    return given


def _tag(name: str) -> str:
    """Give the id of the tag of a name, which is made where there is none."""
    try:
        values = load_row(schema_of(TagCreateSchema), {"name": name})
    except Problem as problem:
        raise Problem(
            problem.code, problem.words.replace("name", "new_tag", 1), "new_tag"
        ) from None
    return str(tags.named(values["name"])["id"])


def _refuse(patient_id: str | None, problem: Problem) -> Response:
    """Show the form again with what was typed, and what is wrong with it or was changed."""
    if problem.code not in ("version_mismatch", "invalid_field"):
        raise problem
    typed: Row = {name: field(name) for name in (*TEXTS, "new_tag")}
    typed |= {"tags": request.form.getlist("tags"), "active": field("active") == "yes"}
    for_call = field("for_call") or None
    row = patients.get(patient_id) if patient_id else None
    if row:
        more = refused(problem, "patient", row, whole_number(field("version")), typed)
    elif problem.code == "version_mismatch":
        call, seen = calls.get(for_call or ""), whole_number(field("for_call_version"))
        more = {"typed": typed, "fault": told(History("call", call).since(seen))}
    else:
        more = {"typed": typed, "fault": fault_words(problem)}
    response = answer_problem(problem)
    response.set_data(_page(row, for_call=for_call, **more))
    return response
