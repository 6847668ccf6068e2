"""What the figures' page shows besides the sums: hours, kinds, waits, and what is out of hours."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.instants import parse_instant
from app.models.calls import touch_period
from app.models.engine import database
from app.reading import parse_query
from app.schemas.figures import CallStatsArgsSchema
from app.services.figures import Pictures, Waits, picture_calls
from tests.conftest import MakeCall

NEW_YORK = ZoneInfo("America/New_York")
Done = Callable[[int, int], None]


@pytest.fixture
def settings() -> dict[str, str]:
    return {"CLINIC_TIMEZONE": "America/New_York"}


@pytest.fixture
def done(make_call: MakeCall) -> Done:
    """Store a call that became done after so many minutes and attempts."""

    def store(minutes: int, attempts: int) -> None:
        at = parse_instant("2026-06-01T12:00:00Z")
        call_id = make_call(started_at=at, status="done")
        with database.write():
            values = (at + minutes * 60_000, attempts, call_id)
            database.raw().execute("UPDATE call SET done_at = ?, attempts = ? WHERE id = ?", values)
            touch_period(at)

    return store


def pictures(
    query: str = "", group_by: str | None = None, is_open: Callable[[int], bool] | None = None
) -> Pictures:
    return picture_calls(parse_query(CallStatsArgsSchema, query.encode()), group_by, is_open)


def opens_at_nine(instant_ms: int) -> bool:
    """Say that the clinic is open from Monday to Friday, 9:15 to 17:00."""
    at = datetime.fromtimestamp(instant_ms / 1000, UTC).astimezone(NEW_YORK)
    return at.weekday() < 5 and (9, 15) <= (at.hour, at.minute) < (17, 0)


@pytest.mark.parametrize(
    ("at", "weekday", "hour"),
    [
        ("2026-06-01T04:00:00Z", 0, 0),
        ("2026-06-08T03:59:59.999Z", 6, 23),
        ("2026-11-01T05:59:00Z", 6, 1),
        ("2026-11-01T06:00:00Z", 6, 1),
        ("1970-01-01T00:00:00Z", 2, 19),
    ],
)
def test_hours_are_those_of_the_clinic(
    make_call: MakeCall, at: str, weekday: int, hour: int
) -> None:
    make_call(started_at=parse_instant(at))
    hours = pictures().hours
    assert hours[weekday][hour] == 1
    assert sum(map(sum, hours)) == 1


@pytest.mark.parametrize(
    ("at", "out"),
    [
        ("2026-06-01T13:14:59Z", 1),
        ("2026-06-01T13:15:00Z", 0),
        ("2026-06-01T20:59:59Z", 0),
        ("2026-06-01T21:00:00Z", 1),
        ("2026-12-01T14:14:00Z", 1),
        ("2026-12-01T14:15:00Z", 0),
        ("2026-06-06T15:00:00Z", 1),
    ],
)
def test_out_of_hours_are_calls_while_it_is_not_open(
    make_call: MakeCall, at: str, out: int
) -> None:
    make_call(started_at=parse_instant(at))
    assert pictures(is_open=opens_at_nine).out_of_hours == out


def test_without_hours_nothing_is_said_of_them(make_call: MakeCall) -> None:
    make_call()
    assert pictures().out_of_hours is None


def test_kinds_are_categories_and_statuses(make_call: MakeCall) -> None:
    for category, status in (("billing", "done"), ("billing", "done"), (None, "pending")):
        make_call(category=category, status=status)
    assert pictures().kinds == {("billing", "done"): 2, (None, "pending"): 1}
    assert pictures("status=done").kinds == {("billing", "done"): 2}


def test_half_and_nine_in_ten_were_done_within_a_time(done: Done) -> None:
    for minutes in (1, 2, 3, 31, 119, 129, 250, 1439, 1441, 10_000):
        done(minutes, 0)
    waits = pictures().waits
    assert waits == Waits(calls=10, half=119, nine_in_ten=1440, attempts=[(0, 10)])


def test_one_call_is_half_and_nine_in_ten(done: Done) -> None:
    done(0, 12)
    assert pictures().waits == Waits(calls=1, half=0, nine_in_ten=0, attempts=[(9, 1)])


def test_attempts_are_counted_within_the_filters(done: Done, make_call: MakeCall) -> None:
    done(5, 0)
    done(9, 2)
    make_call()
    assert pictures("status=done").waits == Waits(2, 5, 9, [(0, 1), (2, 1)])
    assert pictures("status=pending").waits is None


@pytest.mark.parametrize(
    ("days", "unit"), [(92, "day"), (93, "week"), (730, "week"), (731, "month"), (9_000, None)]
)
def test_the_unit_of_the_picture_follows_from_the_time(
    make_call: MakeCall, days: int, unit: str | None
) -> None:
    first = parse_instant("2000-01-01T12:00:00Z")
    make_call(started_at=first)
    make_call(started_at=first + days * 86_400_000)
    shown = pictures()
    assert shown.unit == unit
    assert sum(group.sums.calls for group in shown.times) == (2 if unit else 0)


@pytest.mark.parametrize(
    ("group_by", "days", "unit"),
    [("month", 0, "month"), ("day", 736, "day"), ("day", 737, "month"), ("type", 0, "day")],
)
def test_a_grouping_by_time_is_the_unit_while_there_is_room(
    make_call: MakeCall, group_by: str, days: int, unit: str
) -> None:
    make_call(started_at=parse_instant("2026-06-01T12:00:00Z"))
    make_call(started_at=parse_instant("2026-06-01T12:00:00Z") + days * 86_400_000)
    assert pictures(group_by=group_by).unit == unit
