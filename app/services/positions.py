"""Where a call stands in the list: its second, and a slot between its neighbours there."""

from typing import Any

import apsw

from app.models.calls import COLUMNS, SLOTS, first_position
from app.problems import Problem
from app.services import call_index

Row = dict[str, Any]

# How far a call is put from the first or last of its second, where its millisecond is taken.
END_STEP = 8
# Room is made among so many slots about the place that has none, or among a multiple; it is made
# where two calls then are so far apart.
WINDOW = 64
WIDER = 4
ROOM = 8


def sort_at(row: Row) -> int:
    """Give the instant that a call is listed by, in ms: it started then, or was entered."""
    return int(row["created_at"] if row["started_at"] is None else row["started_at"])


def place(raw: apsw.Connection, row: Row) -> int:
    """Give the position of a call: its second, and a slot between its neighbours in the order."""
    first = first_position(sort_at(row))
    before, after = _neighbours(raw, row, first, first + SLOTS)
    gap = after - before
    if gap < 2:
        _spread(raw, max(before, first))
        return place(raw, row)
    natural = first + _slot(sort_at(row) % 1000)
    if before < natural < after:
        return natural
    # Ids mostly rise or fall: at an end, a small step leaves room for thousands more.
    step = min(END_STEP, gap // 2)
    if after == first + SLOTS:
        return before + step
    if before < first:
        return after - step
    return before + gap // 2


def _slot(millisecond: int) -> int:
    """Give the slot of the first call of a millisecond: half of all are for whole seconds."""
    return SLOTS // 2 + millisecond * (SLOTS // 2 // 1024) if millisecond else SLOTS // 4


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


def _spread(raw: apsw.Connection, position: int) -> None:
    """Move the calls about a position apart, so that there is room between any two.

    Raises Problem where they fill the second.
    """
    width, gap = WINDOW, 0
    while gap < ROOM and width <= SLOTS:
        # Windows of all widths end where a second does.
        low = position // width * width
        found = raw.execute(_BETWEEN, (low, low + width)).fetchall()
        gap = width // (len(found) + 1)
        width *= WIDER
    if gap < 2:
        raise Problem("invalid_field", "Too many calls share this second.", "started_at")
    rows = [dict(zip(COLUMNS, values, strict=True)) for values in found]
    for row in rows:
        if row["deleted_at"] is None:
            call_index.leave(raw, row)
        # Aside first: the new positions overlap the old ones.
        raw.execute(_MOVE, (-row["position"], row["position"]))
    for number, row in enumerate(rows, 1):
        position = low + number * gap
        raw.execute(_MOVE, (position, -row["position"]))
        row["position"] = position
        if row["deleted_at"] is None:
            call_index.enter(raw, row)


_LAST_OF = (
    "SELECT position, ifnull(started_at, created_at), id FROM call"
    " WHERE position >= ? AND position < ? AND id <> ? ORDER BY position DESC LIMIT 1"
)
_FIRST_OF = _LAST_OF.replace(" DESC", "")
_BETWEEN = (
    f"SELECT {', '.join(COLUMNS)} FROM call WHERE position >= ? AND position < ? ORDER BY position"
)
_MOVE = "UPDATE call SET position = ? WHERE position = ?"
