"""Where calls are written: every source's draft is recorded here, and every decision of staff."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

import orjson
from flask import current_app

from app import call_index, phones
from app.call_index import FOUND_BY
from app.database import connection, database
from app.errors import ApiError
from app.ids import new_id
from app.instants import now_ms
from app.models.calls import COLUMNS
from app.positions import place, sort_at
from app.wire import to_wire

Row = dict[str, Any]
Outcome = Literal["created", "updated", "unchanged", "ignored"]

STAFF_FIELDS = frozenset({"status", "category", "patient_id", "sessions_scheduled", "notes"})

# How sure a value is, by where it came from, in one digit: what follows from other fields, what
# was stated, a provider's kinds of event by their rank from 1 to 8, and what a person decided.
DERIVED = 0
STATED = 1
PERSON = 9

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
        call_index.leave(connection(), row)
        _set_deleted(row | {"cell": None}, now_ms())


def restore_call(call_id: str) -> None:
    """Make a deleted call active again. Raises ApiError not_found where none was deleted."""
    with database.write():
        row = find_row(call_id)
        if row is None or row["deleted_at"] is None:
            raise ApiError("not_found", "There is no deleted call with this id.")
        call_index.enter(connection(), row)
        _set_deleted(row, None)


def _set_deleted(row: Row, deleted_at: int | None) -> None:
    changes = (deleted_at, row["cell"], row["version"] + 1, now_ms(), row["position"])
    connection().execute(_SET_DELETED, changes)


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
    raw = connection()
    # Mostly there is none: then to ask for its place alone takes half the time.
    position = raw.execute(_POSITION, (call_id,)).get
    if position is None:
        return None
    found = raw.execute(_AT, (position,)).fetchone() or ()
    return dict(zip(COLUMNS, found, strict=True))


def insert_call(draft: Draft) -> Row:
    """Store a call whose id is new and give its row. Runs inside `database.write()`."""
    now = now_ms()
    row: Row = {**_BLANK, "updated_at": now, "posted": draft.posted, "seen": draft.digest or ""}
    said = {name: value for name, value in draft.values.items() if value is not None}
    row |= said
    # Most files say nothing of ranks: what is not told of in `ranks` is then derived.
    ranked = said if draft.rank else said.keys() & draft.ranks.keys()
    ranks = {name: rank for name in ranked if (rank := draft.rank_of(name))}
    row["id"] = draft.id
    row["created_at"] = now if row["created_at"] is None else row["created_at"]
    row |= _link(draft, ranks)
    _derive(row, ranks)
    raw = connection()
    row["position"] = place(raw, row)
    row["origins"] = _origins(ranks)
    row["wire"] = to_wire(row)
    call_index.enter(raw, row)
    raw.execute(_INSERT, tuple(row.values()))
    return row


def _change(row: Row, changes: Row, ranks: dict[str, int]) -> Outcome:
    """Write changes into a row and what follows from them; only a real change is a new version."""
    raw = connection()
    before = dict(row)
    row |= changes
    _derive(row, ranks)
    row["origins"] = _origins(ranks)
    changed = any(row[name] != before[name] for name in _CONTENT)
    if changed:
        row["version"] += 1
        row["updated_at"] = max(now_ms(), row["updated_at"])
        row["wire"] = to_wire(row)
        if sort_at(row) != sort_at(before):
            row["position"] = place(raw, row)
            # Making room may have moved this very call.
            before["position"] = raw.execute(_POSITION, (row["id"],)).get
    elif row == before:
        return "unchanged"
    if row["deleted_at"] is None and any(row[name] != before[name] for name in FOUND_BY):
        call_index.leave(raw, before)
        call_index.enter(raw, row)
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
    return "".join([str(ranks.get(name, 0)) for name in RANKED]).rstrip("0") if ranks else ""


def duration_min(started_at: int | None, ended_at: int | None) -> float | None:
    """Give the minutes between two instants, two decimals, halves rounded up."""
    if started_at is None or ended_at is None:
        return None
    elapsed_ms = ended_at - started_at
    return (elapsed_ms * 200 + 60_000) // 120_000 / 100 if elapsed_ms >= 0 else None


def _patient_with_number(number_key: str) -> str | None:
    found = connection().execute(_PATIENTS_WITH_NUMBER, (number_key,)).fetchall()
    return str(found[0][0]) if len(found) == 1 else None


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
_COLUMN_LIST = ", ".join(COLUMNS)
_AT = f"SELECT {_COLUMN_LIST} FROM call WHERE position = ?"
_POSITION = "SELECT position FROM call WHERE id = ?"
_ALL = f"SELECT {_COLUMN_LIST} FROM call WHERE deleted_at IS NULL ORDER BY position"
_INSERT = f"INSERT INTO call ({_COLUMN_LIST}) VALUES ({', '.join('?' * len(COLUMNS))})"
_UPDATE = f"UPDATE call SET {', '.join(f'{name} = ?' for name in COLUMNS)} WHERE position = ?"
_SET_DELETED = (
    "UPDATE call SET deleted_at = ?, cell = ?, version = ?, updated_at = ? WHERE position = ?"
)
_PATIENTS_WITH_NUMBER = "SELECT id FROM patient WHERE number_key = ? AND deleted_at IS NULL LIMIT 2"
