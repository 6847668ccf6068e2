"""What is remembered of calls by period of time, until a call of that period changes."""

from collections.abc import Callable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from flask import Flask, current_app

from app.models.calls import FOREVER_MS, PERIOD_MS, period_changes, period_of
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
    remembered: Remembered,
    about: str,
    args: Args,
    look: Callable[[Part], Found],
    size: Callable[[Found], int],
) -> list[Found]:
    """Give what `look` finds in each period, oldest first, once only until the period changes.

    It is remembered by what it is about and by all filters of calls but the bounds of time.
    """
    filters = tuple(item for item in args.items() if item[0] in CALL_FILTERS.keys() - _BOUNDS)
    key = (about, filters, args["tag_filter_mode"], args.keys().isdisjoint(_BOUNDS))
    known: dict[int, Known[Found]] = remembered.get(key, _ANY_REVISION) or {}
    fresh: dict[int, Known[Found]] = {}
    found = []
    for part in _parts(*bounds(args)):
        if part.changed is None:
            found.append(look(part))
            continue
        one = known.get(part.period)
        if one is None or one.changed != part.changed:
            one = fresh[part.period] = Known(part.changed, look(part))
        found.append(one.found)
    if fresh:
        fresh = known | fresh
        remembered.put(key, _ANY_REVISION, fresh, sum(size(one.found) for one in fresh.values()))
    return found


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
