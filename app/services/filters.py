"""The filters of the lists: for each one line from query parameter to condition."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import current_app
from peewee import fn

from app import phones
from app.models.base import matches
from app.models.calls import Call, CallSearch
from app.models.engine import unindexed
from app.models.patients import Patient, PatientSearch, PatientTag

Args = Mapping[str, Any]
Condition = Any
Filters = Mapping[str, Callable[[Args], Condition]]

CALL_FILTERS: Filters = {
    "q": lambda args: _has_words(args),
    "assistant_id": lambda args: Call.assistant_id == args["assistant_id"],
    "status": lambda args: Call.status == args["status"],
    "category": lambda args: Call.category == args["category"],
    "type": lambda args: Call.type == args["type"],
    "customer_number": lambda args: Call.number_key == _number_key(args["customer_number"]),
    "patient_id": lambda args: Call.patient_id == args["patient_id"],
    "sessions_scheduled_min": lambda args: (
        fn.IFNULL(Call.sessions_scheduled, 0) >= args["sessions_scheduled_min"]
    ),
    "tags": lambda args: _bears_tags(args, Call.patient_id),
    # The list looks between the two bounds itself; what never started lies in no range.
    "started_gte": lambda args: Call.started_at.is_null(False),
    "started_lte": lambda args: Call.started_at.is_null(False),
}

PATIENT_FILTERS: Filters = {
    "q": lambda args: _is_named(args),
    "phone_number": lambda args: Patient.number_key == _number_key(args["phone_number"]),
    "tags": lambda args: _bears_tags(args, Patient.id),
}


def conditions(filters: Filters, args: Args) -> Iterator[Condition]:
    """Give the conditions that the arguments ask for."""
    for name, condition in filters.items():
        if args.get(name) not in (None, ()):
            yield condition(args)


def one_of(args: Args) -> dict[str, str]:
    """Give the columns that the arguments narrow to one patient or one number."""
    ones = {"patient_id": args.get("patient_id")}
    if args.get("customer_number"):
        ones["number_key"] = _number_key(args["customer_number"])
    return {name: key for name, key in ones.items() if key}


def _number_key(text: str) -> str:
    return phones.query_key(text, current_app.config["CLINIC_REGION"])


def _has_words(args: Args) -> Condition:
    found = CallSearch.select(CallSearch.rowid).where(matches(CallSearch, args["q"]))
    # Looked up once, never call by call: that took minutes at a million calls.
    return unindexed(Call.number).in_(found)


def _is_named(args: Args) -> Condition:
    if not args["q"]:
        return Patient.id.in_([])
    found = PatientSearch.select(PatientSearch.rowid)
    return Patient.number.in_(found.where(matches(PatientSearch, args["q"].unmarked)))


def _bears_tags(args: Args, patient_id: Any) -> Condition:
    """Give the condition that a call's patient bears the tags, asked for each call.

    A period has few calls, and a tag many patients: to gather those takes longer.
    """
    borne = (
        PatientTag.select(PatientTag.tag_id)
        .where(PatientTag.patient_id == patient_id, unindexed(PatientTag.tag_id).in_(args["tags"]))
        .where(PatientTag.active)
    )
    mode = args["tag_filter_mode"]
    if mode in ("any", "exclude_any"):
        bears: Any = fn.EXISTS(borne)
    else:
        count = borne.select(fn.COUNT(PatientTag.tag_id))
        bears = count == len(args["tags"])
    return ~bears if mode.startswith("exclude") else bears
