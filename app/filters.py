"""The filters of the lists: for each one table from query parameter to condition."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from flask import current_app
from peewee import SQL, Expression, Select, fn

from app import phones, search
from app.models.calls import SLOTS, Call, Cell, first_position
from app.models.patients import Patient, PatientSearch, PatientTag

Args = Mapping[str, Any]
Condition = Any


class Bound(NamedTuple):
    """One end of a time range: conditions on a column of positions, and the argument it is."""

    inside: Callable[[Any], Condition]
    outside: Callable[[Any], Condition]
    name: str

    def leaves_most(self, args: Args, middle: int) -> bool:
        """Tell whether what lies inside reaches beyond a position, and so is the larger part."""
        return (first_position(args[self.name]) < middle) == (self.name == "started_gte")


@dataclass(slots=True)
class Selection:
    """What the arguments of the call list ask for, by what SQLite can look it up in.

    `cells` are conditions on the cells of a call, `terms` and `values` the same in FTS5; `calls`
    are conditions that few calls meet; `bounds` are the ends of a time range;
    `holders` are the patients who bear the tags, `excluded` that their calls are not wanted.
    """

    cells: list[Condition] = field(default_factory=list)
    terms: list[Callable[[Args], str]] = field(default_factory=list)
    values: list[SQL] = field(default_factory=list)
    calls: list[Condition] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    holders: Select | None = None
    excluded: bool = False
    searched: bool = False
    nothing: bool = False

    @property
    def is_everything(self) -> bool:
        return not (self.cells or self.calls or self.searched or self.holders is not None)


class Shape(NamedTuple):
    """All that a statement depends on but the values in it: one is made for each shape."""

    names: tuple[str, ...]
    tag_count: int
    tag_filter_mode: str
    whole_gte: bool
    whole_lte: bool
    has_words: bool
    sort: str


def shape_of(args: Args) -> Shape:
    """Give the shape of the arguments of the call list."""
    names = tuple(name for name in FILTERS if args.get(name) not in (None, ()))
    return Shape(
        names,
        len(args["tags"]),
        args["tag_filter_mode"] if args["tags"] else "",
        args.get("started_gte", 0) % 1000 == 0,
        (args.get("started_lte", -1) + 1) % 1000 == 0,
        "q" in args and search.match_expression(args["q"]) is not None,
        args["sort"],
    )


def given(value: Callable[[Args], Any]) -> SQL:
    """Give a placeholder for a value that `bind` takes from the arguments of each request."""
    return SQL("?", (value,))


def bind(params: list[Any], args: Args) -> list[Any]:
    """Give the values of a statement's placeholders for some arguments."""
    return [param(args) if callable(param) else param for param in params]


def select_calls(shape: Shape) -> Selection:
    """Fold the filters of a shape into what they ask for."""
    selection = Selection()
    for name in shape.names:
        FILTERS[name](selection, shape)
    return selection


def _facet(name: str) -> Callable[[Selection, Shape], None]:
    def narrow(selection: Selection, shape: Shape) -> None:
        selection.cells.append(getattr(Cell, name) == given(lambda args: args[name]))
        selection.terms.append(lambda args: search.facet_term(name, args[name]))

    return narrow


def _sessions_scheduled_min(selection: Selection, shape: Shape) -> None:
    def least(args: Args) -> int:
        return int(args["sessions_scheduled_min"])

    selection.cells.append(fn.COALESCE(Cell.sessions_scheduled, 0) >= given(least))
    selection.values.append(search.sessions_term(least))


def _customer_number(selection: Selection, shape: Shape) -> None:
    key = given(lambda args: _number_key(args["customer_number"]))
    selection.calls.append(Call.number_key == key)


def _number_key(text: str) -> str:
    return phones.query_key(text, current_app.config["CLINIC_REGION"])


def _patient_id(selection: Selection, shape: Shape) -> None:
    selection.calls.append(Call.patient_id == given(lambda args: args["patient_id"]))


def _started_gte(selection: Selection, shape: Shape) -> None:
    start = _position_of(lambda args: int(args["started_gte"]), whole=shape.whole_gte)
    _started(selection, Bound(lambda at: at >= start, lambda at: at < start, "started_gte"))


def _started_lte(selection: Selection, shape: Shape) -> None:
    end = _position_of(lambda args: int(args["started_lte"]) + 1, whole=shape.whole_lte)
    _started(selection, Bound(lambda at: at < end, lambda at: at >= end, "started_lte"))


def _started(selection: Selection, bound: Bound) -> None:
    selection.bounds.append(bound)
    if len(selection.bounds) == 1:
        selection.cells.append(Cell.started == 1)
        selection.terms.append(lambda _: search.started_term())


def _position_of(instant_ms: Callable[[Args], int], *, whole: bool) -> Any:
    """Give the least position that a call of this instant or later can have."""
    first = given(lambda args: first_position(instant_ms(args)))
    if whole:
        return first
    end = given(lambda args: first_position(instant_ms(args)) + SLOTS)
    other = Call.alias()
    later = other.select(fn.MIN(other.position)).where(
        other.position >= first,
        other.position < end,
        fn.COALESCE(other.started_at, other.created_at) >= given(instant_ms),
    )
    return fn.COALESCE(later, end)


def _q(selection: Selection, shape: Shape) -> None:
    selection.searched = True
    selection.nothing = not shape.has_words
    selection.terms.append(lambda args: search.match_expression(args["q"]) or "")


def _tags(selection: Selection, shape: Shape) -> None:
    mode = shape.tag_filter_mode
    tags = [given(partial(_nth_tag, n)) for n in range(shape.tag_count)]
    selection.holders = _patients_with(tags, every=mode in ("all", "exclude_all"))
    selection.excluded = mode in ("exclude_any", "exclude_all")


def _nth_tag(n: int, args: Args) -> str:
    return str(args["tags"][n])


def _patients_with(tags: Sequence[Any], *, every: bool) -> Select:
    """Give the ids of the patients who bear any of the tags, or every one of them."""
    holders = PatientTag.select(PatientTag.patient_id).where(
        PatientTag.tag_id.in_(tags), PatientTag.active
    )
    if every:
        holders = holders.group_by(PatientTag.patient_id).having(fn.COUNT(SQL("*")) == len(tags))
    return holders


FILTERS: dict[str, Callable[[Selection, Shape], None]] = {
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
