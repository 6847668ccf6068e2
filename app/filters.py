"""The filters of the lists: for each one table from query parameter to condition."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from peewee import SQL, Expression, Select, fn

from app import phones, search
from app.models.calls import SLOTS, Call, Cell, first_position
from app.models.patients import Patient, PatientSearch, PatientTag

Args = Mapping[str, Any]
Condition = Any


@dataclass(slots=True)
class Selection:
    """What the arguments of the call list ask for, by what SQLite can look it up in.

    `cells` are conditions on the cells of a call, `terms` and `values` the same in FTS5; `calls`
    are conditions that few calls meet; `bounds` give a condition on a column of positions;
    `holders` are the patients who bear the tags, `excluded` that their calls are not wanted.
    """

    cells: list[Condition] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    values: list[SQL] = field(default_factory=list)
    calls: list[Condition] = field(default_factory=list)
    bounds: list[Callable[[Any], Condition]] = field(default_factory=list)
    holders: Select | None = None
    excluded: bool = False
    searched: bool = False
    nothing: bool = False

    @property
    def is_everything(self) -> bool:
        return not (self.cells or self.calls or self.searched or self.holders is not None)


def select_calls(args: Args) -> Selection:
    """Fold the arguments of the call list into what they ask for."""
    selection = Selection()
    for name, narrow in FILTERS.items():
        if args.get(name) not in (None, ()):
            narrow(selection, args)
    return selection


def _facet(name: str) -> Callable[[Selection, Args], None]:
    def narrow(selection: Selection, args: Args) -> None:
        selection.cells.append(getattr(Cell, name) == args[name])
        selection.terms.append(search.facet_term(name, args[name]))

    return narrow


def _sessions_scheduled_min(selection: Selection, args: Args) -> None:
    least = args["sessions_scheduled_min"]
    selection.cells.append(fn.COALESCE(Cell.sessions_scheduled, 0) >= least)
    selection.values.append(search.sessions_term(least))


def _customer_number(selection: Selection, args: Args) -> None:
    selection.calls.append(Call.number_key == _number_key(args["customer_number"]))


def _number_key(text: str) -> str:
    return phones.query_key(text, current_app.config["CLINIC_REGION"])


def _patient_id(selection: Selection, args: Args) -> None:
    selection.calls.append(Call.patient_id == args["patient_id"])


def _started_gte(selection: Selection, args: Args) -> None:
    start = _position_of(args["started_gte"])
    _started(selection, lambda position: position >= start)


def _started_lte(selection: Selection, args: Args) -> None:
    end = _position_of(args["started_lte"] + 1)
    _started(selection, lambda position: position < end)


def _started(selection: Selection, bound: Callable[[Any], Condition]) -> None:
    selection.bounds.append(bound)
    if len(selection.bounds) == 1:
        selection.cells.append(Cell.started == 1)
        selection.terms.append(search.started_term())


def _position_of(instant_ms: int) -> Any:
    """Give the least position that a call of this instant or later can have."""
    first = first_position(instant_ms)
    if instant_ms % 1000 == 0:
        return first
    other = Call.alias()
    later = other.select(fn.MIN(other.position)).where(
        other.position >= first,
        other.position < first + SLOTS,
        fn.COALESCE(other.started_at, other.created_at) >= instant_ms,
    )
    return fn.COALESCE(later, first + SLOTS)


def _q(selection: Selection, args: Args) -> None:
    expression = search.match_expression(args["q"])
    selection.searched = True
    if expression is None:
        selection.nothing = True
    else:
        selection.terms.append(expression)


def _tags(selection: Selection, args: Args) -> None:
    mode = args["tag_filter_mode"]
    selection.holders = _patients_with(args["tags"], every=mode in ("all", "exclude_all"))
    selection.excluded = mode in ("exclude_any", "exclude_all")


def _patients_with(tags: tuple[str, ...], *, every: bool) -> Select:
    """Give the ids of the patients who bear any of the tags, or every one of them."""
    holders = PatientTag.select(PatientTag.patient_id).where(
        PatientTag.tag_id.in_(tags), PatientTag.active
    )
    if every:
        holders = holders.group_by(PatientTag.patient_id).having(fn.COUNT(SQL("*")) == len(tags))
    return holders


FILTERS: dict[str, Callable[[Selection, Args], None]] = {
    "q": _q,
    "assistant_id": _facet("assistant_id"),
    "status": _facet("status"),
    "category": _facet("category"),
    "type": _facet("type"),
    "customer_number": _customer_number,
    "patient_id": _patient_id,
    "sessions_scheduled_min": _sessions_scheduled_min,
    "tags": _tags,
    "started_gte": _started_gte,
    "started_lte": _started_lte,
}


def patients_where(args: Args) -> Condition:
    """Fold the arguments of the patient list into the one condition that its patients meet."""
    condition: Condition = Patient.deleted_at.is_null()
    for name, make in PATIENT_FILTERS.items():
        if args.get(name) not in (None, ()):
            condition &= make(args)
    return condition


def _patient_words(args: Args) -> Condition:
    expression = search.match_expression(args["q"])
    if expression is None:
        return SQL("0")
    found = PatientSearch.select(PatientSearch.rowid)
    return Patient.number.in_(found.where(search.matching(PatientSearch, expression)))


def _patient_tags(args: Args) -> Condition:
    mode = args["tag_filter_mode"]
    holders = _patients_with(args["tags"], every=mode in ("all", "exclude_all"))
    return Patient.id.in_(holders) if mode in ("any", "all") else Patient.id.not_in(holders)


PATIENT_FILTERS: dict[str, Callable[[Args], Expression]] = {
    "q": _patient_words,
    "phone_number": lambda args: Patient.number_key == _number_key(args["phone_number"]),
    "tags": _patient_tags,
}
