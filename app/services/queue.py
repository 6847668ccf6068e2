"""The queue: the calls that need somebody, counted, in their order, and what is new there."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app

from app.instants import now_ms, parse_instant, today
from app.models import queue
from app.models.base import Row
from app.models.calls import listed_calls
from app.models.engine import database, revision
from app.models.patients import patient_name, patients_with_number
from app.problems import Problem
from app.services import call_list
from app.services.calls import caller_key
from app.services.history import actor
from app.services.patients import patients

# view → its parts, in their order
VIEWS = {
    "waiting": ("flagged", "open"),
    "flagged": ("flagged",),
    "later": ("later",),
    "done_today": ("done",),
}
LIMIT = 50
# What a row of the queue holds of its call.
QUEUED = (*call_list.LISTED, "number", "sort_at", "version", "assignee", "due_at", "attempts")
MAX_PROPOSALS = 20
_MARK = re.compile(r"(\d{1,15})\.(\d{1,15})\.(\d{1,15})", re.ASCII)
MAX_OTHERS = 100


@dataclass(frozen=True, slots=True)
class Counts:
    """How many calls each view has."""

    waiting: int
    flagged: int
    later: int
    done_today: int


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Rows of a view, and where the next ones begin, None after the last.

    A row is a call with `patient_name`, `nth` (which call of that caller within 24 hours it is, 0
    where nobody knows who rang), `last_outcome` and `last_attempt_at` besides.
    """

    rows: list[Row]
    more: str | None


@dataclass(frozen=True, slots=True)
class News:
    """How many calls have come into the queue, and how many others have changed."""

    calls: int
    changes: int


def counts() -> Counts:
    """Count the calls of each view, all of one moment."""
    with database.snapshot():
        later, flagged_later = queue.count_later(now_ms())
        flagged = call_list.count_calls({"status": "follow_up_needed"})
        pending = call_list.count_calls({"status": "pending"})
        done_today = queue.count_done(_midnight())
    return Counts(flagged + pending - later, flagged - flagged_later, later, done_today)


def list_queue(view: str, after: str | None = None, limit: int = LIMIT) -> QueuePage:
    """Give the rows of a view behind those of an earlier page, whose `more` is `after`."""
    parts = VIEWS[view]
    instant = _midnight() if view == "done_today" else now_ms()
    first, begin = _read_place(after, parts) if after else (parts[0], None)
    found: list[tuple[str, queue.Place]] = []
    with database.snapshot():
        for part in parts[parts.index(first) :]:
            wanted = limit + 1 - len(found)
            places = queue.queue_places(part, instant, begin, wanted) if wanted else []
            found += [(part, place) for place in places]
            begin = None
        rows = with_callers(listed_calls([place.number for _, place in found[:limit]], QUEUED))
    last, place = found[limit - 1] if len(found) > limit else ("", None)
    return QueuePage(rows, f"{last}.{place.order}.{place.id}" if place else None)


def _read_place(text: str, parts: tuple[str, ...]) -> tuple[str, tuple[int, str]]:
    part, _, rest = text.partition(".")
    order, _, call_id = rest.partition(".")
    if part not in parts or not (order.isascii() and order.isdigit()) or len(order) > 15:
        raise Problem("invalid_field", "There is no such page of the queue.", "after")
    return part, (int(order), call_id)


def version() -> str:
    """Give what is another whenever the queue may have changed, also because a time has come."""
    return f"{revision()}-{queue.count_later(now_ms())[0]}"


def mark() -> str:
    """Give what `news` needs to know of the moment at which a page was made."""
    return ".".join(map(str, (*queue.newest(), now_ms())))


def news(since: str) -> News:
    """Say what has happened to the queue since a mark, but for what this session did."""
    match = _MARK.fullmatch(since)
    if not match:
        raise Problem("invalid_field", "There is no such mark.", "since")
    call, entry, at = map(int, match.groups())
    with database.snapshot():
        arrived = queue.count_arrived(call, at, now_ms())
        return News(arrived, queue.count_changed(call, entry, actor().session))


def other_calls(row: Row, *, only_open: bool = False) -> list[Row]:
    """Give the other calls of a call's number or patient as rows of the queue, newest first."""
    numbers = queue.calls_of_caller(
        caller_key(row), row["patient_id"], only_open=only_open, limit=MAX_OTHERS + 1
    )
    others = [number for number in numbers if number != row["number"]]
    return with_callers(listed_calls(others[:MAX_OTHERS], QUEUED))


def count_waiting(patient_ids: Iterable[str]) -> Counter[str]:
    """Count the calls of patients that wait, as those of the view do."""
    return Counter(queue.count_waiting(list(patient_ids), now_ms()))


def proposals(row: Row) -> list[Row]:
    """Give the patients who have a call's number."""
    key = caller_key(row)
    ids = patients_with_number(key, MAX_PROPOSALS) if key else []
    return [patients.get(patient_id) for patient_id in ids]


def with_names(rows: list[Row]) -> list[Row]:
    """Give calls with the name of each one's patient, None where nobody is known."""
    names = {one: (patient_name(one) or "").strip() for row in rows if (one := row["patient_id"])}
    return [row | {"patient_name": names.get(row["patient_id"]) or None} for row in rows]


def with_callers(rows: list[Row]) -> list[Row]:
    """Give calls as rows of the queue."""
    asked = [
        (row["number"], caller_key(row), row["patient_id"], row["sort_at"], row["id"])
        for row in rows
    ]
    return [row | more for row, more in zip(rows, queue.callers(asked), strict=True)]


def _midnight() -> int:
    zone = current_app.config["CLINIC_TIMEZONE"]
    return parse_instant(str(today(zone)), zone)
