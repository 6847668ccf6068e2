"""The filters of the lists: for each one table from query parameter to condition."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app
from peewee import SQL, Expression, Field, Select, fn

from app import phones, search
from app.instants import LATEST_MS
from app.models.calls import Call, CallSearch, first_position
from app.models.patients import Patient, PatientSearch, PatientTag

Args = Mapping[str, Any]
Condition = Any
Filter = Callable[[Args], Expression]


def where(args: Args) -> Condition:
    """Fold the arguments of the call list into the one condition that its calls meet."""
    return _fold(Call.active == 1, FILTERS, args)


def patients_where(args: Args) -> Condition:
    """Fold the arguments of the patient list into the one condition that its patients meet."""
    return _fold(Patient.deleted_at.is_null(), PATIENT_FILTERS, args)


def _fold(condition: Condition, filters: Mapping[str, Filter], args: Args) -> Condition:
    for name, make in filters.items():
        if args.get(name) not in (None, ()):
            condition &= make(args)
    return condition


def _equal(name: str) -> Filter:
    return lambda args: getattr(Call, name) == args[name]


def _number(name: str, key: Field) -> Filter:
    return lambda args: key == phones.query_key(args[name], current_app.config["CLINIC_REGION"])


def _sessions_scheduled_min(args: Args) -> Condition:
    return fn.COALESCE(Call.sessions_scheduled, 0) >= args["sessions_scheduled_min"]


def _started_gte(args: Args) -> Condition:
    start = min(max(args["started_gte"], 0), LATEST_MS)
    return (Call.position >= first_position(start)) & (Call.started_at >= args["started_gte"])


def _started_lte(args: Args) -> Condition:
    end = min(max(args["started_lte"], 0), LATEST_MS)
    return (Call.position < first_position(end + 1000)) & (Call.started_at <= args["started_lte"])


def _words(rowid: Field, index: Any) -> Filter:
    """Look the words of `q` up in the full-text index of a table."""

    def found(args: Args) -> Condition:
        if search.match_expression(args["q"]) is None:
            return SQL("0")
        return rowid.in_(index.select(index.rowid).where(search.matching(index, args["q"])))

    return found


def _tags(patient_id: Field) -> Filter:
    """Compare the tags of a patient with those asked for, by tag_filter_mode."""

    def met(args: Args) -> Condition:
        tags, mode = args["tags"], args["tag_filter_mode"]
        holders = _patients_with(tags, every=mode in ("all", "exclude_all"))
        if mode in ("any", "all"):
            return patient_id.in_(holders)
        return patient_id.is_null() | patient_id.not_in(holders)

    return met


def _patients_with(tags: tuple[str, ...], *, every: bool) -> Select:
    """Give the ids of the patients who bear any of the tags, or every one of them."""
    holders = PatientTag.select(PatientTag.patient_id).where(
        PatientTag.tag_id.in_(tags), PatientTag.active
    )
    if every:
        holders = holders.group_by(PatientTag.patient_id).having(fn.COUNT(SQL("*")) == len(tags))
    return holders


FILTERS: dict[str, Filter] = {
    "q": _words(Call.position, CallSearch),
    "assistant_id": _equal("assistant_id"),
    "status": _equal("status"),
    "category": _equal("category"),
    "type": _equal("type"),
    "customer_number": _number("customer_number", Call.number_key),
    "patient_id": _equal("patient_id"),
    "sessions_scheduled_min": _sessions_scheduled_min,
    "tags": _tags(Call.patient_id),
    "started_gte": _started_gte,
    "started_lte": _started_lte,
}

PATIENT_FILTERS: dict[str, Filter] = {
    "q": _words(Patient.number, PatientSearch),
    "phone_number": _number("phone_number", Patient.number_key),
    "tags": _tags(Patient.id),
}
