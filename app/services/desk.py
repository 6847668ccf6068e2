"""What people do with the calls of the queue, each on the version that they saw; and undo."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from app.instants import now_ms
from app.models.base import Row
from app.models.calls import Call
from app.models.engine import database, in_short_transactions
from app.models.history import (
    STUCK,
    UNDONE,
    act_numbers,
    last_act,
    settle_change,
    standing_change,
)
from app.models.queue import calls_before
from app.problems import Problem
from app.services.calls import calls
from app.services.collection import Collection
from app.services.history import actor, as_one
from app.services.patients import patients

OPEN_STATUSES = ("follow_up_needed", "pending")
AT_ONCE = 500
AFTER_ALL = 1 << 62

T = TypeVar("T")

_KINDS: dict[str, Collection] = {"call": calls, "patient": patients}


def save(call_id: str, version: int, fields: Row) -> Row:
    """Change fields of a call and give it as it is then, as all actions do.

    Raises Problem as `calls.change` does; nothing is changed where the version is an old one.
    """
    return calls.change(call_id, version, fields)


def done(call_id: str, version: int) -> Row:
    return save(call_id, version, {"status": "done"})


def flag(call_id: str, version: int) -> Row:
    return save(call_id, version, {"status": "follow_up_needed"})


def unflag(call_id: str, version: int) -> Row:
    return save(call_id, version, {"status": "pending"})


def take(call_id: str, version: int) -> Row:
    """Make a call mine; one that a colleague took meanwhile is told of in the Problem."""
    return give_to(call_id, version, actor().who)


def release(call_id: str, version: int) -> Row:
    return give_to(call_id, version, None)


def give_to(call_id: str, version: int, name: str | None) -> Row:
    """Let somebody have a call, or nobody."""
    with database.write():
        row = calls.get(call_id)
        holder = row["assignee"]
        if row["version"] != version and holder not in (None, name, actor().who):
            message = f"{holder} has it now; nothing was changed."
            raise Problem("version_mismatch", message, "version")
        return calls.decide(row, version, {"assignee": name})


def attempt(
    call_id: str,
    version: int | None,
    outcome: str,
    note: str | None = None,
    due_at: int | None = None,
) -> Row:
    """Note an attempt to reach the caller; `due_at` is when to try again, None for no time.

    Raises Problem invalid_field for a time that is past, or that goes with `reached`.
    """
    if due_at is not None and (outcome == "reached" or due_at <= now_ms()):
        message = "due_at must lie in the future, and be left out where outcome is reached."
        raise Problem("invalid_field", message, "due_at")
    with database.write():
        row = calls.get(call_id)
        changes = {"attempts": row["attempts"] + 1, "due_at": due_at}
        return calls.decide(row, version, changes, "attempted", outcome=outcome, note=note or None)


def done_all(versions: Iterable[tuple[str, int]]) -> list[Row]:
    """Make calls, given as (id, version), done as one action: all of them, or none."""
    with database.write(), as_one():
        return [done(call_id, version) for call_id, version in versions]


def close_before(instant: int) -> int:
    """Make all open calls of before an instant done as one action, and give how many there were.

    In short transactions: webhooks come in meanwhile. What is interrupted can be undone too.
    """
    closed = 0

    def close(call_id: str) -> None:
        nonlocal closed
        row = Call.find_row(call_id)
        if row and row["deleted_at"] is None and row["status"] != "done":
            calls.decide(row, None, {"status": "done"})
            closed += 1

    with as_one():
        _store(_open_before(instant), close)
    return closed


def _open_before(instant: int) -> Iterator[str]:
    for status in OPEN_STATUSES:
        place = (0, "")
        while found := calls_before(status, instant, place, AT_ONCE):
            yield from (call.id for call in found)
            place = found[-1].order, found[-1].id


@dataclass(slots=True)
class Undone:
    """What was undone: (kind, id) of each row, and of those that have been changed since."""

    rows: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def newest_act() -> int | None:
    """Give the number of the last action of this session that stands."""
    session = actor().session
    return None if session is None else last_act(session)


def undo(act: int | None = None) -> Undone:
    """Take back the last action of this session that stands, or one of its actions by number.

    What has been changed since is refused, and of several calls passed over. Raises Problem
    not_found where there is nothing to undo.
    """
    session = actor().session
    act = act if act or session is None else last_act(session)
    if session is None or act is None:
        raise Problem("not_found", "There is nothing to undo.")
    undone = Undone()

    def take_back(number: int) -> None:
        change = standing_change(number)
        if change is None:
            return  # by another window of the same session
        collection, item = _KINDS[change["kind"]], change["item"]
        row = collection.numbered(item)
        try:
            collection.take_back(row, change["restore"], change["at"])
        except Problem as problem:
            if problem.code not in ("version_mismatch", "invalid_field"):
                raise
            undone.refused.append((change["kind"], row["id"]))
            settle_change(number, STUCK)
        else:
            undone.rows.append((change["kind"], row["id"]))
            settle_change(number, UNDONE)

    _store(_changes_of(session, act), take_back)
    return undone


def _changes_of(session: int, act: int) -> Iterator[int]:
    number = AFTER_ALL
    while numbers := act_numbers(session, act, number, AT_ONCE):
        yield from numbers
        number = numbers[-1]


def _store(items: Iterator[T], store: Callable[[T], None]) -> None:
    with database.bulk():
        for _ in in_short_transactions(items, store):
            pass
