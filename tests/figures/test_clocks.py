"""Where a zone's clock is changed, and what calendars say beyond the years of datetime."""

from zoneinfo import ZoneInfo

import pytest

from app.instants import LATEST_MS, format_instant, parse_instant, split_day, steady_spans

CHANGES = {
    "an hour back": ("America/New_York", "2026-11-01T06:00:00Z", -240, -300),
    "half an hour on": ("Australia/Lord_Howe", "2026-10-03T15:30:00Z", 630, 660),
    "a minute after midnight": ("America/St_Johns", "2010-03-14T03:31:00Z", -210, -150),
    "at midnight in UTC, where days are cut": ("Asia/Tehran", "2022-09-21T19:30:00Z", 270, 210),
    "a day left out": ("Pacific/Apia", "2011-12-30T10:00:00Z", -600, 840),
    "45 minutes ahead": ("Asia/Kathmandu", "1985-12-31T18:30:00Z", 330, 345),
    "far ahead": ("America/New_York", "9999-11-07T06:00:00Z", -240, -300),
}


@pytest.mark.parametrize(("zone", "at", "before", "after"), CHANGES.values(), ids=CHANGES.keys())
def test_time_is_cut_where_the_clock_is_changed(
    zone: str, at: str, before: int, after: int
) -> None:
    change = parse_instant(at)
    begin, end = change - 5 * 86_400_000 - 1, change + 5 * 86_400_000
    first, second = steady_spans(begin, end, ZoneInfo(zone))
    assert (format_instant(first[1]), first[2] / 60_000, second[2] / 60_000) == (at, before, after)
    assert (first[0], second) == (begin, (change, end, second[2]))


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_change_at_an_edge_of_the_time_is_seen(days: int) -> None:
    change = parse_instant("2026-03-29T01:00:00Z")
    begin = change - change % 86_400_000 + days * 86_400_000
    spans = list(steady_spans(begin, change + 1, ZoneInfo("Europe/Berlin")))
    expected = [(begin, change, 3_600_000), (change, change + 1, 7_200_000)]
    assert spans == (expected if days < 1 else [])


def test_a_change_at_the_beginning_of_a_day_of_utc_is_seen() -> None:
    zone, change = ZoneInfo("Atlantic/Azores"), parse_instant("1977-09-25T01:00:00Z")
    spans = list(steady_spans(change, change + 86_400_000, zone))
    assert spans == [(change, change + 86_400_000, -3_600_000)]


def test_the_last_moment_of_all_is_in_the_year_after_in_the_east() -> None:
    (span,) = steady_spans(LATEST_MS, LATEST_MS + 1, ZoneInfo("Pacific/Kiritimati"))
    assert span == (LATEST_MS, LATEST_MS + 1, 14 * 3_600_000)
    assert split_day((LATEST_MS + span[2]) // 86_400_000) == (10_000, 1, 1)
