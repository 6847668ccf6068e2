"""Divides what calls are found by into periods; tags become words, numbers digits by threes."""

from typing import Any

import apsw
import orjson

from app import words as search
from app.models.calls import period_of

TABLES = """
-- Spans of time that hold calls. changed is the number of the last revision in which some call of
-- the period was entered, left or was found by something else: what was counted before is stale.
CREATE TABLE period (number INTEGER PRIMARY KEY, changed INTEGER NOT NULL) STRICT;

-- Each cell lies in one period; all are counted anew.
DELETE FROM cell;
ALTER TABLE cell ADD COLUMN period INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cell_period ON cell (period);
CREATE INDEX cell_sessions_scheduled ON cell (ifnull(sessions_scheduled, 0));

DELETE FROM call_search;
DELETE FROM patient_search;

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
        connection.execute(_INSERT_CELL, values)
    connection.execute("INSERT INTO period SELECT DISTINCT period, 0 FROM cell")
    for number, name, email, phone_number in connection.execute(_PATIENTS):
        words = (search.fold(name), search.fold(email), search.number_words(phone_number))
        connection.execute(_INSERT_PATIENT_WORDS, (number, *words))
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
_INSERT_CELL = (
    f"INSERT INTO cell (id, key, period, {', '.join(FACETS)}, started, calls)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PATIENTS = (
    "SELECT number, first_name || ' ' || last_name, ifnull(email, ''), ifnull(phone_number, '')"
    " FROM patient WHERE deleted_at IS NULL"
)
_INSERT_PATIENT_WORDS = (
    "INSERT INTO patient_search (rowid, name, email, number) VALUES (?, ?, ?, ?)"
)
_INSERT_WORDS = (
    "INSERT INTO call_search (rowid, summary, patient, notes, transcript, number, facets)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
