"""How SQLite finds the calls that need somebody, in the order of the queue, and what is new there.

The partial indexes of the queue are used where their conditions stand literally in a statement.
"""

from typing import Any, NamedTuple

import orjson

from app.instants import DAY_MS
from app.models.base import Row
from app.models.engine import connection

# More than these are not counted one by one: so many nobody reads.
MOST_NEWS = 1000


class Part(NamedTuple):
    """Calls that stand together in the queue, and the column that orders them, with their id."""

    condition: str
    order: str
    newest_first: bool = False


_OPEN = "deleted_at IS NULL AND status <> 'done'"
_DUE = "(hidden_until IS NULL OR hidden_until <= :instant)"
PARTS = {
    "flagged": Part(f"{_OPEN} AND status = 'follow_up_needed' AND {_DUE}", "sort_at"),
    "open": Part(f"{_OPEN} AND status = 'pending' AND {_DUE}", "sort_at"),
    "later": Part(f"{_OPEN} AND hidden_until > :instant", "hidden_until"),
    "done": Part("deleted_at IS NULL AND done_at >= :instant", "done_at", newest_first=True),
}


class Place(NamedTuple):
    """Where a call stands in a part of the queue."""

    order: int
    id: str
    number: int


def queue_places(part: str, instant: int, after: tuple[int, str] | None, limit: int) -> list[Place]:
    """Give the first places of a part of the queue behind another place."""
    condition, order, newest_first = PARTS[part]
    down, sign = (" DESC", "<") if newest_first else ("", ">")
    behind = f" AND ({order}, id) {sign} (:order, :id)" if after else ""
    text = (
        f"SELECT {order}, id, number FROM call WHERE {condition}{behind}"
        f" ORDER BY {order}{down}, id{down} LIMIT :limit"
    )
    params: Row = {"instant": instant, "limit": limit}
    if after:
        params |= {"order": after[0], "id": after[1]}
    return [Place(*found) for found in connection().execute(text, params)]


def count_later(instant: int) -> tuple[int, int]:
    """Count the open calls whose time has not come, and the flagged among them."""
    ((later, flagged),) = connection().execute(_COUNT_LATER, {"instant": instant})
    return later, flagged


def count_waiting(patient_ids: list[str], instant: int) -> dict[str, int]:
    """Count the calls of patients that are open and due, of those who have any."""
    params = {"ids": orjson.dumps(patient_ids).decode(), "instant": instant}
    return dict(orjson.loads(connection().execute(_COUNT_WAITING, params).get))


def count_done(since: int) -> int:
    """Count the calls that became done since an instant."""
    return int(connection().execute(_COUNT_DONE, (since,)).get)


def calls_before(status: str, instant: int, after: tuple[int, str], limit: int) -> list[Place]:
    """Give the first calls of an open status, due or not, of before an instant, behind a place."""
    params = {"status": status, "before": instant, "order": after[0], "id": after[1]}
    found = connection().execute(_BEFORE, params | {"limit": limit})
    return [Place(*place) for place in found]


def callers(asked: list[tuple[Any, ...]]) -> list[Row]:
    """Say of calls who rang: (number, number_key, patient_id, sort_at, id) of each is asked.

    Gives the patient's name, which call within 24 hours it is, and the last attempt of all.
    """
    text = connection().execute(_CALLERS, (orjson.dumps(asked).decode(),)).get
    return [dict(zip(_CALLERS_GIVE, found, strict=True)) for found in orjson.loads(text)]


def calls_of_caller(
    number_key: str | None, patient_id: str | None, *, only_open: bool, limit: int
) -> list[int]:
    """Give the numbers of the calls of a telephone number or a patient, newest first."""
    params = {"key": number_key, "patient": patient_id, "limit": limit}
    text = _OF_CALLER.format(more=" AND status <> 'done'" if only_open else "")
    return [number for (number,) in connection().execute(text, params)]


def newest() -> tuple[int, int]:
    """Give the number of the newest call and of the newest entry of history."""
    ((call, entry),) = connection().execute(_NEWEST)
    return call, entry


def count_arrived(call: int, since: int, instant: int) -> int:
    """Count the calls that came into the queue: made after one, or due since an instant."""
    params = {"call": call, "since": since, "instant": instant, "most": MOST_NEWS}
    return int(connection().execute(_COUNT_ARRIVED, params).get)


def count_changed(call: int, entry: int, session: int | None) -> int:
    """Count the calls up to one that others than a session have changed after an entry."""
    params = {"call": call, "entry": entry, "session": session, "most": MOST_NEWS}
    return int(connection().execute(_COUNT_CHANGED, params).get)


_COUNT_LATER = (
    "SELECT count(*), count(*) FILTER (WHERE status = 'follow_up_needed')"
    f" FROM call WHERE {PARTS['later'].condition}"
)
_COUNT_WAITING = (
    "SELECT json_group_array(json_array(patient_id, many)) FROM (SELECT patient_id,"
    " count(*) AS many FROM json_each(:ids) CROSS JOIN call ON call.patient_id = json_each.value"
    f" WHERE {_OPEN} AND {_DUE} GROUP BY patient_id)"
)
_COUNT_DONE = "SELECT count(*) FROM call WHERE deleted_at IS NULL AND done_at >= ?"
_BEFORE = (
    f"SELECT sort_at, id, number FROM call WHERE {_OPEN} AND status = :status"
    " AND (sort_at, id) > (:order, :id) AND sort_at < :before ORDER BY sort_at, id LIMIT :limit"
)
_CALLERS_GIVE = ("patient_name", "nth", "last_outcome", "last_attempt_at")
_WITHIN_A_DAY = (
    f"deleted_at IS NULL AND sort_at > asked.sort_at - {DAY_MS}"
    " AND (sort_at, id) <= (asked.sort_at, asked.id)"
)
_CALLERS = (
    "WITH asked AS (SELECT key AS place, value ->> 0 AS number, value ->> 1 AS number_key,"
    " value ->> 2 AS patient_id, value ->> 3 AS sort_at, value ->> 4 AS id FROM json_each(?))"
    " SELECT json_group_array(json_array("
    " (SELECT trim(first_name || ' ' || last_name) FROM patient"
    "  WHERE id = asked.patient_id AND deleted_at IS NULL),"
    " (SELECT count(*) FROM"
    f" (SELECT number FROM call WHERE number_key = asked.number_key AND {_WITHIN_A_DAY}"
    f"  UNION SELECT number FROM call WHERE patient_id = asked.patient_id AND {_WITHIN_A_DAY})),"
    " attempt.outcome, attempt.at) ORDER BY place)"
    " FROM asked LEFT JOIN history AS attempt ON attempt.number = (SELECT number FROM history"
    "  WHERE kind = 'call' AND item = asked.number AND action = 'attempted' AND undone <> 1"
    "  ORDER BY number DESC LIMIT 1)"
)
_OF_CALLER = (
    "SELECT number FROM (SELECT number, sort_at, id FROM call"
    " WHERE number_key = :key AND deleted_at IS NULL{more} UNION SELECT number, sort_at, id"
    " FROM call WHERE patient_id = :patient AND deleted_at IS NULL{more})"
    " ORDER BY sort_at DESC, id DESC LIMIT :limit"
)
_NEWEST = (
    "SELECT (SELECT coalesce(max(number), 0) FROM call),"
    " (SELECT coalesce(max(number), 0) FROM history)"
)
_COUNT_ARRIVED = (
    "SELECT count(*) FROM (SELECT number FROM call WHERE number > :call"
    f" AND {_OPEN} AND {_DUE} UNION SELECT number FROM call WHERE {_OPEN}"
    " AND hidden_until > :since AND hidden_until <= :instant LIMIT :most)"
)
_COUNT_CHANGED = (
    "SELECT count(DISTINCT item) FROM (SELECT item FROM history WHERE number > :entry"
    " AND +kind = 'call' AND item <= :call AND session IS NOT :session LIMIT :most)"
)
