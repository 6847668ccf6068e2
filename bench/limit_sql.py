"""The limit's statements, written by hand against the service's tables: here and nowhere else.

Each is one statement for one page as one JSON text: what SQLite alone needs for the answer, without
the total. Where the tables change, this module changes with them.
"""

import re
from typing import Any

from app.instants import parse_instant
from bench.queries import PAGE_SIZE, Query

ORG_ID = "clinic"
SLOTS = 65_536  # of `position` in one second

_PAGE = """
SELECT CAST('{{"data":[' || ifnull(group_concat(
    '{{"id":"' || id || '","org_id":"{org_id}",' || wire, ','), '') || ']}}' AS BLOB)
FROM (SELECT id, wire FROM {source} WHERE {where} ORDER BY {order} LIMIT {limit} OFFSET {offset})
"""
_EQUAL = {"assistant_id", "status", "category", "type", "patient_id"}
_TAG_MODES = {
    "any": "patient_id IN ({})",
    "exclude_any": "(patient_id IS NULL OR patient_id NOT IN ({}))",
    "all": "patient_id IN ({} GROUP BY patient_id HAVING count(*) = {count})",
    "exclude_all": "(patient_id IS NULL OR patient_id NOT IN"
    " ({} GROUP BY patient_id HAVING count(*) = {count}))",
}

Statement = tuple[str, list[Any]]


def statement(query: Query) -> Statement:
    """Give the statement for a query's page and its values."""
    source, where, values = "call", ["active"], []
    params = dict(query.params)
    if "q" in params:
        # The full-text index gives its rows in the order of the list: the page ends the search.
        source = "call_search CROSS JOIN call ON call.position = call_search.rowid"
        where.insert(0, "call_search MATCH ?")
        values.append(_match(params["q"]))
    for name, value in params.items():
        condition, value_in_table = _condition(name, value)
        if condition:
            where.append(condition)
            values.append(value_in_table)
    tags = [value for name, value in query.params if name == "tags[]"]
    if tags:
        where.append(_tags(params.get("tag_filter_mode", "any"), len(tags)))
        values += tags
    page = int(params.get("page", "1"))
    key = "call_search.rowid" if "q" in params else "position"
    sql = _PAGE.format(
        org_id=ORG_ID,
        source=source,
        where=" AND ".join(where),
        order=key if params.get("sort") == "started_at" else f"{key} DESC",
        limit=PAGE_SIZE,
        offset=(page - 1) * PAGE_SIZE,
    )
    return sql, values


def _condition(name: str, value: str) -> tuple[str, Any]:
    if name in _EQUAL:
        return f"{name} = ?", value
    match name:
        case "customer_number":
            return "number_key = ?", value
        case "sessions_scheduled_min":
            return "sessions_scheduled >= ?", int(value)
        case "started_gte":
            return "position >= ? AND started_at IS NOT NULL", _first_position(value)
        case "started_lte":
            # The instants that are asked for are whole seconds.
            return "position < ? AND started_at IS NOT NULL", _first_position(value) + SLOTS
    return "", None


def _first_position(instant: str) -> int:
    return parse_instant(instant) // 1000 * SLOTS


def _tags(mode: str, count: int) -> str:
    holders = f"SELECT patient_id FROM patient_tag WHERE tag_id IN ({', '.join('?' * count)})"
    return _TAG_MODES[mode].format(holders, count=count)


def _match(q: str) -> str:
    if q.startswith('"'):
        return q
    return " ".join(f'"{word}" *' for word in re.findall(r"\w+", q))
