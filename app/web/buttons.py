"""What the buttons of a call do, and the times at which somebody wants to try again."""

from collections.abc import Callable
from datetime import timedelta

from flask import g, request

from app.instants import now_ms, parse_instant
from app.models.base import Row
from app.models.people import active_people
from app.problems import Problem
from app.reading import schema_of
from app.schemas.base import load_row
from app.schemas.calls import AttemptCreateSchema, CallPatchSchema
from app.services import desk
from app.services.calls import calls
from app.web.forms import field, same_lines, whole_number
from app.web.showing import OUTCOME_WORDS, at, hours, zone

# Does something with a call of a version, and gives the code of what the next page says.
Action = Callable[[str, int], str]

# What a person may decide in the form of one call.
DECIDED = ("category", "status", "sessions_scheduled", "notes")
MORNING = "09:00"
TWO_HOURS_MS = 2 * 3_600_000


def colleagues() -> list[str]:
    """Give the names of the others who can have a call."""
    return [person.name for person in active_people() if person.name != g.person.name]


def press(name: str, call_id: str, version: int) -> tuple[str, int | None]:
    """Do what a button says, and give the code of what was done and the number that undoes it.

    There is none where nothing was changed. Raises Problem as the actions of `services/desk` do.
    """
    if name not in ACTIONS:
        raise Problem("invalid_field", "There is no such button.", "do")
    before = desk.newest_act()
    said = ACTIONS[name](call_id, version)
    after = desk.newest_act()
    return said, None if after == before else after


def typed() -> Row:
    """Give what was typed in the forms of one call."""
    names = (*DECIDED, "note", "at")
    return {name: same_lines(request.form[name]) for name in names if name in request.form}


def _save(call_id: str, version: int) -> str:
    fields = {name: text.strip() or None for name, text in typed().items() if name in DECIDED}
    if fields.get("sessions_scheduled"):
        text = str(fields["sessions_scheduled"])
        fields["sessions_scheduled"] = int(text) if text.lstrip("-").isdecimal() else text
    values = load_row(schema_of(CallPatchSchema), fields | {"version": version})
    row = calls.get(call_id)
    # What was left as it is remains whosever it was; a form cuts the spaces around notes.
    before = row | {"notes": same_lines(row["notes"] or "").strip() or None}
    given = [name for name in fields if values[name] != before[name]]
    desk.save(call_id, version, {name: values[name] for name in given})
    return "changed"


def _link_patient(call_id: str, version: int) -> str:
    desk.save(call_id, version, {"patient_id": field("patient_id") or None})
    return "linked"


def _give(call_id: str, version: int) -> str:
    desk.give_to(call_id, version, field("give"))
    return "given"


def _done_all(call_id: str, version: int) -> str:
    desk.done_all([(call_id, version), *others()])
    return "done_all"


def others() -> list[tuple[str, int]]:
    """Give the other calls that are to become done with one, each with the version seen."""
    found = (text.partition(" ") for text in request.form.getlist("other"))
    return [(call_id, whole_number(version)) for call_id, _, version in found]


def _attempt(outcome: str) -> Action:
    def attempt(call_id: str, version: int) -> str:
        due_at = None if outcome == "reached" else _due_at(field("when"))
        note = same_lines(field("note")).strip() or None
        load_row(schema_of(AttemptCreateSchema), {"outcome": outcome, "note": note})
        desk.attempt(call_id, version, outcome, note, due_at)
        return outcome if due_at is None else "later"

    return attempt


def _due_at(when: str) -> int | None:
    """Give the instant that one of the quick times means. Raises Problem."""
    if when == "none":
        return None
    if when == "2h":
        return now_ms() + TWO_HOURS_MS
    if when == "at":
        return _chosen(field("at"))
    today = at(now_ms()).date()
    days = {"tomorrow": 1, "monday": 7 - today.weekday()}
    if when not in days:
        raise Problem("invalid_field", "Choose when to try again.")
    day = today + timedelta(days=days[when])
    opening = hours().next_opening(day)
    return int(opening.timestamp() * 1000) if opening else parse_instant(f"{day}T{MORNING}", zone())


def _chosen(text: str) -> int:
    try:
        return parse_instant(text, zone())
    except ValueError:
        raise Problem("invalid_field", "Choose a date and a time.") from None


def _simple(change: Callable[[str, int], Row], said: str) -> Action:
    def run(call_id: str, version: int) -> str:
        change(call_id, version)
        return said

    return run


ACTIONS: dict[str, Action] = {
    "done": _simple(desk.done, "done"),
    "flag": _simple(desk.flag, "flagged"),
    "unflag": _simple(desk.unflag, "unflagged"),
    "open": _simple(desk.unflag, "opened"),
    "take": _simple(desk.take, "taken"),
    "release": _simple(desk.release, "released"),
    "give": _give,
    "save": _save,
    "link": _link_patient,
    "done_all": _done_all,
    **{outcome: _attempt(outcome) for outcome in OUTCOME_WORDS},
}
