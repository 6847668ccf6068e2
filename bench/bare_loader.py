"""The bare loader that the import is held against: orjson, `executemany`, one transaction.

    python -m bench.bare_loader DATABASE CALLS

DATABASE is one of the service that holds people but no calls yet: the calls go into its own tables
under its own indexes, and their texts into its full-text index as they are. Nothing is checked or
folded.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import apsw
import orjson

INSTANTS = ("created_at", "started_at", "ended_at")
MADE = ("sort_at", "updated_at", "number_key")
SEARCH = """
INSERT INTO call_search (rowid, summary, patient, notes, transcript, number)
SELECT call.number, summary, first_name || ' ' || last_name, notes, transcript, customer_number
FROM call LEFT JOIN patient ON patient.id = call.patient_id
"""


def load(database: str, file: str) -> None:
    """Store every call of a file, durably."""
    connection = apsw.Connection(database, flags=apsw.SQLITE_OPEN_READWRITE)
    connection.pragma("synchronous", "full")
    with open(file, "rb") as lines, connection:
        columns = (*orjson.loads(next(lines)), *MADE)
        lines.seek(0)
        values = ", ".join(f":{name}" for name in columns)
        insert = f"INSERT INTO call ({', '.join(columns)}) VALUES ({values})"
        connection.executemany(insert, _rows(lines))
        connection.execute(SEARCH)
    connection.close()


def _rows(lines: Any) -> Iterator[dict[str, Any]]:
    """Give each call with the values that the table's own columns need."""
    for line in lines:
        row = orjson.loads(line)
        for name in INSTANTS:
            if row[name] is not None:
                row[name] = int(datetime.fromisoformat(row[name]).timestamp() * 1000)
        row["sort_at"] = row["started_at"] or row["created_at"]
        row["updated_at"] = row["created_at"]
        row["number_key"] = row["customer_number"]
        yield row


if __name__ == "__main__":
    load(sys.argv[1], sys.argv[2])
