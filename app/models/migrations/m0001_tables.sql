-- Makes the first tables: calls and their search, patients, tags, keys, dead letters.

-- One row, in every transaction that changes anything: what was remembered before is stale. born is
-- new, and before what it was, whenever the file is opened by the first: its copies have another.
CREATE TABLE revision (number INTEGER NOT NULL, born TEXT NOT NULL, before TEXT) STRICT;
INSERT INTO revision (number, born) VALUES (0, lower(hex(randomblob(8))));

-- sort_at orders the calls, with id: started_at, else created_at. Instants are milliseconds since
-- 1970. other_ends holds the ends that events told besides ended_at, each after its rank's digit;
-- link_key the number by which a patient was looked for; known_as the id that follows from provider
-- and external_id, where the call has another. origins says how sure each field is, seen which of a
-- provider's bodies have been read.
CREATE TABLE call (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sort_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    other_ends TEXT,
    assistant_id TEXT,
    phone_number_id TEXT,
    type TEXT,
    customer_number TEXT,
    number_key TEXT,
    link_key TEXT,
    status TEXT NOT NULL,
    category TEXT,
    duration_min REAL,
    patient_id TEXT,
    language TEXT,
    sessions_scheduled INTEGER,
    provider TEXT,
    external_id TEXT,
    known_as BLOB,
    recording_url TEXT,
    cost_usd REAL,
    ended_reason TEXT,
    origins TEXT NOT NULL DEFAULT '',
    seen TEXT NOT NULL DEFAULT '',
    posted BLOB,
    summary TEXT,
    notes TEXT,
    transcript TEXT
) STRICT;
-- The list: its order, and all that most filters ask for.
CREATE INDEX call_list ON call
    (sort_at, id, status, category, type, assistant_id, sessions_scheduled, started_at, patient_id,
     deleted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX call_patient_id ON call (patient_id, sort_at, id)
    WHERE deleted_at IS NULL AND patient_id IS NOT NULL;
CREATE INDEX call_number_key ON call (number_key, sort_at, id)
    WHERE deleted_at IS NULL AND number_key IS NOT NULL;
CREATE UNIQUE INDEX call_known_as ON call (known_as) WHERE known_as IS NOT NULL;

-- Spans of time that hold calls. changed is the number of the last revision in which some call of
-- the period came, went or is found by something else: what was counted before is stale.
CREATE TABLE period (number INTEGER PRIMARY KEY, changed INTEGER NOT NULL) STRICT;

-- The words of each call that is not deleted, by call.number, each word with the mark of its
-- period before it. ascii: only spaces divide what words.fold() has made, and nothing is folded
-- again. prefix: beginnings of one letter, with the mark, are found without merging all words.
CREATE VIRTUAL TABLE call_search USING fts5 (
    summary, patient, notes, transcript, number,
    prefix = '2', content = '', contentless_delete = 1, tokenize = 'ascii'
);

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

-- Patients of whose calls only those up to a number are found by the new name already.
CREATE TABLE renamed_patient (patient_id TEXT PRIMARY KEY NOT NULL, entered INTEGER NOT NULL) STRICT;

-- The words of each patient who is not deleted, by patient.number.
CREATE VIRTUAL TABLE patient_search USING fts5 (
    name, email, number,
    content = '', contentless_delete = 1, tokenize = 'ascii'
);

-- active: neither patient nor tag is deleted. place keeps the order in which tags were given.
CREATE TABLE patient_tag (
    patient_id TEXT NOT NULL REFERENCES patient (id),
    tag_id TEXT NOT NULL REFERENCES tag (id),
    place INTEGER NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (patient_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX patient_tag_tag_id ON patient_tag (tag_id, patient_id, active);

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
