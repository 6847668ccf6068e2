"""When the clinic is open, in its own time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.hours import Hours, parse_hours

NEW_YORK = ZoneInfo("America/New_York")
HOURS = Hours(parse_hours("Mon-Fri 14:00-18:00, Sat 09:00-13:00, Mon-Fri 08:00-12:00"), NEW_YORK)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23T08:00", True),
        ("2026-11-23T07:59", False),
        ("2026-11-23T11:59", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T14:00", True),
        ("2026-11-23T18:00", False),
        ("2026-11-28T09:30", True),
        ("2026-11-29T09:30", False),
        ("2026-07-06T08:00", True),
    ],
)
def test_open_from_the_opening_to_the_closing(at: str, is_open: bool) -> None:
    instant_ms = int(datetime.fromisoformat(at).replace(tzinfo=NEW_YORK).timestamp() * 1000)
    assert HOURS.is_open(instant_ms) is is_open


def test_days_go_around_the_week() -> None:
    week = parse_hours("Sat-Mon 00:00-24:00")
    assert week == ((0, 0, 1440), (5, 0, 1440), (6, 0, 1440))


def test_without_hours_nothing_is_out_of_hours() -> None:
    hours = Hours((), NEW_YORK)
    assert hours.is_open(0)
    assert hours.opening_of(date(2026, 11, 23)) is None
    assert hours.next_opening(date(2026, 11, 23)) is None


def test_a_day_opens_with_its_first_hours() -> None:
    opening = datetime(2026, 11, 23, 8, tzinfo=NEW_YORK)
    assert HOURS.opening_of(date(2026, 11, 23)) == opening
    assert HOURS.opening_of(date(2026, 11, 29)) is None
    assert HOURS.next_opening(date(2026, 11, 29)) == datetime(2026, 11, 30, 8, tzinfo=NEW_YORK)
