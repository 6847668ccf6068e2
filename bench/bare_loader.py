"""The bare loader that the import is held against: orjson, `executemany`, FTS5 `rebuild`.

    python -m bench.bare_loader DATABASE CALLS

DATABASE is one of the service that holds people but no calls yet: the calls go into its own table
under its own indexes, in one transaction. Nothing is checked, looked up or folded.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import apsw
import orjson

SLOTS = 65_536
INSTANTS = ("created_at", "started_at", "ended_at")
FACETS = ("status", "category", "type", "assistant_id", "sessions_scheduled")
LISTED = (
    *("created_at", "assistant_id", "phone_number_id", "type", "started_at", "ended_at"),
    *("summary", "customer_number", "status", "category", "duration_min", "patient_id"),
    *("language", "sessions_scheduled"),
)
SEARCH = """
CREATE VIEW searchable AS
SELECT position, summary,
    (SELECT first_name || ' ' || last_name FROM patient WHERE patient.id = call.patient_id)
        AS patient,
    notes, transcript, customer_number AS number
FROM call;
CREATE VIRTUAL TABLE bare_search USING fts5 (
    summary, patient, notes, transcript, number, content = 'searchable', content_rowid = 'position'
);
INSERT INTO bare_search (bare_search) VALUES ('rebuild');
"""


def load(database: str, file: str) -> None:
    """Store every call of a file, durably."""
    connection = apsw.Connection(database, flags=apsw.SQLITE_OPEN_READWRITE)
    connection.pragma("synchronous", "full")
    table = [column[1] for column in connection.execute("PRAGMA table_info(call)")]
    with open(file, "rb") as lines:
        rows = _rows(lines)
        first = next(rows)
        columns = [name for name in table if name in first]
        insert = (
            f"INSERT INTO call ({', '.join(columns)})"
            f" VALUES ({', '.join(f':{name}' for name in columns)})"
        )
        with connection:
            connection.execute(insert, first)
            connection.executemany(insert, rows)
            connection.execute(SEARCH).fetchall()
    connection.close()


def _rows(lines: Any) -> Iterator[dict[str, Any]]:
    """Give each call with the values that the table's own columns need."""
    cells: dict[tuple[Any, ...], int] = {}
    last = 0
    for line in lines:
        row = orjson.loads(line)
        wire = orjson.dumps({name: row[name] for name in LISTED})
        for name in INSTANTS:
            if row[name] is not None:
                row[name] = int(datetime.fromisoformat(row[name]).timestamp() * 1000)
        sort_at = row["started_at"] or row["created_at"]
        last = max(sort_at // 1000 * SLOTS, last + 1)
        facets = tuple(row[name] for name in FACETS)
        yield row | {
            "position": last,
            "cell": cells.setdefault(facets, len(cells) + 1),
            "updated_at": row["created_at"],
            "number_key": row["customer_number"],
            "wire": wire[1:].decode(),
        }


if __name__ == "__main__":
    load(sys.argv[1], sys.argv[2])
