"""Where a call stands in the list: its second, and a slot between its neighbours there."""

from typing import Any

import apsw

from app import call_index
from app.errors import ApiError
from app.models.calls import COLUMNS, SLOTS, first_position

Row = dict[str, Any]

# How far a call is put from the first or last of its second.
END_STEP = 8


def sort_at(row: Row) -> int:
    """Give the instant that a call is listed by, in ms: it started then, or was entered."""
    return int(row["created_at"] if row["started_at"] is None else row["started_at"])


def place(raw: apsw.Connection, row: Row) -> int:
    """Give the position of a call: its second, and a slot between its neighbours in the order."""
    first = first_position(sort_at(row))
    before, after = _neighbours(raw, row, first, first + SLOTS)
    gap = after - before
    if gap < 2:
        _spread(raw, first)
        return place(raw, row)
    if before < first and after == first + SLOTS:
        return first + SLOTS // 2
    # Ids mostly rise or fall: at an end, a small step leaves room for thousands more.
    step = min(END_STEP, gap // 2)
    if after == first + SLOTS:
        return before + step
    if before < first:
        return after - step
    return before + gap // 2


def _neighbours(raw: apsw.Connection, row: Row, first: int, end: int) -> tuple[int, int]:
    """Give the positions between which a call belongs; an end of its second where none is."""
    key = (sort_at(row), row["id"])
    before, after = first - 1, end
    low, high = first, end
    # The first look finds the second empty, nearly always; then the newest, then by halves.
    look = raw.execute(_LAST_OF, (first, end, row["id"])).fetchone()
    while look is not None:
        position, *found = look
        if tuple(found) < key:
            before, low = position, position + 1
        else:
            after, high = position, position
        if low >= high:
            break
        look = raw.execute(_FIRST_OF, ((low + high) // 2, high, row["id"])).fetchone()
        if look is None:
            high = (low + high) // 2
            look = raw.execute(_LAST_OF, (low, high, row["id"])).fetchone()
    return before, after


def _spread(raw: apsw.Connection, first: int) -> None:
    """Move the calls of a second apart, so that there is room between any two.

    Raises ApiError where they fill the second.
    """
    found = raw.execute(_IN_SECOND, (first, first + SLOTS)).fetchall()
    gap = SLOTS // (len(found) + 1)
    if gap < 2:
        raise ApiError("invalid_field", "Too many calls share this second.", "started_at")
    rows = [dict(zip(COLUMNS, values, strict=True)) for values in found]
    for row in rows:
        if row["deleted_at"] is None:
            call_index.leave(raw, row)
        # Aside first: the new positions overlap the old ones.
        raw.execute(_MOVE, (-row["position"], row["position"]))
    for number, row in enumerate(rows, 1):
        position = first + number * gap
        raw.execute(_MOVE, (position, -row["position"]))
        row["position"] = position
        if row["deleted_at"] is None:
            call_index.enter(raw, row)


_LAST_OF = (
    "SELECT position, ifnull(started_at, created_at), id FROM call"
    " WHERE position >= ? AND position < ? AND id <> ? ORDER BY position DESC LIMIT 1"
)
_FIRST_OF = _LAST_OF.replace(" DESC", "")
_IN_SECOND = (
    f"SELECT {', '.join(COLUMNS)} FROM call WHERE position >= ? AND position < ? ORDER BY position"
)
_MOVE = "UPDATE call SET position = ? WHERE position = ?"
