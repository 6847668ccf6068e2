"""The tables of the other stacks: the same calls as an engineer would lay them out in an hour.

Texts for instants, as peewee and SQLAlchemy both write them; `sort_at` for the order of the list;
for each filter an index that is in that order, so that a page needs no sorting; WAL; a full-text
index for `q`; statistics for the planner.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import apsw

from bench.data import Clinic, Row

ORG_ID = "clinic"

TABLES = """
CREATE TABLE tag (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE patient (
    id TEXT PRIMARY KEY,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    date_of_birth TEXT,
    phone_number TEXT,
    email TEXT
);

CREATE TABLE patient_tag (
    tag_id TEXT NOT NULL REFERENCES tag (id),
    patient_id TEXT NOT NULL REFERENCES patient (id),
    PRIMARY KEY (tag_id, patient_id)
) WITHOUT ROWID;
CREATE INDEX patient_tag_patient_id ON patient_tag (patient_id);

CREATE TABLE call (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    org_id TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    assistant_id TEXT,
    phone_number_id TEXT,
    type TEXT,
    started_at DATETIME,
    ended_at DATETIME,
    summary TEXT,
    customer_number TEXT,
    status TEXT NOT NULL,
    category TEXT,
    duration_min REAL,
    patient_id TEXT,
    language TEXT,
    sessions_scheduled INTEGER,
    provider TEXT,
    external_id TEXT,
    transcript TEXT,
    recording_url TEXT,
    cost_usd REAL,
    ended_reason TEXT,
    notes TEXT,
    sort_at DATETIME NOT NULL
);
"""
INDEXES = """
CREATE UNIQUE INDEX call_id ON call (id);
CREATE INDEX call_sort_at ON call (sort_at, id);
CREATE INDEX call_started_at ON call (started_at);
CREATE INDEX call_status ON call (status, sort_at, id);
CREATE INDEX call_category ON call (category, sort_at, id);
CREATE INDEX call_assistant_id ON call (assistant_id, sort_at, id);
CREATE INDEX call_type ON call (type, sort_at, id);
CREATE INDEX call_patient_id ON call (patient_id, sort_at, id);
CREATE INDEX call_customer_number ON call (customer_number, sort_at, id);
CREATE INDEX call_sessions_scheduled ON call (sessions_scheduled);

CREATE VIRTUAL TABLE call_fts USING fts5 (
    summary, patient, notes, transcript, content = '', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO call_fts (rowid, summary, patient, notes, transcript)
SELECT call.pk, summary, first_name || ' ' || last_name, notes, transcript
FROM call LEFT JOIN patient ON patient.id = call.patient_id;
INSERT INTO call_fts (call_fts) VALUES ('optimize');
ANALYZE;
"""
INSTANTS = ("created_at", "started_at", "ended_at")


def build(clinic: Clinic, path: Path) -> None:
    """Fill these tables from a clinic's files."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    connection = apsw.Connection(str(unfinished))
    connection.execute(TABLES).fetchall()
    with connection:
        for table, rows in _rows(clinic):
            connection.executemany(_insert(connection, table), rows)
    connection.execute(INDEXES).fetchall()
    connection.pragma("journal_mode", "wal")
    connection.close()
    os.replace(unfinished, path)


def _rows(clinic: Clinic) -> Iterator[tuple[str, Iterable[Row]]]:
    """Give each table with its rows."""
    patients = list(clinic.rows("patients"))
    pairs = [(tag, patient["id"]) for patient in patients for tag in patient["tags"]]
    yield "tag", clinic.rows("tags")
    yield "patient", patients
    yield "patient_tag", ({"tag_id": tag, "patient_id": patient} for tag, patient in pairs)
    yield "call", map(_call, clinic.rows("calls"))


def _call(row: Row) -> Row:
    texts = {name: _as_text(row[name]) for name in INSTANTS}
    sort_at = texts["started_at"] or texts["created_at"]
    return row | texts | {"pk": None, "org_id": ORG_ID, "sort_at": sort_at}


def _insert(connection: apsw.Connection, table: str) -> str:
    names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
    return f"INSERT INTO {table} VALUES ({', '.join(f':{name}' for name in names)})"


def _as_text(instant: str | None) -> str | None:
    if instant is None:
        return None
    return datetime.fromisoformat(instant).strftime("%Y-%m-%d %H:%M:%S.%f")
