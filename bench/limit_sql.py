"""The limit's statements, written by hand against the service's tables: here and nowhere else.

Each is one statement for one page as one JSON text: what SQLite alone needs for the answer, without
the total. A query can be written in several forms, of which the fastest one is kept; where the
tables change, this module changes with them.
"""

import re
import time
from itertools import product
from typing import Any

import apsw

from app.instants import parse_instant
from bench.queries import PAGE_SIZE, Params

ORG_ID = "clinic"
# Slower ones need not be timed more than once to be told apart.
SLOW_S = 0.05
SLOTS = 65_536  # of `position` in one second

_CALL = f"""'{{"id":"' || id || '","org_id":"{ORG_ID}",' || wire"""
# The rows of a subquery come in its order.
_DIRECT = """
SELECT CAST('{{"data":[' || ifnull(group_concat({call}, ','), '') || ']}}' AS BLOB)
FROM (
    SELECT id, wire FROM {source} WHERE {where}
    ORDER BY {key} {order} LIMIT {limit} OFFSET {offset}
)
"""
_BY_POSITION = """
SELECT CAST(
    '{{"data":[' || ifnull(group_concat({call}, ',' ORDER BY position {order}), '') || ']}}' AS BLOB
)
FROM call WHERE position IN (
    SELECT {key} FROM {source} WHERE {where}
    ORDER BY {key} {order} LIMIT {limit} OFFSET {offset}
)
"""
_IN_CELL = {"assistant_id", "status", "category", "type"}
_EVERY = " GROUP BY patient_id HAVING count(*) = {count}"
_TAG_MODES = {
    "any": "{patient_id} IN ({holders})",
    "exclude_any": "({patient_id} IS NULL OR {patient_id} NOT IN ({holders}))",
    "all": "{patient_id} IN ({holders}" + _EVERY + ")",
    "exclude_all": "({patient_id} IS NULL OR {patient_id} NOT IN ({holders}" + _EVERY + "))",
}

Statement = tuple[str, list[Any]]
Condition = tuple[str, list[Any]]
Form = tuple[str, bool]


FORMS = tuple(product((_DIRECT, _BY_POSITION), (True, False)))


def fastest_form(connection: apsw.Connection, params: Params) -> Form:
    """Give the form in which the page of these parameters is found fastest here."""
    seconds = _timer(connection)
    return min(FORMS, key=lambda form: seconds(statement(params, form)))


def _timer(connection: apsw.Connection) -> Any:
    def seconds(candidate: Statement) -> float:
        best = float("inf")
        for _ in range(3):
            began = time.perf_counter()
            connection.execute(*candidate).fetchall()
            best = min(best, time.perf_counter() - began)
            if best > SLOW_S:
                break
        return best

    return seconds


def statement(params: Params, form: Form) -> Statement:
    """Give a page's statement: walking along the list, or looking up what the filters find."""
    template, walk = form
    values = dict(params)
    tags = [value for name, value in params if name == "tags[]"]
    in_order = "q" in values and walk
    key = "call_search.rowid" if in_order else "position"
    conditions = [
        *_search(values, walk=walk),
        *_cells(values, "+cell" if walk else "cell"),
        *_bounds(values, key),
        *_of_calls(values),
        *_tags(tags, values.get("tag_filter_mode", ""), "+patient_id" if walk else "patient_id"),
    ]
    sql = template.format(
        call=_CALL,
        key=key,
        # The full-text index gives its rows in the order of the list: the page ends the search.
        source="call_search CROSS JOIN call ON position = call_search.rowid"
        if in_order
        else "call",
        where=" AND ".join(condition for condition, _ in conditions),
        order="ASC" if values.get("sort") == "started_at" else "DESC",
        limit=PAGE_SIZE,
        offset=(int(values.get("page", "1")) - 1) * PAGE_SIZE,
    )
    return sql, [value for _, found in conditions for value in found]


def _search(values: dict[str, str], *, walk: bool) -> list[Condition]:
    if "q" not in values:
        return []
    q = values["q"]
    match = q if q.startswith('"') else " ".join(f'"{word}" *' for word in re.findall(r"\w+", q))
    if walk:
        return [("call_search MATCH ?", [match])]
    return [("position IN (SELECT rowid FROM call_search WHERE call_search MATCH ?)", [match])]


def _cells(values: dict[str, str], column: str) -> list[Condition]:
    """Give the condition on the cell of a call; a deleted call is in none."""
    wanted = [f"{name} = ?" for name in values if name in _IN_CELL]
    found: list[Any] = [value for name, value in values.items() if name in _IN_CELL]
    if "sessions_scheduled_min" in values:
        wanted.append("sessions_scheduled >= ?")
        found.append(int(values["sessions_scheduled_min"]))
    if values.keys() & {"started_gte", "started_lte"}:
        wanted.append("started")
    if not wanted:
        return [(f"{column} IS NOT NULL", [])]
    return [(f"{column} IN (SELECT id FROM cell WHERE {' AND '.join(wanted)})", found)]


def _bounds(values: dict[str, str], key: str) -> list[Condition]:
    bounds: list[Condition] = []
    if "started_gte" in values:
        bounds.append((f"{key} >= ?", [_first_position(values["started_gte"])]))
    if "started_lte" in values:
        # The instants that are asked for are whole seconds, as those of the calls are.
        bounds.append((f"{key} < ?", [_first_position(values["started_lte"]) + SLOTS]))
    return bounds


def _first_position(instant: str) -> int:
    return parse_instant(instant) // 1000 * SLOTS


def _of_calls(values: dict[str, str]) -> list[Condition]:
    columns = {"patient_id": "patient_id", "customer_number": "number_key"}
    return [(f"{column} = ?", [values[name]]) for name, column in columns.items() if name in values]


def _tags(tags: list[str], mode: str, column: str) -> list[Condition]:
    if not tags:
        return []
    asked = ", ".join("?" * len(tags))
    holders = f"SELECT patient_id FROM patient_tag WHERE tag_id IN ({asked})"
    wanted = _TAG_MODES[mode or "any"].format(patient_id=column, holders=holders, count=len(tags))
    return [(wanted, list(tags))]
