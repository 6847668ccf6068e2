"""Figures of calls: how many, how long, at what cost, group by group, of any filter."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, NamedTuple

from flask import Flask, current_app

from app.instants import split_day, steady_spans
from app.models.base import Row
from app.models.clock import clock
from app.models.engine import database
from app.models.figures import DONE, CallSums, read_rows
from app.problems import Problem
from app.remembered import Remembered
from app.services.filters import CALL_FILTERS, Args, conditions
from app.services.periods import Part, find_by_period

MAX_GROUPS = 3_700
MAX_REMEMBERED_BYTES = 16_000_000
# What is added up from days.
_SOURCES = dict.fromkeys(("day", "week", "month", "weekday"), "day")
_ON_THE_CLOCK = {"hour": range(24), "weekday": range(1, 8)}
# Days are counted from 1970, which began on a Thursday; weeks from the Monday before.
_THURSDAY = 3
# The quarters of an hour of a week, and the first of each of its days, from Monday on.
_QUARTERS = 7 * 96
_MONDAY_ON = [(day - _THURSDAY) % 7 * 96 for day in range(7)]
# How many days at most a picture shows in columns of a day, a week, a month.
# Of what somebody asks for there may be more.
_MOST_DAYS = {"day": 92, "week": 730, "month": 7_500}
_MORE_WANTED = 8

IsOpen = Callable[[int], bool]


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


class Waits(NamedTuple):
    """How long calls took until they were done here, in minutes, and after how many attempts.

    `half` of them took at most so long, and `nine_in_ten`. The last of `attempts` is 9 or more.
    """

    calls: int
    half: int
    nine_in_ten: int
    attempts: list[tuple[int, int]]


class Pictures(NamedTuple):
    """What a page shows: `hours` are calls by weekday and hour, `kinds` by category and status.

    `unit` is what `times` are, None where the calls lie too far apart; `groups` are no times.
    `out_of_hours` is None where nobody has said when the clinic is open, `waits` where no call
    became done.
    """

    totals: Sums
    groups: list[Group]
    unit: str | None
    times: list[Group]
    hours: list[list[int]]
    out_of_hours: int | None
    kinds: Counter[tuple[str | None, str]]
    waits: Waits | None


def init_app(app: Flask) -> None:
    """Remember sums by period."""
    for place in ("call_sums", "plain_call_sums"):
        app.extensions[place] = Remembered(MAX_REMEMBERED_BYTES)


def sum_calls(args: Args, group_by: str | None) -> tuple[list[Group], Sums]:
    """Give the groups of the calls that the arguments ask for, and the sums of them all.

    Raises Problem where there are too many groups.
    """
    with clock.running(), database.snapshot():
        found = _add_up(_rows(args, _SOURCES.get(group_by, group_by) if group_by else "all"))
    return _groups(found, group_by), _total(found.values())


def count_kinds(args: Args) -> Counter[tuple[str | None, str]]:
    """Count calls by category and status."""
    with clock.running(), database.snapshot():
        return _count(_rows(args, "category_status"))


def picture_calls(args: Args, group_by: str | None, is_open: IsOpen | None) -> Pictures:
    """Give what a page shows of the calls that the arguments ask for, all of one moment.

    Raises Problem where `group_by` gives too many groups.
    """
    with clock.running(), database.snapshot():
        days = found = _add_up(_rows(args, "day"))
        if group_by and group_by not in _SOURCES:
            found = _add_up(_rows(args, group_by))
        quarters = [0] * _QUARTERS
        for quarter, calls in _rows(args, "quarter"):
            quarters[quarter] += calls
        kinds = _count(_rows(args, "category_status"))
        waits = _waits(_rows(args, "wait"))
    unit = _unit(days, group_by)
    hours = [[sum(quarters[at : at + 4]) for at in range(day, day + 96, 4)] for day in _MONDAY_ON]
    return Pictures(
        _total(days.values()),
        [] if group_by in _CALENDAR else _groups(found, group_by),
        unit,
        _groups(days, unit),
        hours,
        _out_of_hours(quarters, is_open) if is_open else None,
        kinds,
        waits,
    )


def _groups(found: Mapping[Any, Sums], group_by: str | None) -> list[Group]:
    """Give the groups of what SQLite has added up, in their order."""
    if group_by is None:
        return []
    if group_by in _CALENDAR:
        return _groups_of_time(found, group_by)
    if group_by == "weekday":
        found = _add_up((weekday(day) + 1, *sums) for day, sums in found.items())
    if group_by in _ON_THE_CLOCK:
        return [Group(name, found.get(name, Sums())) for name in _ON_THE_CLOCK[group_by]]
    _check_number(len(found), group_by)
    # Most calls first, what has no value last.
    order = sorted(found.items(), key=lambda item: (item[0] is None, -item[1].calls, item[0] or ""))
    return [Group(name, sums) for name, sums in order]


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


def _unit(days: Mapping[int, Sums], wanted: str | None) -> str | None:
    """Give the unit, what is wanted or else longer, in which a picture has not too many columns."""
    span = max(days, default=0) - min(days, default=0)
    units = list(_MOST_DAYS)
    for unit in units[units.index(wanted) if wanted in units else 0 :]:
        if span <= _MOST_DAYS[unit] * (_MORE_WANTED if unit == wanted else 1):
            return unit
    return None


def _out_of_hours(quarters: list[int], is_open: IsOpen) -> int:
    """Count the calls in the quarters of an hour at whose beginning the clinic is not open."""
    # A Thursday of a week in which no zone has changed its clock.
    thursday = datetime(2024, 1, 4, tzinfo=current_app.config["CLINIC_TIMEZONE"])
    starts = (thursday + timedelta(minutes=15 * number) for number in range(_QUARTERS))
    return sum(
        calls
        for calls, at in zip(quarters, starts, strict=True)
        if not is_open(int(at.timestamp() * 1000))
    )


def _waits(rows: Iterable[tuple[Any, ...]]) -> Waits | None:
    found = _count(rows)
    calls = found.total()
    if not calls:
        return None
    attempts: Counter[int] = Counter()
    minutes: Counter[int] = Counter()
    for (attempt, wait), number in found.items():
        attempts[attempt] += number
        minutes[wait] += number
    half, nine_in_ten = (_within(minutes, calls * share) for share in (0.5, 0.9))
    return Waits(calls, half, nine_in_ten, sorted(attempts.items()))


def _within(minutes: Mapping[int, int], calls: float) -> int:
    """Give the time within which so many of the calls were done."""
    waits = sorted(minutes)
    reached = accumulate(minutes[wait] for wait in waits)
    return next(wait for wait, number in zip(waits, reached, strict=True) if number >= calls)


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


def _count(rows: Iterable[tuple[Any, ...]]) -> Counter[Any]:
    """Count the calls of rows by their keys, which are all but the last."""
    counter: Counter[Any] = Counter()
    for *key, calls in rows:
        counter[tuple(key)] += calls
    return counter


def _rows(args: Args, by: str) -> Iterable[tuple[Any, ...]]:
    """Give the rows that SQLite adds up, of every period: a key may be there several times."""
    if "q" in args and not args["q"]:
        return []
    zone = current_app.config["CLINIC_TIMEZONE"]
    more = DONE if by == "wait" else ()
    selection = CallSums((*conditions(CALL_FILTERS, args), *more))

    def look(part: Part) -> str:
        spans = steady_spans(part.begin, part.end, zone)
        return ",".join(filter(None, (selection.rows(by, *span) for span in spans)))

    return read_rows(by, find_by_period("call_sums", by, args, look, lambda text: len(text) + 150))
