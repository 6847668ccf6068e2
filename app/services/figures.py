"""Figures of calls: how many, how long, at what cost, group by group, of any filter."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from flask import Flask, current_app

from app.instants import split_day, steady_spans
from app.models.base import Row
from app.models.engine import database
from app.models.figures import DONE, CallSums, read_rows
from app.problems import Problem
from app.remembered import Remembered
from app.services.filters import CALL_FILTERS, Args, conditions
from app.services.periods import Part, find_by_period

MAX_GROUPS = 3_700
MAX_REMEMBERED_BYTES = 16_000_000
_OF_TIME = ("day", "week", "month")
_ON_THE_CLOCK = {"hour": range(24), "weekday": range(1, 8)}
# Days are counted from 1970, which began on a Thursday; weeks from the Monday before.
_THURSDAY = 3


class Sums(NamedTuple):
    """What some calls add up to, in whole numbers."""

    calls: int = 0
    minute_hundredths: int = 0
    dollar_millionths: int = 0
    sessions: int = 0

    def row(self) -> Row:
        """Give them as they are shown: minutes with two decimals, dollars with four."""
        return {
            "calls": self.calls,
            "minutes": self.minute_hundredths / 100,
            "cost_usd": (self.dollar_millionths + 50) // 100 / 10_000,
            "sessions_scheduled": self.sessions,
        }


class Group(NamedTuple):
    """Some of the calls: a date, an hour, a value of theirs, or None where they have none."""

    name: str | int | None
    sums: Sums


def init_app(app: Flask) -> None:
    """Remember sums by period."""
    app.extensions["call_sums"] = Remembered(MAX_REMEMBERED_BYTES)


def sum_calls(args: Args, group_by: str | None) -> tuple[list[Group], Sums]:
    """Give the groups of the calls that the arguments ask for, and the sums of them all.

    Raises Problem where there are too many groups.
    """
    by = {None: "all", "week": "day", "month": "day", "weekday": "day"}.get(group_by, group_by)
    with database.snapshot():
        found = _add_up(_rows(args, str(by)))
    totals = _total(found.values())
    if group_by is None:
        return [], totals
    if group_by in _OF_TIME:
        return _groups_of_time(found, group_by), totals
    if group_by in _ON_THE_CLOCK:
        if group_by == "weekday":
            found = _add_up((weekday(day) + 1, *sums) for day, sums in found.items())
        names = _ON_THE_CLOCK[group_by]
        return [Group(name, found.get(name, Sums())) for name in names], totals
    _check_number(len(found), group_by)
    # Most calls first, what has no value last.
    order = sorted(found.items(), key=lambda item: (item[0] is None, -item[1].calls, item[0] or ""))
    return [Group(name, sums) for name, sums in order], totals


def weekday(day: int) -> int:
    """Give the weekday, 0 on Monday, of a day counted from 1970."""
    return (day + _THURSDAY) % 7


def _groups_of_time(days: Mapping[int, Sums], group_by: str) -> list[Group]:
    """Give the days, weeks or months from the first to the last that has calls."""
    number, name = _CALENDAR[group_by]
    found = _add_up((number(day), *sums) for day, sums in days.items())
    if not found:
        return []
    first, last = min(found), max(found)
    _check_number(last - first + 1, group_by)
    return [Group(name(at), found.get(at, Sums())) for at in range(first, last + 1)]


def _date(day: int) -> str:
    return "{:04d}-{:02d}-{:02d}".format(*split_day(day))


def _month_number(day: int) -> int:
    year, month, _ = split_day(day)
    return year * 12 + month - 1


# What is counted up without a gap, and how each is called.
_CALENDAR: dict[str, tuple[Callable[[int], int], Callable[[int], str]]] = {
    "day": (lambda day: day, _date),
    "week": (lambda day: (day + _THURSDAY) // 7, lambda week: _date(week * 7 - _THURSDAY)),
    "month": (_month_number, lambda month: f"{month // 12:04d}-{month % 12 + 1:02d}"),
}


def _check_number(groups: int, group_by: str) -> None:
    if groups > MAX_GROUPS:
        message = (
            f"group_by would give {groups} groups, more than {MAX_GROUPS}:"
            " ask for a shorter time, or for fewer groups than by {group_by}."
        )
        raise Problem("invalid_field", message.format(group_by=group_by), "group_by")


def _add_up(rows: Iterable[Iterable[Any]]) -> dict[Any, Sums]:
    """Add up rows, a key and its sums each, that have the same key."""
    found: dict[Any, list[int]] = {}
    for key, *sums in rows:
        known = found.setdefault(key, sums)
        if known is not sums:
            # One by one: of so many rows, anything else would take most of the time.
            known[0] += sums[0]
            known[1] += sums[1]
            known[2] += sums[2]
            known[3] += sums[3]
    return {key: Sums(*sums) for key, sums in found.items()}


def _total(sums: Iterable[Sums]) -> Sums:
    return Sums(*map(sum, zip(*sums, strict=True)))


def _count(rows: Iterable[list[Any]]) -> Counter[Any]:
    """Count the calls of rows by their keys, which are all but the last."""
    counter: Counter[Any] = Counter()
    for *key, calls in rows:
        counter[tuple(key)] += calls
    return counter


def _rows(args: Args, by: str) -> list[list[Any]]:
    """Give the rows that SQLite adds up, of every period: a key may be there several times."""
    if "q" in args and not args["q"]:
        return []
    zone = current_app.config["CLINIC_TIMEZONE"]
    more = DONE if by == "wait" else ()
    selection = CallSums((*conditions(CALL_FILTERS, args), *more))

    def look(part: Part) -> str:
        spans = steady_spans(part.begin, part.end, zone)
        return ",".join(filter(None, (selection.rows(by, *span) for span in spans)))

    remembered: Remembered = current_app.extensions["call_sums"]
    return read_rows(by, find_by_period(remembered, by, args, look, lambda text: len(text) + 150))
