"""What the list finds and counts calls by: each active call has a cell, words and a period."""

from typing import Any

import apsw
import orjson

from app import words as search
from app.models.calls import COLUMNS, FACETS, period_of
from app.models.engine import connection

Row = dict[str, Any]

# A call whose values of these stay is found and counted as before.
FOUND_BY = (
    *("position", "summary", "notes", "transcript", "customer_number", "patient_id"),
    *FACETS,
    "started_at",
)


def enter(raw: apsw.Connection, row: Row) -> None:
    """Make a call found and counted at its position, and note its cell in the row."""
    period = period_of(row["position"])
    _touch(raw, period)
    row["cell"] = _count_in_cell(raw, row, period)
    name, tag_ids = None, ()
    if row["patient_id"] is not None:
        patient = raw.execute(_PATIENT, (row["patient_id"],)).fetchone()
        if patient is not None:
            name, tag_ids = patient[0], orjson.loads(patient[1])
    words = search.call_words(row, period, name, tag_ids)
    raw.execute(_INSERT_WORDS, (row["position"], *words))


def leave(raw: apsw.Connection, row: Row) -> None:
    """Undo what `enter` did for a call as it was then."""
    _touch(raw, period_of(row["position"]))
    raw.execute(_DELETE_WORDS, (row["position"],))
    raw.execute(_COUNT_CELL, (-1, row["cell"]))


def reindex_calls(patient_id: str) -> None:
    """Enter a patient's calls anew, after a change of the name or the tags."""
    raw = connection()
    for found in raw.execute(_OF_PATIENT, (patient_id,)).fetchall():
        row = dict(zip(COLUMNS, found, strict=True))
        leave(raw, row)
        enter(raw, row)


def _touch(raw: apsw.Connection, period: int) -> None:
    """Make what was counted in a period stale, once the transaction is committed."""
    raw.execute(_TOUCH, (period,))
    if not raw.changes():
        raw.execute(_ADD_PERIOD, (period,))


def _count_in_cell(raw: apsw.Connection, row: Row, period: int) -> int:
    """Count a call in the cell of its values and give the cell's id."""
    # Not one INSERT ... ON CONFLICT ... RETURNING: SQLite runs that in a savepoint of its own, and
    # at each savepoint FTS5 writes out what it has gathered of the transaction.
    values = [period, *(row[name] for name in FACETS), row["started_at"] is not None]
    key = orjson.dumps(values).decode()
    cell: int | None = raw.execute(_FIND_CELL, (key,)).get
    if cell is None:
        raw.execute(_ADD_CELL, (key, *values))
        return raw.last_insert_rowid()
    raw.execute(_COUNT_CELL, (1, cell))
    return cell


_TOUCH = "UPDATE period SET changed = (SELECT number + 1 FROM revision) WHERE number = ?"
_ADD_PERIOD = "INSERT INTO period (number, changed) SELECT ?, number + 1 FROM revision"
_FIND_CELL = "SELECT id FROM cell WHERE key = ?"
_ADD_CELL = (
    f"INSERT INTO cell (key, period, {', '.join(FACETS)}, started, calls)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)"
)
_COUNT_CELL = "UPDATE cell SET calls = calls + ? WHERE id = ?"
_INSERT_WORDS = (
    "INSERT INTO call_search (rowid, summary, patient, notes, transcript, number, facets)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_DELETE_WORDS = "DELETE FROM call_search WHERE rowid = ?"
# A tag that was deleted is still a word here: a query for it asks for another one.
_PATIENT = (
    "SELECT first_name || ' ' || last_name, (SELECT json_group_array(tag_id) FROM patient_tag"
    " WHERE patient_id = patient.id) FROM patient WHERE id = ? AND deleted_at IS NULL"
)
_OF_PATIENT = f"SELECT {', '.join(COLUMNS)} FROM call WHERE patient_id = ? AND deleted_at IS NULL"
