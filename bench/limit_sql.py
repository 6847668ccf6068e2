"""The limit's statements, written by hand against the service's tables: here and nowhere else.

Each is one statement for one page as one JSON text: what SQLite alone needs for the answer, without
the total. A query can be written in several forms, of which the fastest one is kept; where the
tables change, this module changes with them.
"""

import re
import time
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import apsw
import orjson

from app import words as search
from app.instants import parse_instant
from app.models.calls import SLOTS, first_position, period_of
from bench.queries import PAGE_SIZE, Params

ORG_ID = "clinic"
# Slower ones need not be timed more than once to be told apart.
SLOW_S = 0.05

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
_FACETS = ("assistant_id", "status", "category", "type")
_TAG_MODES = {
    "any": "({found}) AND ({any})",
    "all": "({found}) AND ({all})",
    "exclude_any": "({found}) NOT ({any})",
    "exclude_all": "({found}) NOT ({all})",
}

Statement = tuple[str, list[Any]]
Condition = tuple[str, list[Any]]


class Form(NamedTuple):
    """One way to write a page: its template, whether it walks along the list, where it searches.

    `periods` are those that the full-text index is asked about: the newest that fill the page.
    """

    template: str
    walk: bool
    periods: tuple[int, ...]


def fastest_form(connection: apsw.Connection, params: Params) -> Form:
    """Give the form in which the page of these parameters is found fastest here."""
    complete, *others = _forms(connection, params)
    calls = _calls(connection, statement(params, complete))
    forms = [complete]
    forms += [form for form in others if _calls(connection, statement(params, form)) == calls]
    return min(forms, key=lambda form: _seconds(connection, statement(params, form)))


def _forms(connection: apsw.Connection, params: Params) -> Iterator[Form]:
    """Give every form, first the one that surely finds all."""
    values = dict(params)
    found = connection.execute("SELECT number FROM period ORDER BY number DESC")
    periods = [number for (number,) in found]
    if "started_gte" in values:
        first = period_of(_first_position(values["started_gte"]))
        periods = [number for number in periods if number >= first]
    if "started_lte" in values:
        last = period_of(_first_position(values["started_lte"]))
        periods = [number for number in periods if number <= last]
    newest = [periods]
    if "q" in values or "tags[]" in values:
        newest += [periods[:count] for count in (1, 2, 4, 8, 16, 32) if count < len(periods)]
    for chosen, template, walk in product(newest, (_DIRECT, _BY_POSITION), (True, False)):
        yield Form(template, walk, tuple(chosen))


def _calls(connection: apsw.Connection, candidate: Statement) -> list[str]:
    return [call["id"] for call in orjson.loads(connection.execute(*candidate).get)["data"]]


def _seconds(connection: apsw.Connection, candidate: Statement) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        connection.execute(*candidate).fetchall()
        best = min(best, time.perf_counter() - began)
        if best > SLOW_S:
            break
    return best


def statement(params: Params, form: Form) -> Statement:
    """Give a page's statement: walking along the list, or looking up what the filters find."""
    values = dict(params)
    searched = "q" in values or "tags[]" in values
    in_order = searched and form.walk
    key = "call_search.rowid" if in_order else "position"
    if searched:
        conditions = [_search(params, form)]
    else:
        conditions = [_cells(values, "+cell" if form.walk else "cell")]
    conditions += [*_bounds(values, key), *_of_calls(values)]
    sql = form.template.format(
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


def _search(params: Params, form: Form) -> Condition:
    """Give the condition on the full-text index, where the values of filters are words too."""
    values = dict(params)
    terms = [search.facet_term(name, values[name]) for name in _FACETS if name in values]
    if values.keys() & {"started_gte", "started_lte"}:
        terms.append(search.started_term())
    if "q" in values:
        terms += [_phrase(found) for found in re.findall(r'"[^"]*"|\w+', values["q"])]
    wanted = " AND ".join(terms) or search.EVERY_CALL
    tags = [search.facet_term("tags", value) for name, value in params if name == "tags[]"]
    if tags:
        mode = _TAG_MODES[values.get("tag_filter_mode", "any")]
        wanted = mode.format(found=wanted, any=" OR ".join(tags), all=" AND ".join(tags))
    match = " OR ".join(
        f"({wanted.replace(search.IN_PERIOD, search.period_mark(period))})"
        for period in form.periods
    )
    if form.walk:
        return "call_search MATCH ?", [match]
    return "position IN (SELECT rowid FROM call_search WHERE call_search MATCH ?)", [match]


def _phrase(found: str) -> str:
    words = re.findall(r"\w+", found)
    text = " ".join(search.IN_PERIOD + word for word in words)
    return f'"{text}"' if found.startswith('"') else f'"{text}" *'


def _cells(values: dict[str, str], column: str) -> Condition:
    """Give the condition on the cell of a call; a deleted call is in none."""
    wanted = [f"{name} = ?" for name in _FACETS if name in values]
    found: list[Any] = [values[name] for name in _FACETS if name in values]
    if "sessions_scheduled_min" in values:
        wanted.append("sessions_scheduled >= ?")
        found.append(int(values["sessions_scheduled_min"]))
    for name, comparison in (("started_gte", ">="), ("started_lte", "<=")):
        if name in values:
            wanted.append(f"started AND period {comparison} ?")
            found.append(period_of(_first_position(values[name])))
    if not wanted:
        return f"{column} IS NOT NULL", []
    return f"{column} IN (SELECT id FROM cell WHERE {' AND '.join(wanted)})", found


def _bounds(values: dict[str, str], key: str) -> list[Condition]:
    bounds: list[Condition] = []
    if "started_gte" in values:
        bounds.append((f"{key} >= ?", [_first_position(values["started_gte"])]))
    if "started_lte" in values:
        # The instants that are asked for are whole seconds, as those of the calls are.
        bounds.append((f"{key} < ?", [_first_position(values["started_lte"]) + SLOTS]))
    return bounds


def _first_position(instant: str) -> int:
    return first_position(parse_instant(instant))


def _of_calls(values: dict[str, str]) -> list[Condition]:
    columns = {"patient_id": "patient_id", "customer_number": "number_key"}
    return [(f"{column} = ?", [values[name]]) for name, column in columns.items() if name in values]
