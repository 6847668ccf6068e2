"""Makes the first tables: calls and their search, patients, tags, keys."""

import apsw

TABLES = """
-- One row, in every transaction that changes anything: what was remembered before is stale.
CREATE TABLE revision (number INTEGER NOT NULL, born TEXT NOT NULL) STRICT;
INSERT INTO revision VALUES (0, lower(hex(randomblob(8))));

-- position orders the calls: seconds of started_at (or created_at) * 65536, and within a second
-- a slot that follows milliseconds and id. The table, every index and the full-text index are
-- therefore in the order of the list without an index for it.
CREATE TABLE call (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    cell INTEGER REFERENCES cell (id),
    deleted_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    assistant_id TEXT,
    phone_number_id TEXT,
    type TEXT,
    customer_number TEXT,
    number_key TEXT,
    status TEXT NOT NULL,
    category TEXT,
    duration_min REAL,
    patient_id TEXT,
    language TEXT,
    sessions_scheduled INTEGER,
    provider TEXT,
    external_id TEXT,
    recording_url TEXT,
    cost_usd REAL,
    ended_reason TEXT,
    origins TEXT NOT NULL DEFAULT '',
    seen TEXT NOT NULL DEFAULT '',
    posted BLOB,
    wire TEXT NOT NULL,
    summary TEXT,
    notes TEXT,
    transcript TEXT
) STRICT;
CREATE INDEX call_cell ON call (cell);
CREATE INDEX call_patient_id ON call (patient_id, cell);
CREATE INDEX call_number_key ON call (number_key, cell);
CREATE INDEX call_list ON call (position, cell, patient_id);

-- The calls that are not deleted, counted by the values that most filters ask for. A filter is a
-- set of these few cells: its total is a sum, and call_cell gives the calls of each in order.
CREATE TABLE cell (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    category TEXT,
    type TEXT,
    assistant_id TEXT,
    sessions_scheduled INTEGER,
    started INTEGER NOT NULL,
    calls INTEGER NOT NULL
) STRICT;

-- What a provider sent and nobody could read: kept until a person has looked at it.
CREATE TABLE dead_letter (
    id TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    url TEXT NOT NULL,
    content_type TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- ascii: only spaces divide what search.fold() has made, and nothing is folded again.
CREATE VIRTUAL TABLE call_search USING fts5 (
    summary, patient, notes, transcript, number, facets,
    content = '', contentless_delete = 1, tokenize = 'ascii'
);

CREATE TABLE tag (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    posted BLOB,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX tag_name_key ON tag (name_key) WHERE deleted_at IS NULL;
CREATE INDEX tag_sort_key ON tag (sort_key, id) WHERE deleted_at IS NULL;

CREATE TABLE patient (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    date_of_birth TEXT,
    phone_number TEXT,
    number_key TEXT,
    email TEXT,
    active INTEGER NOT NULL DEFAULT 1,
    posted BLOB,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
CREATE INDEX patient_sort_key ON patient (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX patient_number_key ON patient (number_key) WHERE deleted_at IS NULL;

-- One row for each patient who is not deleted, by patient.number.
CREATE VIRTUAL TABLE patient_search USING fts5 (
    name, email, number,
    content = '', contentless_delete = 1, tokenize = 'ascii'
);

-- active: neither is deleted. Filters by tags read nothing but one range of this table for each.
CREATE TABLE patient_tag (
    patient_id TEXT NOT NULL REFERENCES patient (id),
    tag_id TEXT NOT NULL REFERENCES tag (id),
    place INTEGER NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tag_id, patient_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX patient_tag_patient_id ON patient_tag (patient_id, place, active);

CREATE TABLE api_key (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    replaced_at INTEGER
) STRICT;
"""


def up(connection: apsw.Connection) -> None:
    connection.execute(TABLES).fetchall()
