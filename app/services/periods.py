"""What is remembered of calls by period of time, until a call of that period changes."""

from collections.abc import Callable, Hashable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from flask import Flask, current_app

from app.models.calls import FOREVER_MS, PERIOD_MS, period_changes, period_of
from app.models.clock import clock
from app.models.engine import revision
from app.remembered import Remembered
from app.services.filters import CALL_FILTERS, Args

Found = TypeVar("Found")

MAX_REMEMBERED_BYTES = 8_000_000
# Remembered whatever the revision: each value holds that of its own period.
_ANY_REVISION = 0
_BOUNDS = ("started_gte", "started_lte")


class Known(NamedTuple, Generic[Found]):
    """What was found in a period, and the revision that last changed it then."""

    changed: int
    found: Found


class Part(NamedTuple):
    """The part of a period that is asked for; `changed` is None where that is not all of it."""

    period: int
    begin: int
    end: int
    changed: int | None


def init_app(app: Flask) -> None:
    """Remember the periods as of the last revision."""
    app.extensions["call_periods"] = Remembered(MAX_REMEMBERED_BYTES)


def bounds(args: Args) -> tuple[int, int]:
    """Give the first instant that the arguments ask for, and the first after them."""
    return args.get("started_gte", 0), args.get("started_lte", FOREVER_MS - 1) + 1


def find_by_period(
    place: str,
    about: str,
    args: Args,
    look: Callable[[Part], Found],
    size: Callable[[Found], int],
    *,
    is_quick_of_all: bool = False,
) -> list[Found]:
    """Give what `look` finds in each period, oldest first, once only until the period changes.

    It is remembered, in the place of the application's that is named, by what it is about and by
    all filters of calls but the bounds of time; what is found of all calls in `plain_{place}`. What
    was never found takes long, but where it is quick of all calls.
    """
    names = CALL_FILTERS.keys() - _BOUNDS
    filters = tuple(
        (name, value) for name, value in args.items() if name in names and value not in (None, ())
    )
    remembered: Remembered = current_app.extensions[place if filters else f"plain_{place}"]
    key = (about, filters, args["tag_filter_mode"], args.keys().isdisjoint(_BOUNDS))
    if is_quick_of_all and not filters:
        with clock.stopped():
            return _find_all(remembered, key, bounds(args), look, size)
    if remembered.get(key, _ANY_REVISION) is None:
        clock.begin_long_work()
    return _find_all(remembered, key, bounds(args), look, size)


def _find_all(
    remembered: Remembered,
    key: Hashable,
    bounds: tuple[int, int],
    look: Callable[[Part], Found],
    size: Callable[[Found], int],
) -> list[Found]:
    begin, end = bounds
    # The same periods are looked at in one thread at a time; the others then find them known.
    with remembered.making((key, period_of(begin), period_of(end - 1)), clock.wait_s()):
        before: dict[int, Known[Found]] | None = remembered.get(key, _ANY_REVISION)
        known = dict(before or {})
        try:
            return [_find(part, look, known) for part in _parts(begin, end)]
        finally:
            # Given up, it goes on from here when it is asked for again.
            if known != before:
                used = sum(size(one.found) for one in known.values())
                remembered.put(key, _ANY_REVISION, known, used)


def _find(part: Part, look: Callable[[Part], Found], known: dict[int, Known[Found]]) -> Found:
    """Give what is found in a part; `known` takes what was not known or has changed."""
    if part.changed is None:
        return look(part)
    one = known.get(part.period)
    if one is None or one.changed != part.changed:
        one = known[part.period] = Known(part.changed, look(part))
    return one.found


def _parts(begin: int, end: int) -> Iterator[Part]:
    """Give the parts of the periods that hold calls between two instants, oldest first."""
    first, last = period_of(begin), period_of(end - 1)
    for period, changed in _periods().items():
        if first <= period <= last:
            low, high = period * PERIOD_MS, (period + 1) * PERIOD_MS
            is_whole = begin <= low and high <= end
            yield Part(period, max(low, begin), min(high, end), changed if is_whole else None)


def _periods() -> dict[int, int]:
    """Give the periods that hold calls, in order, each with the revision of its last change."""
    remembered: Remembered = current_app.extensions["call_periods"]
    number = revision()
    found: Any = remembered.get("all", number)
    if found is None:
        found = period_changes()
        remembered.put("all", number, found, 150 * len(found))
    return found
