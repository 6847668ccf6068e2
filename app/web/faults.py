"""Why something was not done, in the words of the page; and what was typed, to be shown again."""

from typing import Any

from app.models.base import Row
from app.problems import Problem
from app.services.history import History
from app.web.forms import same_lines
from app.web.history import told
from app.web.showing import STATUS_WORDS, about, number

_DAY = "must be a day such as 2026-11-03"
_BOOKED = "Sessions booked must be a whole number."
# field → what is wrong with it, where its name and the API's words would not do
_WORDS = {
    "started_gte": f"From {_DAY}.",
    "started_lte": f"To {_DAY}.",
    "started_at": "When it was must be a date and a time.",
    "sessions_scheduled": _BOOKED,
    "sessions_scheduled_min": _BOOKED,
    "duration_min": "Minutes must be a number, from 0 up.",
    "date_of_birth": "The date of birth must be a day of the calendar, and not in the future.",
    "email": "The e-mail address is not written as one.",
    "due_at": "Choose a time that is still to come.",
    "assignee": "That person no longer signs in here. Give the call to somebody else.",
    "category": "Choose what it was about from the list.",
    "status": "Choose a status from the list.",
    "tag_filter_mode": "Choose how tags count from the list.",
    "group_by": "Choose what to count by from the list.",
    "sort": "Choose an order from the list.",
    "q": "Nothing is found by that: search for at most 16 words, not too long.",
    "page": "The list has no such page.",
    "limit": "So many rows do not go on a page.",
}
_NAMES = {
    "new_tag": "The new tag",
    "note": "The note",
    "phone_number": "The number",
    "customer_number": "The number",
}
_TAGS_GONE = "A tag was taken away meanwhile. Choose again."
_NOT_KNOWN = "The address asks for something that is not known here."


def fault_words(problem: Problem) -> str:
    """Say what is wrong with what was typed, or with an address, one sentence a fault."""
    problems = problem.others or [problem]
    return " ".join(dict.fromkeys(_sentence(each) for each in problems))


def _sentence(problem: Problem) -> str:
    name, words = problem.param or "", problem.words
    if problem.code in ("unknown_parameter", "repeated_parameter"):
        return _NOT_KNOWN
    if name == "tags" or name.startswith("tags["):
        return _TAGS_GONE
    if not words.startswith(f"{name} "):
        return words
    plain = _NAMES.get(name, name.replace("_", " ").capitalize())
    return _WORDS.get(name) or f"{plain}{words.removeprefix(name)}"


def refused(problem: Problem, kind: str, row: Row, version: int, typed: Row) -> Row:
    """Give what a page shows besides a call or a patient as they are now.

    `fault` is what was wrong; where somebody was faster, `changed` is what they did. `typed` is
    the form again: what was typed stays, but a field that was not touched is as it is now.
    """
    if problem.code != "version_mismatch":
        return {"fault": fault_words(problem), "typed": row | typed}
    before: Row = {}
    entries = History(kind, row).since(version)
    for entry in entries:
        before |= {name: values[0] for name, values in entry["changes"].items()}
    kept = {
        name: text
        for name, text in typed.items()
        if name not in before or _as_typed(name, before[name]) != _as_typed(name, text)
    }
    others = [
        f"{_LABELS[name]} now: {_as_read(name, row[name])}."
        for name in kept
        if name in before and name in _LABELS
    ]
    words = [told(entries) or "It was changed meanwhile.", *others]
    return {"changed": " ".join(words), "typed": row | kept}


_LABELS = {
    "category": "What it was about is",
    "status": "The status is",
    "sessions_scheduled": "Sessions booked are",
    "notes": "The notes are",
    "first_name": "The first name is",
    "last_name": "The last name is",
    "date_of_birth": "The date of birth is",
    "phone_number": "The number is",
    "email": "The e-mail address is",
}


def _as_typed(name: str, value: Any) -> Any:
    """Give a value as its field in the form holds it."""
    if isinstance(value, list):
        return sorted(value)
    if value is None or isinstance(value, bool):
        return value or ""
    return same_lines(number(value) if name == "phone_number" else str(value)).strip()


def _as_read(name: str, value: Any) -> str:
    if name == "status":
        return STATUS_WORDS[value]
    if name == "category":
        return about(value)
    return f"“{_as_typed(name, value)}”" if value not in (None, "") else "empty"
