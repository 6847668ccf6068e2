"""What became of a call, in words: every action, by every sort of actor."""

from typing import Any

import pytest
from flask import Flask, g

from app.web.history import actor, told, what

AT = 1_700_000_000_000


@pytest.fixture
def settings() -> dict[str, str]:
    return {"CLINIC_TIMEZONE": "America/New_York"}


@pytest.fixture(autouse=True)
def me(app: Flask) -> None:
    """Sam looks at it."""
    g.person = type("Person", (), {"name": "Sam Ortiz"})


def entry(action: str = "changed", who: str = "Ana Lima", **values: Any) -> dict[str, Any]:
    about = {"at": AT, "who": who, "action": action, "outcome": None, "note": None}
    return about | {"changes": values.pop("changes", {})} | values


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("Sam Ortiz", "You"),
        ("Ana Lima", "Ana Lima"),
        ("provider:vapi", "Vapi"),
        ("provider:elevenlabs", "ElevenLabs"),
        ("key:sync", "The program sync"),
        ("key:a:b", "The program a:b"),
        ("command", "A command"),
    ],
)
def test_who_acted(who: str, words: str) -> None:
    assert actor(who) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": ["pending", "done"]}, "set it done"),
        ({"status": ["pending", "follow_up_needed"]}, "flagged it"),
        ({"status": ["follow_up_needed", "pending"]}, "unflagged it"),
        ({"status": ["done", "pending"]}, "opened it again"),
        ({"assignee": [None, "Ana Lima"]}, "took it"),
        ({"assignee": ["Ben", "Kim Lee"]}, "gave it to Kim Lee"),
        ({"assignee": ["Ben", None]}, "released it"),
        ({"category": [None, "new_appointment"]}, "said what it was about: new appointment"),
        ({"category": ["billing", None]}, "took away the kind"),
        ({"patient_id": ["x", None]}, "said that nobody is known"),
        ({"patient_id": [None, "x"]}, "said who called: a patient"),
        ({"due_at": ["2023-11-15T14:00:00Z", None]}, "took the time away"),
        (
            {"due_at": [None, "2023-11-15T14:00:00.000Z"]},
            "put it off until Nov 15, 2023 9:00 am",
        ),
        ({"notes": [None, 300], "cost_usd": [1, 2]}, "changed notes, cost"),
        (
            {"status": ["pending", "done"], "sessions_scheduled": [None, 2]},
            "set it done, changed sessions booked",
        ),
    ],
)
def test_a_change(changes: dict[str, Any], words: str) -> None:
    assert what(entry(changes=changes)) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": ["done", "pending"]}, "took back: set it done"),
        ({"assignee": ["Ana Lima", None]}, "took back: took it"),
        (
            {"attempts": [1, 0], "due_at": ["2023-11-15T14:00:00.000Z", None]},
            "took back: an attempt, put it off until Nov 15, 2023 9:00 am",
        ),
        ({"notes": ["a", None]}, "took back: changed notes"),
        ({}, "took back: deleted it"),
    ],
)
def test_what_was_taken_back_is_told_as_it_was(changes: dict[str, Any], words: str) -> None:
    assert what(entry("undone", changes=changes)) == words


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("no_answer", "tried, nobody answered"),
        ("left_message", "left a message"),
        ("reached", "reached the caller"),
    ],
)
def test_an_attempt(outcome: str, words: str) -> None:
    assert what(entry("attempted", outcome=outcome)) == words


def test_an_attempt_says_when_it_is_tried_again() -> None:
    changes = {"attempts": [0, 1], "due_at": [None, "2023-11-15T14:00:00.000Z"]}
    found = what(entry("attempted", outcome="no_answer", changes=changes))
    assert found == "tried, nobody answered, again Nov 15, 2023 9:00 am"


@pytest.mark.parametrize(
    ("action", "who", "words"),
    [
        ("created", "provider:retell", "brought it"),
        ("created", "key:sync", "brought it"),
        ("created", "Sam Ortiz", "wrote it down"),
        ("deleted", "key:sync", "deleted it"),
        ("undeleted", "command", "brought it back"),
        ("expired", "command", "let it expire"),
    ],
)
def test_other_actions(action: str, who: str, words: str) -> None:
    assert what(entry(action, who)) == words


def test_several_are_told_the_latest_last() -> None:
    entries = [
        entry(changes={"status": ["pending", "done"]}),
        entry(changes={"assignee": [None, "Ana Lima"]}),
    ]
    words = "Ana Lima took it Nov 14, 2023 5:13 pm. Ana Lima set it done Nov 14, 2023 5:13 pm."
    assert told(entries) == words
