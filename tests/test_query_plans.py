"""How SQLite finds the calls of every filter, every pair of filters and `q` with each.

The database holds no statistics, so a plan does not depend on how many calls there are.
"""

import re
from itertools import combinations, product
from typing import Any

import pytest
from flask import Flask

from app.api import parse_query
from app.call_list import CallQuery
from app.database import database
from app.filters import bind, shape_of
from app.schemas.calls import CallQueryArgsSchema

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
WALK = "SCAN call USING COVERING INDEX call_list"


def statements(names: tuple[str, ...], deep: bool) -> tuple[list[str], list[str]]:
    """Give the plans of the counts and of all forms of the page for a set of filters."""
    text = "&".join(FILTERS[name] for name in names)
    args = parse_query(CallQueryArgsSchema, text.encode())
    query = CallQuery(shape_of(args))
    counts = [
        plan(sql, bind(params, args)) for _, (sql, params) in query.counts + query.outside_counts
    ]
    pages = []
    for backwards, few in product((False, True), repeat=2):
        sql, params = query.page_statement(backwards, few, deep)
        pages.append(plan(sql, ["org", *bind(params, args), 50, 0]))
    return counts, pages


def plan(sql: str, params: list[Any]) -> str:
    """Give SQLite's plan of a statement, with tables by their names."""
    names = {alias: table for table, alias in re.findall(r'"(\w+)" AS "(t\d+)"', sql)}
    rows = database.raw().execute(f"EXPLAIN QUERY PLAN {sql}", params)
    steps = "\n".join(row[3] for row in rows)
    return re.sub(r"\bt\d+\b", lambda match: names[match[0]], steps)


@pytest.mark.parametrize("names", SETS, ids="+".join)
@pytest.mark.parametrize("deep", [False, True], ids=["first", "deep"])
def test_no_filter_scans_the_table_or_probes_row_by_row(
    app: Flask, names: tuple[str, ...], deep: bool
) -> None:
    counts, pages = statements(names, deep)
    steps = "\n".join([*counts, *pages]).split("\n")
    # Without a filter the table itself is read in the order of the list, as far as the page goes.
    allowed = {WALK} if names else {WALK, "SCAN call"}
    steps = [step for step in steps if step not in allowed]
    assert not [step for step in steps if step.startswith("SCAN call") and "VIRTUAL" not in step]
    assert not [step for step in steps if "CORRELATED" in step]


@pytest.mark.parametrize("names", SETS, ids="+".join)
def test_no_total_walks_the_list(app: Flask, names: tuple[str, ...]) -> None:
    counts, _ = statements(names, False)
    assert WALK not in "\n".join(counts)


@pytest.mark.parametrize("names", [names for names in SETS if "q" in names], ids="+".join)
def test_words_are_looked_up_once(app: Flask, names: tuple[str, ...]) -> None:
    counts, pages = statements(names, False)
    for steps in counts + pages:
        assert steps.count("VIRTUAL TABLE INDEX") == 1
        assert "VIRTUAL TABLE INDEX 0:=" not in steps


def test_no_statistics_make_plans_change_with_the_data(app: Flask) -> None:
    tables = database.raw().execute("SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'")
    assert tables.fetchall() == []
