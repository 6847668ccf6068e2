"""Divides what the list finds calls by into periods, and puts tags among a call's words."""

from typing import Any

import apsw
import orjson

from app import search
from app.models.calls import period_of

TABLES = """
-- Spans of time that hold calls. changed is the number of the last revision in which some call of
-- the period was entered, left or was found by something else: what was counted before is stale.
CREATE TABLE period (number INTEGER PRIMARY KEY, changed INTEGER NOT NULL) STRICT;

-- As before, but each cell lies in one period.
DROP TABLE cell;
CREATE TABLE cell (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    period INTEGER NOT NULL,
    status TEXT NOT NULL,
    category TEXT,
    type TEXT,
    assistant_id TEXT,
    sessions_scheduled INTEGER,
    started INTEGER NOT NULL,
    calls INTEGER NOT NULL
) STRICT;
CREATE INDEX cell_period ON cell (period);
CREATE INDEX cell_sessions_scheduled ON cell (ifnull(sessions_scheduled, 0));

DELETE FROM call_search;

-- The calls in their order; those with a cell are not deleted.
DROP INDEX call_list;
CREATE INDEX call_list ON call (position, cell);
"""
FACETS = ("status", "category", "type", "assistant_id", "sessions_scheduled")


def up(connection: apsw.Connection) -> None:
    connection.execute(TABLES).fetchall()
    cells: dict[tuple[Any, ...], list[int]] = {}
    for found in connection.execute(_CALLS):
        row = dict(zip(_READ, found, strict=True))
        position, period = row["position"], period_of(row["position"])
        key = (period, *(row[name] for name in FACETS), row["started_at"] is not None)
        cell = cells.setdefault(key, [len(cells) + 1, 0])
        cell[1] += 1
        connection.execute("UPDATE call SET cell = ? WHERE position = ?", (cell[0], position))
        words = search.call_words(row, period, row["patient"], orjson.loads(row["tags"]))
        connection.execute(_INSERT_WORDS, (position, *words))
    for key, (cell_id, calls) in cells.items():
        values = (cell_id, orjson.dumps(key).decode(), *key, calls)
        connection.execute("INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    connection.execute("INSERT INTO period SELECT DISTINCT period, 0 FROM cell")
    connection.execute("UPDATE revision SET number = number + 1")


_READ = (
    *("position", *FACETS, "started_at", "summary", "notes", "transcript", "customer_number"),
    *("patient", "tags"),
)
_CALLS = f"""
SELECT {", ".join(_READ[:-2])}, first_name || ' ' || last_name,
    (SELECT json_group_array(tag_id) FROM patient_tag WHERE patient_id = patient.id)
FROM call LEFT JOIN patient ON patient.id = call.patient_id AND patient.deleted_at IS NULL
WHERE call.deleted_at IS NULL
ORDER BY position
"""
_INSERT_WORDS = (
    "INSERT INTO call_search (rowid, summary, patient, notes, transcript, number, facets)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
