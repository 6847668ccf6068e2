"""When the telephone rings: how many calls each day has, and at what times."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.demo.chance import Draw

WEEKDAY_WEIGHTS = (1.45, 1.12, 1.06, 1.05, 0.95, 0.4, 0.16)
HOLIDAYS = {(1, 1), (7, 4), (12, 25)}
# Calls by the hour: the assistant answers all night, the callers have lunch at noon.
WORKDAY = (1, 1, 1, 1, 1, 1, 3, 10, 30, 36, 36, 28, 11, 18, 30, 30, 26, 16, 7, 7, 3, 3, 1, 1)
WEEKEND = (1, 1, 1, 1, 1, 1, 2, 4, 10, 14, 14, 12, 9, 7, 6, 6, 5, 4, 4, 3, 3, 2, 1, 1)
# By the hour; on Sundays the clinic stays closed.
OPENS, CLOSES = 8, (18, 18, 18, 18, 18, 13, 8)
QUARTER_S = 900
LONGEST_CALL_S = 1800


@dataclass(frozen=True, slots=True)
class Day:
    """One day of calls; `age` counts the days from it to today."""

    date: date
    age: int
    opens_ms: int
    closes_ms: int
    instants_ms: list[int]


def quarters(hourly: tuple[int, ...]) -> list[int]:
    """The quarter-hours of a day in order, each as often as calls fall into it."""
    return [at for at in range(96) for _ in range(hourly[at // 4])]


WORKDAY_QUARTERS, WEEKEND_QUARTERS = quarters(WORKDAY), quarters(WEEKEND)


def quarters_of(day: date, until: time | None) -> list[int]:
    all_day = WORKDAY_QUARTERS if day.weekday() < 5 else WEEKEND_QUARTERS
    if until is None:
        return all_day
    # The last call has ended by then.
    over_s = until.hour * 3600 + until.minute * 60 - LONGEST_CALL_S
    return all_day[: bisect_right(all_day, over_s // QUARTER_S - 1)]


def weight_of(day: date, until: time | None, draw: Draw) -> float:
    weight = WEEKDAY_WEIGHTS[day.weekday()] * (0.88 + 0.24 * draw())
    if (day.month, day.day) in HOLIDAYS:
        weight *= 0.15
    return weight * len(quarters_of(day, until)) / len(quarters_of(day, None))


def plan_days(
    calls: int, days: int, today: date, until: time | None, zone: ZoneInfo, draw: Draw
) -> Iterator[Day]:
    """The days before today, then today itself up to `until`, with exactly `calls` instants."""
    ages = range(days, -1 if until else 0, -1)
    ends = {0: until}
    weights = [weight_of(today - timedelta(days=age), ends.get(age), draw) for age in ages]
    scale, share, done = calls / sum(weights), 0.0, 0
    for age, weight in zip(ages, weights, strict=True):
        share += weight
        due = round(scale * share)
        yield plan_day(today - timedelta(days=age), age, due - done, ends.get(age), zone, draw)
        done = due


def plan_day(
    day: date, age: int, count: int, until: time | None, zone: ZoneInfo, draw: Draw
) -> Day:
    # Hour by hour, because on two days a year the clock jumps.
    hours_s = [int(datetime.combine(day, time(hour), zone).timestamp()) for hour in range(24)]
    starts_s = [hours_s[at // 4] + at % 4 * QUARTER_S for at in range(96)]
    options = quarters_of(day, until)
    size = len(options)
    instants = [
        (starts_s[options[int(draw() * size)]] + int(draw() * QUARTER_S)) * 1000
        for _ in range(count)
    ]
    instants.sort()
    closes = CLOSES[day.weekday()]
    return Day(day, age, hours_s[OPENS] * 1000, hours_s[closes] * 1000, instants)
