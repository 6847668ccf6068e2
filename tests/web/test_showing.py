"""How values are shown: instants, lengths, numbers, ends of calls, talks."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.schemas.calls import CATEGORIES, OUTCOMES, STATUSES
from app.web import showing
from tests.support.clock import Clock

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> dict[str, str]:
    region = getattr(request, "param", "US")
    return {"CLINIC_TIMEZONE": "America/New_York", "CLINIC_REGION": region}


@pytest.fixture(autouse=True)
def clock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It is Friday noon."""
    clock = Clock()
    clock.now = ms(2026, 11, 20, 12) / 1000
    monkeypatch.setattr("app.instants.time", clock)
    return clock


def ms(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=NEW_YORK).timestamp() * 1000)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((2026, 11, 20, 9, 37), "today 9:37 am"),
        ((2026, 11, 20, 0, 5), "today 12:05 am"),
        ((2026, 11, 19, 12, 0), "yesterday 12:00 pm"),
        ((2026, 11, 21, 9), "tomorrow 9:00 am"),
        ((2026, 11, 23, 9), "Mon 9:00 am"),
        ((2026, 11, 3, 16, 5), "Nov 3 4:05 pm"),
        ((2025, 11, 3, 16, 5), "Nov 3, 2025 4:05 pm"),
    ],
)
def test_a_moment(parts: tuple[int, ...], words: str) -> None:
    assert showing.moment(ms(*parts)) == words


@pytest.mark.parametrize("settings", ["DE"], indirect=True)
def test_the_clock_is_that_of_the_country() -> None:
    assert showing.moment(ms(2026, 11, 20, 16, 5)) == "today 16:05"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-5, "just now"),
        (0, "just now"),
        (1, "1 min"),
        (59, "59 min"),
        (60, "1 hour"),
        (47 * 60, "47 hours"),
        (48 * 60, "2 days"),
        (59 * 24 * 60, "59 days"),
        (60 * 24 * 60, "2 months"),
    ],
)
def test_how_long_ago(minutes: int, words: str) -> None:
    assert showing.since(ms(2026, 11, 20, 12) - minutes * 60_000) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (None, ""),
        (0, "0 s"),
        (0.5, "30 s"),
        (2, "2 min"),
        (2.78, "2 min 47 s"),
        (61.4, "1 h 1 min"),
    ],
)
def test_a_length(minutes: float | None, words: str) -> None:
    assert showing.lasted(minutes) == words


def test_places_in_a_row() -> None:
    shown = [showing.nth(place) for place in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)]
    expected = ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th"]
    assert shown == expected


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+12125550123", "(212) 555-0123"),
        ("+4930123456", "+49 30 123456"),
        ("anonymous", "anonymous"),
        ("sip:ana@example", "sip:ana@example"),
        (None, ""),
    ],
)
def test_a_number(number: str | None, shown: str) -> None:
    assert showing.number(number) == shown


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("customer-ended-call", "by the caller"),
        ("user_hangup", "by the caller"),
        ("agent_hangup", "by the assistant"),
        ("assistant-forwarded-call", "put through to a person"),
        ("silence-timed-out", "after silence"),
        ("voicemail_reached", "at a voicemail"),
        ("customer-did-not-answer", "nobody answered"),
        ("customer-busy", "the line was busy"),
        ("some.other_End", "some other End"),
        (None, ""),
    ],
)
def test_how_a_call_ended(reason: str | None, words: str) -> None:
    assert showing.ended(reason) == words


@pytest.mark.parametrize(
    ("transcript", "turns"),
    [
        ("AI: Hi.\nUser: Yes?\n", [("Assistant", "Hi."), ("Caller", "Yes?")]),
        ("Agent: Hi.\nUser: Yes?", [("Assistant", "Hi."), ("Caller", "Yes?")]),
        ("assistant: Hi.\n\n user: Yes?", [("Assistant", "Hi."), ("Caller", "Yes?")]),
        ("AI: One\ntwo.\nUser: Yes.", [("Assistant", "One two."), ("Caller", "Yes.")]),
        ("She said: nothing.", [("", "She said: nothing.")]),
        ("One.\nNote: two.", [("", "One. Note: two.")]),
        ("", []),
    ],
)
def test_the_turns_of_a_talk(transcript: str, turns: list[tuple[str, str]]) -> None:
    assert showing.turns(transcript) == turns


def test_every_value_that_a_filter_can_have_has_words() -> None:
    assert set(showing.STATUS_WORDS) == set(STATUSES)
    assert set(showing.OUTCOME_WORDS) == set(OUTCOMES)
    assert not [name for name in CATEGORIES if re.search("_", showing.about(name))]
