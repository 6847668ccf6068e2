"""Where calls are written: every source's draft is recorded here, and every decision of staff."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

import orjson
import uuid_utils
from flask import current_app

from app import phones, search
from app.database import connection, database
from app.errors import ApiError
from app.instants import now_ms
from app.models.calls import FACETS, SLOTS, Call, first_position
from app.wire import to_wire

Row = dict[str, Any]
Outcome = Literal["created", "updated", "unchanged", "ignored"]

STAFF_FIELDS = frozenset({"status", "category", "patient_id", "sessions_scheduled", "notes"})

# How sure a value is, by where it came from, in one digit: what follows from other fields, what
# was stated, a provider's kinds of event by their rank from 1 to 8, and what a person decided.
DERIVED = 0
STATED = 1
PERSON = 9

# How far a call is put from the first or last of its second.
END_STEP = 8

# The fields whose rank is kept, as one digit each in `origins`: only ever add to the end. `link`
# is no field: its rank is that of the number by which the call was linked to a patient.
RANKED = (
    *("status", "category", "patient_id", "sessions_scheduled", "notes", "duration_min"),
    *("summary", "customer_number", "started_at", "ended_at", "created_at", "assistant_id"),
    *("phone_number_id", "type", "language", "transcript", "recording_url", "cost_usd"),
    *("ended_reason", "link"),
)


@dataclass(slots=True)
class Draft:
    """What one source says of one call.

    `values` are values of the table by field; null and absent say nothing. `ranks` says how sure
    each is, `rank` where it does not. `link` asks to link the call to the patient with its number.
    `digest` stands for the body of a provider's event, `posted` for the content of a POST.
    """

    id: str
    values: Row
    rank: int = DERIVED
    ranks: Mapping[str, int] = field(default_factory=dict)
    link: bool = False
    posted: bytes | None = None
    digest: str | None = None

    def rank_of(self, name: str) -> int:
        return self.ranks.get(name, self.rank)


def new_id() -> str:
    """Give the id of a new call: a UUIDv7, which grows with time."""
    return str(uuid_utils.uuid7())


def provider_call_id(provider: str, external_id: str) -> str:
    """Give the id that a provider's call always has here."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{provider}:{external_id}"))


def stated_call_id(values: Row) -> str | None:
    """Give the id that follows from a call's provider and the provider's id of it."""
    provider, external_id = values.get("provider"), values.get("external_id")
    return provider_call_id(provider, external_id) if provider and external_id else None


def all_rows() -> Iterator[Row]:
    """Give every active call, oldest first."""
    for found in connection().execute(_ALL):
        yield dict(zip(COLUMNS, found, strict=True))


def record_call(draft: Draft) -> Outcome:
    """Store what a draft says: insert, fill, correct or ignore. Runs inside `database.write()`.

    A value replaces one of the same or a lower rank; a lower one only fills what is empty. What a
    person has set stays. A deleted call stays deleted, but is up to date if it is ever restored.
    """
    row = find_row(draft.id)
    if row is None:
        insert_call(draft)
        return "created"
    outcome = _merge(row, draft)
    return outcome if row["deleted_at"] is None else "ignored"


def _merge(row: Row, draft: Draft) -> Outcome:
    """Write into a known call what a draft knows better."""
    if draft.digest in row["seen"].split():
        return "unchanged"
    ranks = _ranks(row)
    changes: Row = {}
    for name, value in draft.values.items():
        known, rank = ranks.get(name, DERIVED), draft.rank_of(name)
        if value is None or known == PERSON > rank or (row[name] is not None and known > rank):
            continue
        changes[name] = value
        ranks[name] = rank
    if draft.digest:
        changes["seen"] = f"{row['seen']} {draft.digest}".strip()
    changes |= _link(draft, ranks)
    return _change(row, changes, ranks)


def get_call(call_id: str) -> Row:
    """Give an active call's row. Raises ApiError not_found."""
    # A UUID means the same in capitals, as some clients write it (RFC 9562).
    row = find_row(call_id.lower())
    if row is None or row["deleted_at"] is not None:
        raise ApiError("not_found", "There is no call with this id.")
    return row


def post_call(values: Row, *, by_person: bool) -> tuple[Outcome, Row]:
    """Create the call that a client posts, or give the one that the same content has made.

    Raises ApiError already_exists where the id is taken by anything else.
    """
    call_id = values.get("id") or stated_call_id(values) or new_id()
    posted = content_digest(values)
    ranks = stated_ranks(values, by_person=by_person)
    draft = Draft(call_id, values, ranks=ranks, link="patient_id" not in values, posted=posted)
    with database.write():
        row = find_row(call_id)
        if row is None:
            return "created", insert_call(draft)
        if row["deleted_at"] is not None or row["posted"] != posted:
            raise ApiError("already_exists", "This id belongs to another call.", "id")
        return "unchanged", row


def content_digest(values: Row) -> bytes:
    """Give what stands for the content of a POST, so that it can be told from another."""
    return sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).digest()


def decide_call(call_id: str, version: int, changes: Row) -> Row:
    """Store what a person decided and give the call as it is then.

    Each field in `changes` is the person's from now on, null too. Raises ApiError not_found,
    version_mismatch and, for an end before its start, invalid_field.
    """
    with database.write():
        row = get_call(call_id)
        if row["version"] != version:
            raise ApiError("version_mismatch", param="version")
        if changes.keys() & _INSTANTS and _ends_before_it_starts(row | changes):
            message = "ended_at must not be before started_at."
            raise ApiError("invalid_field", message, "ended_at")
        _change(row, changes, _ranks(row) | dict.fromkeys(changes, PERSON))
        return row


_INSTANTS = {"started_at", "ended_at"}


def _ends_before_it_starts(row: Row) -> bool:
    started_at, ended_at = row["started_at"], row["ended_at"]
    return started_at is not None and ended_at is not None and ended_at < started_at


def remove_call(call_id: str) -> None:
    """Mark a call inactive: no list, search, count or get sees it. Raises ApiError not_found."""
    with database.write():
        row = get_call(call_id)
        connection().execute(_DELETE_SEARCH, (row["position"],))
        _leave_cell(row)
        _set_deleted(row, now_ms(), None)


def restore_call(call_id: str) -> None:
    """Make a deleted call active again. Raises ApiError not_found where none was deleted."""
    with database.write():
        row = find_row(call_id)
        if row is None or row["deleted_at"] is None:
            raise ApiError("not_found", "There is no deleted call with this id.")
        _set_deleted(row, None, _enter_cell(row))
        _index(row)


def _set_deleted(row: Row, deleted_at: int | None, cell: int | None) -> None:
    changes = (deleted_at, cell, row["version"] + 1, now_ms(), row["position"])
    connection().execute(_SET_DELETED, changes)


def _cell_key(row: Row) -> list[Any]:
    return [*(row[name] for name in FACETS), row["started_at"] is not None]


def _enter_cell(row: Row) -> int:
    """Count a call in the cell of its values and give the cell's id."""
    # Not one INSERT ... ON CONFLICT ... RETURNING: SQLite runs that in a savepoint of its own, and
    # at each savepoint FTS5 writes out what it has gathered of the transaction.
    raw = connection()
    values = _cell_key(row)
    key = orjson.dumps(values).decode()
    cell: int | None = raw.execute(_FIND_CELL, (key,)).get
    if cell is None:
        raw.execute(_INSERT_CELL, (key, *values))
        return raw.last_insert_rowid()
    raw.execute(_COUNT_CELL, (1, cell))
    return cell


def _leave_cell(row: Row) -> None:
    connection().execute(_COUNT_CELL, (-1, row["cell"]))


def stated_ranks(values: Row, *, by_person: bool = True) -> dict[str, int]:
    """Give the ranks of values stated whole; staff fields that hold one were set by a person."""
    decided = PERSON if by_person else STATED
    ranks = {name: decided for name in STAFF_FIELDS if values.get(name) not in (None, "pending")}
    if values.get("duration_min") is not None:
        ranks["duration_min"] = STATED
    return ranks


def correct_call(row: Row, changes: Row, ranks: dict[str, int]) -> Outcome:
    """Take over other content of a known call, null too. Runs inside `database.write()`."""
    return _change(row, changes, _ranks(row) | ranks)


def find_row(call_id: str) -> Row | None:
    """Give a call's row, deleted or not, by field."""
    found = connection().execute(_FIND, (call_id,)).fetchone()
    return dict(zip(COLUMNS, found, strict=True)) if found else None


def reindex_calls(patient_ids: Iterable[str]) -> None:
    """Write the search text of these patients' calls anew, after a change of their names."""
    raw = connection()
    for patient_id in patient_ids:
        for found in raw.execute(_OF_PATIENT, (patient_id,)).fetchall():
            row = dict(zip(COLUMNS, found, strict=True))
            raw.execute(_DELETE_SEARCH, (row["position"],))
            _index(row)


def insert_call(draft: Draft) -> Row:
    """Store a call whose id is new and give its row. Runs inside `database.write()`."""
    now = now_ms()
    row: Row = {**_BLANK, "updated_at": now, "posted": draft.posted, "seen": draft.digest or ""}
    ranks = {}
    for name, value in draft.values.items():
        if value is not None:
            row[name] = value
            if rank := draft.rank_of(name):
                ranks[name] = rank
    row["id"] = draft.id
    row["created_at"] = now if row["created_at"] is None else row["created_at"]
    row |= _link(draft, ranks)
    _derive(row, ranks)
    row["position"] = _place(row)
    row["origins"] = _origins(ranks)
    row["wire"] = to_wire(row)
    row["cell"] = _enter_cell(row)
    connection().execute(_INSERT, tuple(row.values()))
    _index(row)
    return row


def _change(row: Row, changes: Row, ranks: dict[str, int]) -> Outcome:
    """Write changes into a row and what follows from them; only a real change is a new version."""
    before = dict(row)
    row |= changes
    _derive(row, ranks)
    row["origins"] = _origins(ranks)
    changed = any(row[name] != before[name] for name in _CONTENT)
    if changed:
        row["version"] += 1
        row["updated_at"] = max(now_ms(), row["updated_at"])
        row["wire"] = to_wire(row)
        if row["cell"] is not None and _cell_key(row) != _cell_key(before):
            _leave_cell(before)
            row["cell"] = _enter_cell(row)
        if _sort_at(row) != _sort_at(before):
            row["position"] = _place(row)
            # Making room may have moved this very call.
            before["position"] = connection().execute(_POSITION, (row["id"],)).get
    elif row == before:
        return "unchanged"
    raw = connection()
    if row["deleted_at"] is None and any(row[name] != before[name] for name in _SEARCHED):
        raw.execute(_DELETE_SEARCH, (before["position"],))
        raw.execute(_UPDATE, [*row.values(), before["position"]])
        _index(row)
    else:
        raw.execute(_UPDATE, [*row.values(), before["position"]])
    return "updated" if changed else "unchanged"


def _derive(row: Row, ranks: dict[str, int]) -> None:
    """Fill in what follows from other fields, as long as nobody has said it."""
    number = row["customer_number"]
    region = current_app.config["CLINIC_REGION"]
    row["number_key"] = None if number is None else phones.match_key(number, region)
    if not ranks.get("duration_min"):
        row["duration_min"] = duration_min(row["started_at"], row["ended_at"])


def _link(draft: Draft, ranks: dict[str, int]) -> Row:
    """Give the patient to whom a draft's number leads, as long as nobody has said who it is.

    It goes by the best number that a source has said, whatever a person has made of it since:
    else it would matter whether that person or the source came first.
    """
    number, rank = draft.values.get("customer_number"), draft.rank_of("customer_number")
    if not draft.link or number is None or rank < ranks.get("link", DERIVED):
        return {}
    ranks["link"] = rank
    if ranks.get("patient_id"):
        return {}
    key = phones.match_key(number, current_app.config["CLINIC_REGION"])
    return {"patient_id": _patient_with_number(key)}


def _ranks(row: Row) -> dict[str, int]:
    return {name: int(rank) for name, rank in zip(RANKED, row["origins"], strict=False)}


def _origins(ranks: Mapping[str, int]) -> str:
    digits = ["0"] * len(RANKED)
    for name, rank in ranks.items():
        if name in _PLACE_OF:
            digits[_PLACE_OF[name]] = str(rank)
    return "".join(digits).rstrip("0")


def duration_min(started_at: int | None, ended_at: int | None) -> float | None:
    """Give the minutes between two instants, two decimals, halves rounded up."""
    if started_at is None or ended_at is None:
        return None
    elapsed_ms = ended_at - started_at
    return (elapsed_ms * 200 + 60_000) // 120_000 / 100 if elapsed_ms >= 0 else None


def _patient_with_number(number_key: str) -> str | None:
    found = connection().execute(_PATIENTS_WITH_NUMBER, (number_key,)).fetchall()
    return str(found[0][0]) if len(found) == 1 else None


def _sort_at(row: Row) -> int:
    return int(row["created_at"] if row["started_at"] is None else row["started_at"])


def _place(row: Row) -> int:
    """Give the position of a call: its second, and a slot between its neighbours in the order."""
    first = first_position(_sort_at(row))
    before, after = _neighbours(row, first, first + SLOTS)
    gap = after - before
    if gap < 2:
        _spread(first)
        return _place(row)
    if before < first and after == first + SLOTS:
        return first + SLOTS // 2
    # Ids mostly rise or fall: at an end, a small step leaves room for thousands more.
    step = min(END_STEP, gap // 2)
    if after == first + SLOTS:
        return before + step
    if before < first:
        return after - step
    return before + gap // 2


def _neighbours(row: Row, first: int, end: int) -> tuple[int, int]:
    """Give the positions between which a call belongs; an end of its second where none is."""
    raw = connection()
    key = (_sort_at(row), row["id"])
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


def _spread(first: int) -> None:
    """Move the calls of a second apart, so that there is room between any two.

    Raises ApiError where they fill the second.
    """
    raw = connection()
    positions = [found[0] for found in raw.execute(_IN_SECOND, (first, first + SLOTS))]
    gap = SLOTS // (len(positions) + 1)
    if gap < 2:
        raise ApiError("invalid_field", "Too many calls share this second.", "started_at")
    rows = [
        dict(zip(COLUMNS, found, strict=True))
        for position in positions
        for found in raw.execute(_AT, (position,))
    ]
    for moved in rows:
        raw.execute(_DELETE_SEARCH, (moved["position"],))
        # Aside first: the new positions overlap the old ones.
        raw.execute(_MOVE, (-moved["position"], moved["position"]))
    for number, moved in enumerate(rows, 1):
        raw.execute(_MOVE, (first + number * gap, -moved["position"]))
        moved["position"] = first + number * gap
        if moved["deleted_at"] is None:
            _index(moved)


def _index(row: Row) -> None:
    raw = connection()
    name = None
    if row["patient_id"] is not None:
        name = raw.execute(_PATIENT_NAME, (row["patient_id"],)).get
    words = search.call_words(row, name)
    raw.execute(_INSERT_SEARCH, (row["position"], *words))


_PLACE_OF = {name: place for place, name in enumerate(RANKED)}
COLUMNS = tuple(Call._meta.sorted_field_names)
_BLANK = dict.fromkeys(COLUMNS) | {"version": 1, "status": "pending"}
_UNSAID = {
    "position",
    "cell",
    "number_key",
    "origins",
    "posted",
    "seen",
    "wire",
    "version",
    "updated_at",
}
_CONTENT = tuple(name for name in COLUMNS if name not in _UNSAID)
_SEARCHED = (
    *("position", "summary", "notes", "transcript", "customer_number", "patient_id"),
    *FACETS,
    "started_at",
)

_COLUMN_LIST = ", ".join(COLUMNS)
_FIND = f"SELECT {_COLUMN_LIST} FROM call WHERE id = ?"
_POSITION = "SELECT position FROM call WHERE id = ?"
_AT = f"SELECT {_COLUMN_LIST} FROM call WHERE position = ?"
_ALL = f"SELECT {_COLUMN_LIST} FROM call WHERE deleted_at IS NULL ORDER BY position"
_OF_PATIENT = f"SELECT {_COLUMN_LIST} FROM call WHERE patient_id = ? AND deleted_at IS NULL"
_INSERT = f"INSERT INTO call ({_COLUMN_LIST}) VALUES ({', '.join('?' * len(COLUMNS))})"
_UPDATE = f"UPDATE call SET {', '.join(f'{name} = ?' for name in COLUMNS)} WHERE position = ?"
_MOVE = "UPDATE call SET position = ? WHERE position = ?"
_SET_DELETED = (
    "UPDATE call SET deleted_at = ?, cell = ?, version = ?, updated_at = ? WHERE position = ?"
)
_FIND_CELL = "SELECT id FROM cell WHERE key = ?"
_INSERT_CELL = (
    f"INSERT INTO cell (key, {', '.join(FACETS)}, started, calls) VALUES (?, ?, ?, ?, ?, ?, ?, 1)"
)
_COUNT_CELL = "UPDATE cell SET calls = calls + ? WHERE id = ?"
_IN_SECOND = (
    "SELECT position, ifnull(started_at, created_at), id FROM call"
    " WHERE position >= ? AND position < ? ORDER BY position"
)
_DELETE_SEARCH = "DELETE FROM call_search WHERE rowid = ?"
_LAST_OF = (
    "SELECT position, ifnull(started_at, created_at), id FROM call"
    " WHERE position >= ? AND position < ? AND id <> ? ORDER BY position DESC LIMIT 1"
)
_FIRST_OF = _LAST_OF.replace(" DESC", "")
_INSERT_SEARCH = (
    "INSERT INTO call_search (rowid, summary, patient, notes, transcript, number, facets)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_PATIENT_NAME = (
    "SELECT first_name || ' ' || last_name FROM patient WHERE id = ? AND deleted_at IS NULL"
)
_PATIENTS_WITH_NUMBER = "SELECT id FROM patient WHERE number_key = ? AND deleted_at IS NULL LIMIT 2"
