"""Calls: the table, the words and the periods that they are found by, and how SQLite lists them."""

from collections.abc import Iterable
from typing import Any

import orjson
from peewee import BlobField, FloatField, IntegerField, TextField

from app.ids import id_bytes
from app.models.base import KeptModel, Model, Row
from app.models.clock import clock
from app.models.engine import connection
from app.words import Words

# A period is 2^20 seconds, about 12 days: a clinic's decade has 301 of them.
PERIOD_MS = 1000 << 20
# After every instant that a call can have.
FOREVER_MS = 1 << 48


def period_of(sort_at: int) -> int:
    """Give the number of the period that an instant (milliseconds since 1970) lies in."""
    return sort_at // PERIOD_MS


class Call(KeptModel):
    """One call; `sort_at` and `id` order the list."""

    number = IntegerField(primary_key=True)
    id = TextField(unique=True)
    sort_at = IntegerField()
    deleted_at = IntegerField(null=True)
    version = IntegerField(default=1)
    created_at = IntegerField()
    updated_at = IntegerField()
    started_at = IntegerField(null=True)
    ended_at = IntegerField(null=True)
    other_ends = TextField(null=True)
    assistant_id = TextField(null=True)
    phone_number_id = TextField(null=True)
    type = TextField(null=True)
    customer_number = TextField(null=True)
    number_key = TextField(null=True)
    link_key = TextField(null=True)
    status = TextField(default="pending")
    category = TextField(null=True)
    duration_min = FloatField(null=True)
    patient_id = TextField(null=True)
    language = TextField(null=True)
    sessions_scheduled = IntegerField(null=True)
    provider = TextField(null=True)
    external_id = TextField(null=True)
    known_as = BlobField(null=True)
    recording_url = TextField(null=True)
    cost_usd = FloatField(null=True)
    ended_reason = TextField(null=True)
    origins = TextField(default="")
    seen = TextField(default="")
    posted = BlobField(null=True)
    assignee = TextField(null=True)
    due_at = IntegerField(null=True)
    hidden_until = IntegerField(null=True)
    attempts = IntegerField(default=0)
    done_at = IntegerField(null=True)
    summary = TextField(null=True)
    notes = TextField(null=True)
    transcript = TextField(null=True)


class CallSearch(Model):
    """The full-text index of the calls that are not deleted, by `Call.number`."""

    rowid = IntegerField(primary_key=True)

    class Meta:
        table_name = "call_search"


class Selection:
    """The calls that meet some conditions, looked at between two instants of `sort_at`.

    The first instant belongs to them, the second does not. One statement is made by peewee for all
    questions: making it takes longer than most answers. Each answer is one value, for rows fetched
    one by one would take and give up Python's lock for each.
    """

    columns: tuple[Any, ...] = (Call.number, Call.sort_at)

    def __init__(self, conditions: Iterable[Any]) -> None:
        wanted = Call.select(*self.columns)
        text, self.params = wanted.where(Call.deleted_at.is_null(), *conditions).sql()
        self.text = f'{text} AND "t1"."sort_at" >= ? AND "t1"."sort_at" < ?'

    def count(self, begin: int, end: int) -> int:
        """Count them."""
        return int(self._ask("count(*)", self.text, begin, end))

    def numbers(
        self, begin: int, end: int, *, limit: int, offset: int = 0, oldest_first: bool = False
    ) -> list[int]:
        """Give the numbers of some of them in the order of the list."""
        order = _OLDEST_FIRST if oldest_first else _NEWEST_FIRST
        text = f"{self.text} ORDER BY {order} LIMIT ? OFFSET ?"
        numbers: list[int] = orjson.loads(
            self._ask("json_group_array(number)", text, begin, end, limit, offset)
        )
        return numbers

    def earliest(self, begin: int, end: int, limit: int) -> list[tuple[int, int]]:
        """Give the numbers and instants of the first of them, oldest first."""
        # Without an offset SQLite would join what EXISTS asks for, and sort all of it.
        text = f"{self.text} ORDER BY {_OLDEST_FIRST} LIMIT ? OFFSET 0"
        pairs = "json_group_array(json_array(number, sort_at))"
        return [
            (number, at) for number, at in orjson.loads(self._ask(pairs, text, begin, end, limit))
        ]

    def _ask(self, what: str, text: str, begin: int, end: int, *more: int) -> Any:
        period = period_of(begin)
        params = [
            param.in_period(period) if isinstance(param, Words) else param for param in self.params
        ]
        clock.check()  # SQLite looks itself only where a statement takes long
        values = (*params, begin, end, *more)
        return connection().execute(f"SELECT {what} FROM ({text})", values).get


_NEWEST_FIRST = '"t1"."sort_at" DESC, "t1"."id" DESC'
_OLDEST_FIRST = '"t1"."sort_at", "t1"."id"'


def has_few_calls(column: str, value: str, most: int) -> bool:
    """Tell whether at most so many calls have a `patient_id` or `number_key`."""
    found = connection().execute(_UP_TO.format(column=column), (value, most + 1)).get
    return int(found) <= most


_UP_TO = (
    "SELECT count(*) FROM (SELECT 1 FROM call WHERE {column} = ? AND deleted_at IS NULL LIMIT ?)"
)


def listed_calls(numbers: Iterable[int], columns: tuple[str, ...]) -> list[Row]:
    """Give columns of the calls of these numbers, in the order of the numbers."""
    wanted = orjson.dumps(list(numbers)).decode()
    # One step of SQLite, which holds no lock of Python's while it runs: rows fetched one by one
    # would take and give it up for each.
    names = ", ".join(columns)
    text = connection().execute(_LISTED.format(names=names), (wanted,)).get
    return [dict(zip(columns, values, strict=True)) for values in orjson.loads(text)]


_LISTED = (
    "SELECT json_group_array(json_array({names}) ORDER BY place)"
    " FROM (SELECT key AS place, value AS wanted FROM json_each(?)) CROSS JOIN call"
    " ON call.number = wanted"
)


def period_changes() -> dict[int, int]:
    """Give the periods that hold calls, in order, each with the revision of its last change."""
    text = connection().execute(_PERIODS).get
    return dict(orjson.loads(text))


def touch_period(sort_at: int) -> None:
    """Make what was counted in the period of an instant stale, once this is committed."""
    raw = connection()
    period = (period_of(sort_at),)
    raw.execute(_TOUCH, period)
    if not raw.changes():
        raw.execute(_ADD_PERIOD, period)


def touch_periods_of(patient_ids: Iterable[str]) -> None:
    """Make what was counted in the periods of the calls of patients stale."""
    connection().executemany(_TOUCH_OF_PATIENT, [(patient_id,) for patient_id in patient_ids])


def put_call_words(number: int, words: tuple[str, ...]) -> None:
    """Let a call be found by words, which are five texts of marked words."""
    connection().execute(_PUT_WORDS, (number, *words))


def drop_call_words(number: int) -> None:
    """Let a call be found by no word."""
    connection().execute("DELETE FROM call_search WHERE rowid = ?", (number,))


def known_call_id(stated_id: str | None) -> str | None:
    """Give the id of the call from whose provider and external_id this id follows."""
    if stated_id is None:
        return None
    found: str | None = connection().execute(_KNOWN_CALL, (id_bytes(stated_id), stated_id)).get
    return found


def calls_to_enter(patient_id: str, entered: int) -> list[Row]:
    """Give the next rows of a patient's calls that are not deleted, by number."""
    return Call.find_rows(_TO_ENTER, patient_id, entered)


def renamed_patient() -> tuple[str, int] | None:
    """Give a patient of whose calls only those up to a number are found by the new name."""
    found: tuple[str, int] | None = connection().execute(_RENAMED).get
    return found


def note_renamed(patient_id: str, entered: int) -> None:
    """Write down up to which number a patient's calls are found by the new name."""
    connection().execute("REPLACE INTO renamed_patient VALUES (?, ?)", (patient_id, entered))


def forget_renamed(patient_id: str) -> None:
    """Write down that all of a patient's calls are found by the new name."""
    connection().execute("DELETE FROM renamed_patient WHERE patient_id = ?", (patient_id,))


def show_earlier_calls(number_key: str, sort_at: int) -> None:
    """Bring back the calls of a number that wait for their time: a later one has arrived."""
    connection().execute(_SHOW_EARLIER, (number_key, sort_at))


def has_call_since(number_key: str | None, sort_at: int) -> bool:
    """Tell whether there is a call of a number after an instant."""
    return bool(connection().execute(_HAS_SINCE, (number_key, sort_at)).get)


def taken_calls(name: str) -> list[Row]:
    """Give the rows of the open calls that a person has taken."""
    return Call.find_rows("assignee = ? AND deleted_at IS NULL AND status <> 'done'", name)


def last_arrivals() -> dict[str, int]:
    """Give the instant of the last call that each provider's webhooks have told of."""
    # A call that was imported or pulled has seen no event.
    found: Any = connection().execute(_LAST_ARRIVALS)
    return dict(found)


def deleted_ids() -> list[str]:
    """Give the ids of the deleted calls."""
    return [call.id for call in Call.select(Call.id).where(Call.deleted_at.is_null(False))]


_PERIODS = "SELECT json_group_array(json_array(number, changed) ORDER BY number) FROM period"
_TOUCH = "UPDATE period SET changed = (SELECT number + 1 FROM revision) WHERE number = ?"
_ADD_PERIOD = "INSERT INTO period (number, changed) SELECT ?, number + 1 FROM revision"
_TOUCH_OF_PATIENT = (
    "UPDATE period SET changed = (SELECT number + 1 FROM revision) WHERE number IN"
    f" (SELECT sort_at / {PERIOD_MS} FROM call WHERE patient_id = ? AND deleted_at IS NULL)"
)
_RENAMED = "SELECT patient_id, entered FROM renamed_patient LIMIT 1"
_TO_ENTER = (
    "number IN (SELECT number FROM call WHERE patient_id = ? AND number > ? AND deleted_at IS NULL"
    " ORDER BY number LIMIT 100) ORDER BY number"
)
_PUT_WORDS = (
    "INSERT INTO call_search (rowid, summary, patient, notes, transcript, number)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_KNOWN_CALL = (
    "SELECT id FROM call WHERE known_as = ? UNION ALL SELECT id FROM call WHERE id = ? LIMIT 1"
)
_SHOW_EARLIER = (
    "UPDATE call SET hidden_until = NULL"
    " WHERE number_key = ? AND sort_at < ? AND hidden_until IS NOT NULL"
)
_HAS_SINCE = (
    "SELECT EXISTS (SELECT 1 FROM call WHERE number_key = ? AND sort_at > ? AND deleted_at IS NULL)"
)
_LAST_ARRIVALS = "SELECT provider, max(sort_at) FROM call WHERE seen <> '' GROUP BY provider"
