"""The history of calls and patients: one row a change, and what of it may be taken back."""

from typing import Any

import orjson

from app.models.base import Row
from app.models.engine import connection

# What became of a change that could be taken back: it stands, it was, or something prevents it.
STANDS, UNDONE, STUCK = 0, 1, 2

_SHOWN = ("at", "who", "action", "changes", "outcome", "note", "version")
_RESTORED = ("number", "kind", "item", "at", "restore")


def put_history(values: tuple[Any, ...]) -> int:
    """Store a change, all but its number and `undone`, and give its number."""
    raw = connection()
    raw.execute(_PUT, values)
    return raw.last_insert_rowid()


def history_page(kind: str, item: int, page: int, limit: int) -> list[Row]:
    """Give a page of what became of a call or a patient, newest first."""
    found = connection().execute(_PAGE, (kind, item, limit, (page - 1) * limit))
    return [_read(values) for values in found]


def count_history(kind: str, item: int) -> int:
    """Count what became of a call or a patient."""
    return int(connection().execute(_COUNT, (kind, item)).get)


def history_since(kind: str, item: int, version: int) -> list[Row]:
    """Give what became of a call or a patient after a version, newest first."""
    return [_read(values) for values in connection().execute(_SINCE, (kind, item, version))]


def last_act(session: int) -> int | None:
    """Give the number of the last action of a session that stands."""
    act: int | None = connection().execute(_LAST_ACT, (session,)).get
    return act


def act_numbers(session: int, act: int, below: int, limit: int) -> list[int]:
    """Give the numbers of the changes of an action that stand, the last first."""
    found = connection().execute(_OF_ACT, (session, act, below, act, limit))
    return [number for (number,) in found]


def standing_change(number: int) -> Row | None:
    """Give a change that stands, as much of it as taking it back needs."""
    found = connection().execute(_STANDING, (number,)).fetchone()
    if found is None:
        return None
    row = dict(zip(_RESTORED, found, strict=True))
    return row | {"restore": orjson.loads(row["restore"])}


def settle_change(number: int, undone: int) -> None:
    """Note what became of a change that could be taken back."""
    connection().execute("UPDATE history SET undone = ? WHERE number = ?", (undone, number))


def _read(found: tuple[Any, ...]) -> Row:
    row = dict(zip(_SHOWN, found, strict=True))
    return row | {"changes": orjson.loads(row["changes"] or b"{}")}


_PUT = (
    "INSERT INTO history (kind, item, at, who, action, changes, outcome, note, version, session,"
    " act, restore) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SELECT = f"SELECT {', '.join(_SHOWN)} FROM history WHERE kind = ? AND item = ?"
_PAGE = f"{_SELECT} ORDER BY number DESC LIMIT ? OFFSET ?"
_COUNT = "SELECT count(*) FROM history WHERE kind = ? AND item = ?"
_SINCE = f"{_SELECT} AND version > ? ORDER BY number DESC"
_LAST_ACT = (
    "SELECT coalesce(act, number) FROM history"
    f" WHERE session = ? AND restore IS NOT NULL AND undone = {STANDS} ORDER BY number DESC LIMIT 1"
)
_OF_ACT = (
    "SELECT number FROM history WHERE session = ? AND number >= ? AND number < ?"
    f" AND coalesce(act, number) = ? AND restore IS NOT NULL AND undone = {STANDS}"
    " ORDER BY number DESC LIMIT ?"
)
_STANDING = f"SELECT {', '.join(_RESTORED)} FROM history WHERE number = ? AND undone = {STANDS}"
