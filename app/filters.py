"""The filters of the call list: one table from query parameter to condition."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app
from peewee import SQL, Expression, Select, fn

from app import phones, search
from app.instants import LATEST_MS
from app.models.calls import Call, CallSearch, first_position
from app.models.patients import Patient, PatientTag

Args = Mapping[str, Any]
Condition = Any


def where(args: Args) -> Condition:
    """Fold the arguments of a list into the one condition that its calls meet."""
    condition: Condition = Call.active == 1
    for name, make in FILTERS.items():
        if args.get(name) not in (None, ()):
            condition &= make(args)
    return condition


def _equal(name: str) -> Callable[[Args], Condition]:
    return lambda args: getattr(Call, name) == args[name]


def _customer_number(args: Args) -> Condition:
    key = phones.query_key(args["customer_number"], current_app.config["CLINIC_REGION"])
    return Call.number_key == key


def _sessions_scheduled_min(args: Args) -> Condition:
    return fn.COALESCE(Call.sessions_scheduled, 0) >= args["sessions_scheduled_min"]


def _started_gte(args: Args) -> Condition:
    start = min(max(args["started_gte"], 0), LATEST_MS)
    return (Call.position >= first_position(start)) & (Call.started_at >= args["started_gte"])


def _started_lte(args: Args) -> Condition:
    end = min(max(args["started_lte"], 0), LATEST_MS)
    return (Call.position < first_position(end + 1000)) & (Call.started_at <= args["started_lte"])


def _q(args: Args) -> Condition:
    if search.match_expression(args["q"]) is None:
        return SQL("0")
    found = CallSearch.select(CallSearch.rowid).where(search.matching(CallSearch, args["q"]))
    return Call.position.in_(found)


def _tags(args: Args) -> Condition:
    """Compare the tags of the call's patient with those asked for, by tag_filter_mode."""
    tags, mode = args["tags"], args["tag_filter_mode"]
    holders = _patients_with(tags, every=mode in ("all", "exclude_all"))
    if mode in ("any", "all"):
        return Call.patient_id.in_(holders)
    return Call.patient_id.is_null() | Call.patient_id.not_in(holders)


def _patients_with(tags: tuple[str, ...], *, every: bool) -> Select:
    """Give the ids of the patients who bear any of the tags, or every one of them."""
    holders = (
        PatientTag.select(PatientTag.patient_id)
        .join(Patient, on=(Patient.id == PatientTag.patient_id))
        .where(PatientTag.tag_id.in_(tags), Patient.deleted_at.is_null())
    )
    if every:
        holders = holders.group_by(PatientTag.patient_id).having(fn.COUNT(SQL("*")) == len(tags))
    return holders


FILTERS: dict[str, Callable[[Args], Expression]] = {
    "q": _q,
    "assistant_id": _equal("assistant_id"),
    "status": _equal("status"),
    "category": _equal("category"),
    "type": _equal("type"),
    "customer_number": _customer_number,
    "patient_id": _equal("patient_id"),
    "sessions_scheduled_min": _sessions_scheduled_min,
    "tags": _tags,
    "started_gte": _started_gte,
    "started_lte": _started_lte,
}
