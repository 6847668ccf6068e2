"""How SQLite finds the calls of every filter, every pair of filters and `q` with each.

The database holds no statistics, so a plan does not depend on how many calls there are.
"""

import re
from itertools import combinations

import pytest
from flask import Flask

from app.models.engine import database
from app.routes.reading import parse_query
from app.schemas.calls import CallQueryArgsSchema
from app.services.call_list import CallQuery, Statement, in_period
from app.services.filters import Args, bind, shape_of

FILTERS = {
    "q": "q=knee",
    "assistant_id": "assistant_id=asst_front-desk",
    "status": "status=done",
    "category": "category=billing",
    "type": "type=webCall",
    "customer_number": "customer_number=2125550123",
    "patient_id": "patient_id=p1",
    "sessions_scheduled_min": "sessions_scheduled_min=1",
    "any": "tags[]=t1&tags[]=t2",
    "all": "tags[]=t1&tags[]=t2&tag_filter_mode=all",
    "exclude_any": "tags[]=t1&tag_filter_mode=exclude_any",
    "exclude_all": "tags[]=t1&tags[]=t2&tag_filter_mode=exclude_all",
    "started_gte": "started_gte=2026-01-01T00:00:00.5Z",
    "started_lte": "started_lte=2026-01-31",
}
TAG_MODES = {"any", "all", "exclude_any", "exclude_all"}
PAIRS = [pair for pair in combinations(FILTERS, 2) if not TAG_MODES.issuperset(pair)]
SETS = [(), *((name,) for name in FILTERS), *PAIRS]
SEARCHED = TAG_MODES | {"q"}


def plans(names: tuple[str, ...]) -> dict[str, str]:
    """Give the plans of what counts in one period, counts by cells, and reads a page."""
    text = "&".join(FILTERS[name] for name in names)
    args = parse_query(CallQueryArgsSchema, text.encode())
    query = CallQuery(shape_of(args))
    at = in_period(query.prepare(args), 400)
    found = {"total": plan(query.total, at), "page": plan(query.page, at, 50, 0)}
    if query.is_divided and not query.selection.searched:
        found["cells"] = plan(query.cells, at, 0, 400)
    return found


def plan(statement: Statement, at: Args, *more: int) -> str:
    """Give SQLite's plan of a statement, with tables by their names."""
    sql, params = statement
    names = {alias: table for table, alias in re.findall(r'"(\w+)" AS "(t\d+)"', sql)}
    rows = database.raw().execute(f"EXPLAIN QUERY PLAN {sql}", (*bind(params, at), *more))
    steps = "\n".join(row[3] for row in rows)
    return re.sub(r"\bt\d+\b", lambda match: names[match[0]], steps)


@pytest.mark.parametrize("names", SETS, ids="+".join)
def test_nothing_is_scanned_and_nothing_is_probed_row_by_row(
    app: Flask, names: tuple[str, ...]
) -> None:
    steps = "\n".join(plans(names).values()).split("\n")
    scans = [step for step in steps if step.startswith("SCAN") and "VIRTUAL" not in step]
    # The rows of the page, as they are joined to one text.
    assert [step for step in scans if not step.startswith("SCAN (subquery")] == []
    assert [step for step in steps if "CORRELATED" in step] == []


@pytest.mark.parametrize("names", SETS, ids="+".join)
def test_calls_are_found_by_an_index_alone(app: Flask, names: tuple[str, ...]) -> None:
    found = plans(names)
    for name in ("total", "page"):
        for step in re.findall(r"SEARCH call USING (.+)", found[name]):
            assert "COVERING INDEX" in step or step in WHOLE_ROWS


WHOLE_ROWS = (
    "INTEGER PRIMARY KEY (rowid=?)",  # of the page
    "INTEGER PRIMARY KEY (rowid>? AND rowid<?)",  # of a second that a bound cuts
    "INDEX call_number_key (number_key=?)",  # of a number, held against the patient
)


@pytest.mark.parametrize("names", SETS, ids="+".join)
def test_only_calls_of_one_period_are_read(app: Flask, names: tuple[str, ...]) -> None:
    found = plans(names)
    if SEARCHED.isdisjoint(names) and "cells" in found:
        for name in ("total", "page"):
            assert "(period=?)" in found[name] or "(position>? AND position<?)" in found[name]
        assert "(period>? AND period<?)" in found["cells"]


@pytest.mark.parametrize(
    "names", [names for names in SETS if not SEARCHED.isdisjoint(names)], ids="+".join
)
def test_words_are_looked_up_once(app: Flask, names: tuple[str, ...]) -> None:
    for steps in plans(names).values():
        assert steps.count("VIRTUAL TABLE INDEX") == 1
        assert "VIRTUAL TABLE INDEX 0:=" not in steps


def test_no_statistics_make_plans_change_with_the_data(app: Flask) -> None:
    tables = database.raw().execute("SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'")
    assert tables.fetchall() == []
