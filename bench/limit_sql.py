"""The limit's statements, written by hand against the service's tables: here and nowhere else.

One template gives a page as one JSON text, what SQLite alone needs for the answer, without the
total. Each parameter appends its condition; where the tables change, this module changes.
"""

from collections.abc import Callable, Iterator, Sequence
from timeit import repeat
from typing import Any

import apsw

from app.instants import parse_instant
from app.models.calls import period_of
from app.words import parse_words
from bench.queries import LISTED, PAGE_SIZE, Params

EARLIEST, LATEST = "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"
INSTANTS = ("created_at", "started_at", "ended_at")
# Texts made one by one and joined: faster than an array that SQLite would read and write again.
_PAGE = """
SELECT CAST('{{"data":[' || ifnull(group_concat(call, ','), '') || ']}}' AS BLOB)
FROM (
    SELECT json_object({fields}) AS call FROM call WHERE deleted_at IS NULL{conditions}
    ORDER BY sort_at {order}, id {order} LIMIT {limit} OFFSET {offset}
)
"""
_INSTANT = """strftime(
    iif({name} % 1000, '%Y-%m-%dT%H:%M:%fZ', '%Y-%m-%dT%H:%M:%SZ'), {name} / 1000.0, 'unixepoch'
)"""
# Each with what reads its value.
_CONDITIONS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "assistant_id": ("assistant_id = ?", str),
    "status": ("status = ?", str),
    "category": ("category = ?", str),
    "type": ("type = ?", str),
    "customer_number": ("number_key = ?", str),
    "patient_id": ("patient_id = ?", str),
    "sessions_scheduled_min": ("ifnull(sessions_scheduled, 0) >= ?", int),
    "started_gte": ("started_at IS NOT NULL AND sort_at >= ?", parse_instant),
    "started_lte": ("started_at IS NOT NULL AND sort_at <= ?", parse_instant),
}
_FOUND = "{column} IN (SELECT rowid FROM call_search WHERE call_search MATCH ?)"
_BORNE = """(
    SELECT {what} FROM patient_tag
    WHERE patient_tag.patient_id = call.patient_id AND +tag_id IN ({marks}) AND active
)"""
_TAG_MODES = {
    "any": "EXISTS {borne}",
    "all": "{count} = {tags}",
    "exclude_any": "NOT EXISTS {borne}",
    "exclude_all": "{count} <> {tags}",
}

Statement = tuple[str, list[Any]]


def page_statement(connection: apsw.Connection, params: Params) -> Statement:
    """Give the statement that finds the page of these parameters fastest here.

    A search looks into the newest periods alone, as few of them as fill the page. It walks along
    the list where they hold a common word, and looks a rare one's calls up.
    """
    if "q" not in dict(params):
        return _statement(params)
    periods = _periods(connection, dict(params))
    page = connection.execute(*_statement(params, "+number", periods)).get
    few = (periods[: 1 << power] for power in range(len(periods).bit_length()))
    for newest in (*few, periods):
        walking = _statement(params, "+number", newest)
        if connection.execute(*walking).get == page:
            break
    looking_up = _statement(params, "number", newest)
    return min(walking, looking_up, key=lambda form: _seconds(connection, form))


def _seconds(connection: apsw.Connection, form: Statement) -> float:
    return min(repeat(lambda: connection.execute(*form).get, number=1, repeat=3))


def _periods(connection: apsw.Connection, values: dict[str, str]) -> list[int]:
    """Give the periods that may hold what is searched, newest first."""
    first = period_of(parse_instant(values.get("started_gte", EARLIEST)))
    last = period_of(parse_instant(values.get("started_lte", LATEST)))
    text = "SELECT number FROM period WHERE number BETWEEN ? AND ? ORDER BY number DESC"
    return [number for (number,) in connection.execute(text, (first, last))]


def _statement(params: Params, column: str = "", periods: Sequence[int] = ()) -> Statement:
    values = dict(params)
    conditions = list(_conditions(params))
    if "q" in values:
        words = parse_words(values["q"])
        match = " OR ".join(f"({words.in_period(period)})" for period in periods)
        conditions.append((_FOUND.format(column=column), [match]))
    sql = _PAGE.format(
        fields=", ".join(f"'{name}', {_value(name)}" for name in LISTED),
        conditions="".join(f" AND {condition}" for condition, _ in conditions),
        order="ASC" if values.get("sort") == "started_at" else "DESC",
        limit=PAGE_SIZE,
        offset=(int(values.get("page", "1")) - 1) * PAGE_SIZE,
    )
    return sql, [value for _, found in conditions for value in found]


def _value(name: str) -> str:
    if name == "org_id":
        return "'clinic'"
    return _INSTANT.format(name=name) if name in INSTANTS else name


def _conditions(params: Params) -> Iterator[tuple[str, list[Any]]]:
    """Give each condition with its values."""
    for name, value in params:
        if name in _CONDITIONS:
            condition, read = _CONDITIONS[name]
            yield condition, [read(value)]
    tags = [value for name, value in params if name == "tags[]"]
    if tags:
        marks = ", ".join("?" * len(tags))
        borne, count = (_BORNE.format(what=what, marks=marks) for what in ("1", "count(*)"))
        mode = _TAG_MODES[dict(params).get("tag_filter_mode", "any")]
        yield mode.format(borne=borne, count=count, tags=len(tags)), tags
