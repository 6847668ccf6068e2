-- What the front desk works with: people and their sessions, who has a call and when it is due,
-- and the history of calls and patients.

-- A name is never given again: the records go by it. name_key is the name without regard to case.
-- password is null until the person has chosen one.
CREATE TABLE person (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password TEXT,
    single_keys INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;

-- A browser that is signed in: hash is that of its cookie. seen_at is written once a minute at
-- most, and outside of revision: what is remembered does not go stale with it.
CREATE TABLE session (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    person INTEGER NOT NULL REFERENCES person (number),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_person ON session (person);

-- A link, good once, at which a person chooses a new password.
CREATE TABLE password_link (
    hash BLOB PRIMARY KEY NOT NULL,
    person INTEGER NOT NULL REFERENCES person (number),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- assignee is a person's name. due_at is when somebody wants to try again; hidden_until the same
-- until a later call of the number arrives, then null. done_at is when a call became done here.
ALTER TABLE call ADD COLUMN assignee TEXT;
ALTER TABLE call ADD COLUMN due_at INTEGER;
ALTER TABLE call ADD COLUMN hidden_until INTEGER;
ALTER TABLE call ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE call ADD COLUMN done_at INTEGER;
-- What needs somebody, in the order of its pages, with all that is asked of it.
CREATE INDEX call_open ON call (status, sort_at, id, hidden_until, deleted_at)
    WHERE deleted_at IS NULL AND status <> 'done';
CREATE INDEX call_later ON call (hidden_until, id, status, deleted_at)
    WHERE deleted_at IS NULL AND status <> 'done' AND hidden_until IS NOT NULL;
CREATE INDEX call_done ON call (done_at, id, deleted_at)
    WHERE deleted_at IS NULL AND done_at IS NOT NULL;
-- How many calls of a patient wait: most have very many that do not.
CREATE INDEX call_waiting ON call (patient_id, hidden_until, deleted_at)
    WHERE deleted_at IS NULL AND status <> 'done' AND patient_id IS NOT NULL;
-- What somebody has taken, to be released when that person ends.
CREATE INDEX call_assignee ON call (assignee)
    WHERE deleted_at IS NULL AND status <> 'done' AND assignee IS NOT NULL;
-- Those that a later call of their number brings back.
CREATE INDEX call_hidden ON call (number_key, sort_at) WHERE hidden_until IS NOT NULL;
-- The list as before, and what is added up of its calls, in hundredths of a minute and millionths
-- of a dollar: off the table it would take twice as long.
DROP INDEX call_list;
CREATE INDEX call_list ON call
    (sort_at, id, status, category, type, assistant_id, sessions_scheduled, started_at, patient_id,
     deleted_at, CAST(round(duration_min * 100) AS INTEGER),
     CAST(round(cost_usd * 1000000) AS INTEGER))
    WHERE deleted_at IS NULL;
-- How long calls took until they were done: without it all calls would be looked at.
CREATE INDEX call_done_sort_at ON call (sort_at, done_at, attempts)
    WHERE deleted_at IS NULL AND done_at IS NOT NULL;

-- What became of calls and patients: one row a change, in the transaction of the change. kind is
-- `call` or `patient`, item its number. changes is JSON, {field: [before, after]}, long texts as
-- their length. session and restore (JSON, {column: [before, after]}, whole values) are there for
-- what a person did on a page and may undo; act is the number of the first row of what was one
-- action, null in that row itself.
CREATE TABLE history (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    item INTEGER NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    changes TEXT,
    outcome TEXT,
    note TEXT,
    version INTEGER NOT NULL,
    session INTEGER,
    act INTEGER,
    restore TEXT,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX history_item ON history (kind, item);
CREATE INDEX history_session ON history (session) WHERE session IS NOT NULL;
