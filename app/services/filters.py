"""The filters of the lists: for each one table from query parameter to condition."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import current_app
from peewee import SQL, Expression, Select, fn

from app import phones
from app import words as search
from app.models.calls import SLOTS, Call, Cell, first_position, period_of
from app.models.engine import connection
from app.models.patients import Patient, PatientSearch, PatientTag
from app.models.tags import tag_exists

Args = Mapping[str, Any]
Condition = Any


class Bound(NamedTuple):
    """One end of a time range: the condition on a column of positions, and where it cuts.

    `period` is what it leaves of a column of periods' numbers: that which it cuts, and all within.
    """

    inside: Callable[[Any], Condition]
    position: Callable[[Args], int]
    period: Callable[[Any], Condition]


@dataclass(slots=True)
class Selection:
    """What the arguments of the call list ask for, by what SQLite can look it up in.

    `cells` are conditions on the cells of a call, `terms` the same as words of its full-text
    index, where `q` and tags are looked up too: with one of them, `searched` is true. The calls
    that meet the term `excluded` are left out. `calls` are conditions that few calls meet;
    `bounds` are the ends of a time range.
    """

    cells: list[Condition] = field(default_factory=list)
    terms: list[Callable[[Args], str]] = field(default_factory=list)
    excluded: Callable[[Args], str] | None = None
    calls: list[Condition] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    searched: bool = False
    nothing: bool = False

    def expression(self, args: Args) -> str:
        """Give the FTS5 expression of what is asked for, IN_PERIOD."""
        wanted = " AND ".join(term(args) for term in self.terms) or search.EVERY_CALL
        return f"({wanted}) NOT {self.excluded(args)}" if self.excluded else wanted


class Shape(NamedTuple):
    """All that a statement depends on but the values in it: one is made for each shape."""

    names: tuple[str, ...]
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
    least = given(lambda args: args["sessions_scheduled_min"])
    selection.cells.append(fn.COALESCE(Cell.sessions_scheduled, 0) >= least)
    selection.terms.append(_sessions_term)


def _sessions_term(args: Args) -> str:
    """Give the FTS5 term of all numbers of sessions that are large enough and occur."""
    occurring = connection().execute(_SESSIONS, (args["sessions_scheduled_min"],))
    return _any([search.facet_term("sessions_scheduled", str(number)) for (number,) in occurring])


_SESSIONS = (
    "SELECT DISTINCT ifnull(sessions_scheduled, 0) FROM cell"
    " WHERE ifnull(sessions_scheduled, 0) >= ?"
)


def _any(terms: Sequence[str]) -> str:
    return f"({' OR '.join(terms)})" if terms else search.NO_CALL


def _customer_number(selection: Selection, shape: Shape) -> None:
    key = given(lambda args: _number_key(args["customer_number"]))
    selection.calls.append(Call.number_key == key)


def _number_key(text: str) -> str:
    return phones.query_key(text, current_app.config["CLINIC_REGION"])


def _patient_id(selection: Selection, shape: Shape) -> None:
    selection.calls.append(Call.patient_id == given(lambda args: args["patient_id"]))


def _started_gte(selection: Selection, shape: Shape) -> None:
    def instant_ms(args: Args) -> int:
        return int(args["started_gte"])

    start = _position_of(instant_ms, whole=shape.whole_gte)
    cut = _first_position(instant_ms)
    first = given(lambda args: period_of(cut(args)))
    _started(selection, Bound(lambda at: at >= start, cut, lambda number: number >= first))


def _started_lte(selection: Selection, shape: Shape) -> None:
    def instant_ms(args: Args) -> int:
        return int(args["started_lte"]) + 1

    end = _position_of(instant_ms, whole=shape.whole_lte)
    cut = _first_position(instant_ms)
    last = given(lambda args: period_of(cut(args)))
    _started(selection, Bound(lambda at: at < end, cut, lambda number: number <= last))


def _started(selection: Selection, bound: Bound) -> None:
    selection.bounds.append(bound)
    if len(selection.bounds) == 1:
        selection.cells.append(Cell.started == 1)
        selection.terms.append(lambda _: search.started_term())


def _first_position(instant_ms: Callable[[Args], int]) -> Callable[[Args], int]:
    return lambda args: first_position(instant_ms(args))


def _position_of(instant_ms: Callable[[Args], int], *, whole: bool) -> Any:
    """Give the least position that a call of this instant or later can have."""
    first = given(_first_position(instant_ms))
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
    selection.terms.append(lambda args: search.match_expression(args["q"], search.IN_PERIOD) or "")


def _tags(selection: Selection, shape: Shape) -> None:
    selection.searched = True
    mode = shape.tag_filter_mode
    term = _every_tag if mode in ("all", "exclude_all") else _any_tag
    if mode in ("exclude_any", "exclude_all"):
        selection.excluded = term
    else:
        selection.terms.append(term)


def _any_tag(args: Args) -> str:
    return _any(_tag_terms(args))


def _every_tag(args: Args) -> str:
    terms = _tag_terms(args)
    return f"({' AND '.join(terms)})" if len(terms) == len(args["tags"]) else search.NO_CALL


def _tag_terms(args: Args) -> list[str]:
    """Give the FTS5 terms of those tags that exist."""
    return [search.facet_term("tags", tag_id) for tag_id in args["tags"] if tag_exists(tag_id)]


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


def _patients_with(tags: Sequence[str], *, every: bool) -> Select:
    """Give the ids of the patients who bear any of the tags, or every one of them."""
    holders = PatientTag.select(PatientTag.patient_id).where(
        PatientTag.tag_id.in_(tags), PatientTag.active
    )
    if every:
        holders = holders.group_by(PatientTag.patient_id).having(fn.COUNT(SQL("*")) == len(tags))
    return holders


PATIENT_FILTERS: dict[str, Callable[[Args], Expression]] = {
    "q": _patient_words,
    "phone_number": lambda args: Patient.number_key == _number_key(args["phone_number"]),
    "tags": _patient_tags,
}
