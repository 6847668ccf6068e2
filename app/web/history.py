"""What became of a call or a patient, said in words."""

from typing import Any

from flask import g

from app.instants import parse_instant
from app.models.base import Row
from app.services.patients import patients
from app.web.showing import about, field_words, moment, provider

_STATUS_CHANGES = {"done": "set it done", "follow_up_needed": "flagged it"}
_ATTEMPTS = {
    "no_answer": "tried, nobody answered",
    "left_message": "left a message",
    "reached": "reached the caller",
}
_ACTIONS = {
    "deleted": "deleted it",
    "undeleted": "brought it back",
    "expired": "let it expire",
}


def in_words(entries: list[Row]) -> list[Row]:
    """Give entries of history with their words."""
    return [entry | {"words": f"{actor(entry['who'])} {what(entry)}"} for entry in entries]


def told(entries: list[Row]) -> str:
    """Tell entries, the latest last, each in a sentence with its time."""
    words = (f"{actor(entry['who'])} {what(entry)} {moment(entry['at'])}." for entry in entries)
    return " ".join(reversed(list(words)))


def actor(who: str) -> str:
    """Say who acted."""
    kind, _, name = who.partition(":")
    if kind == "provider" and name:
        return provider(name)
    if kind == "key" and name:
        return f"The program {name}"
    if who == "command":
        return "A command"
    return "You" if g.person and who == g.person.name else who


def what(entry: Row) -> str:
    """Say what was done."""
    if entry["action"] == "attempted":
        again = entry["changes"].get("due_at", [None, None])[1]
        later = f", again {_moment(again)}" if again else ""
        return f"{_ATTEMPTS[entry['outcome']]}{later}"
    if entry["action"] == "created":
        is_person = ":" not in entry["who"]
        return "wrote it down" if is_person else "brought it"
    if entry["action"] in _ACTIONS:
        return _ACTIONS[entry["action"]]
    if entry["action"] == "undone":
        # Told is what was taken back, which went the other way.
        return f"took back: {_changes(entry, back=True)}"
    return _changes(entry)


def _changes(entry: Row, *, back: bool = False) -> str:
    told: list[str] = []
    named: list[str] = []
    for name, values in entry["changes"].items():
        words = _change(entry["who"], name, values[::-1] if back else values)
        if words:
            told.append(words)
        else:
            named.append(field_words(name))
    if named:
        told.append(f"changed {', '.join(dict.fromkeys(named))}")
    return ", ".join(told) or "deleted it"


def _change(who: str, name: str, values: list[Any]) -> str:
    """Say what one change means, where there is more to say than the field's name."""
    before, after = values
    if name == "status":
        return _STATUS_CHANGES.get(after, "opened it again" if before == "done" else "unflagged it")
    if name == "assignee":
        if after is None:
            return "released it"
        return "took it" if after == who else f"gave it to {after}"
    if name == "due_at":
        return f"put it off until {_moment(after)}" if after else "took the time away"
    if name == "category":
        return f"said what it was about: {about(after).lower()}" if after else "took away the kind"
    if name == "attempts":
        return "an attempt"
    if name == "patient_id":
        return f"said who called: {_name(after)}" if after else "said that nobody is known"
    return ""


def _moment(text: str) -> str:
    return moment(parse_instant(text))


def _name(patient_id: str) -> str:
    row = patients.model.find_row(patient_id)
    return f"{row['first_name']} {row['last_name']}".strip() if row else "a patient"
