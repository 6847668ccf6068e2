"""How SQLite finds the calls of every filter, every pair of filters and `q` with each.

The database holds no statistics, so a plan does not depend on how many calls there are.
"""

from itertools import combinations
from typing import Any

import pytest
from flask import Flask

from app.models.calls import PERIOD_MS, Selection, known_call_id
from app.models.engine import database
from app.reading import parse_query
from app.schemas.calls import CallQueryArgsSchema
from app.services.filters import CALL_FILTERS, conditions

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
ONES = {"customer_number", "patient_id"}


@pytest.fixture
def plans(names: tuple[str, ...], app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Give the steps of what counts the calls of a period, and of what gives their numbers."""
    text = "&".join(FILTERS[name] for name in names)
    args = parse_query(CallQueryArgsSchema, text.encode())
    selection = Selection(conditions(CALL_FILTERS, args))
    asked: list[tuple[str, Any]] = []
    monkeypatch.setattr("app.models.calls.connection", lambda: Listening(asked))
    begin, end = 1700 * PERIOD_MS, 1701 * PERIOD_MS
    selection.count(begin, end)
    selection.numbers(begin, end, limit=50)
    selection.numbers(begin, end, limit=50, oldest_first=True)
    selection.earliest(begin, end, 50)
    explained = (f"EXPLAIN QUERY PLAN {sql}" for sql, _ in asked)
    bound = [params for _, params in asked]
    return [
        [row[3] for row in database.raw().execute(sql, params)]
        for sql, params in zip(explained, bound, strict=True)
    ]


class Listening:
    """A connection that notes what is asked before it answers."""

    def __init__(self, asked: list[tuple[str, Any]]) -> None:
        self.asked = asked

    def execute(self, sql: str, params: Any) -> Any:
        self.asked.append((sql, params))
        return database.raw().execute(sql, params)


@pytest.mark.parametrize("names", SETS, ids="+".join)
def test_only_calls_of_the_period_are_read_in_their_order(
    names: tuple[str, ...], plans: list[list[str]]
) -> None:
    for steps in plans:
        reads = [step for step in steps if step.startswith(("SCAN t1", "SEARCH t1"))]
        assert len(reads) == 1
        assert "sort_at>? AND sort_at<?" in reads[0]
        assert not [step for step in steps if "TEMP B-TREE FOR ORDER BY" in step]


@pytest.mark.parametrize("names", [names for names in SETS if ONES.isdisjoint(names)], ids="+".join)
def test_calls_are_found_by_the_covering_index(
    names: tuple[str, ...], plans: list[list[str]]
) -> None:
    for steps in plans:
        assert [step for step in steps if "t1 USING COVERING INDEX call_list" in step]


@pytest.mark.parametrize("names", [names for names in SETS if "q" in names], ids="+".join)
def test_words_are_looked_up_once(names: tuple[str, ...], plans: list[list[str]]) -> None:
    for steps in plans:
        words = [at for at, step in enumerate(steps) if "VIRTUAL TABLE" in step]
        assert len(words) == 1
        assert steps[words[0] - 1] in ("LIST SUBQUERY 1", "LIST SUBQUERY 2")


@pytest.mark.parametrize(
    "names", [names for names in SETS if not TAG_MODES.isdisjoint(names)], ids="+".join
)
def test_the_tags_of_a_call_are_one_look_up(names: tuple[str, ...], plans: list[list[str]]) -> None:
    for steps in plans:
        looks = [step for step in steps if " PRIMARY KEY (patient_id=?)" in step]
        assert len(looks) == 1


def test_a_call_of_a_provider_is_looked_up_by_indexes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Any]] = []
    monkeypatch.setattr("app.models.calls.connection", lambda: Listening(asked))
    known_call_id("f192d7f3-ff5a-5d60-a0fe-1b7024ad6b25")
    [(sql, params)] = asked
    steps = [row[3] for row in database.raw().execute(f"EXPLAIN QUERY PLAN {sql}", params)]
    assert [step for step in steps if step.startswith(("SCAN", "SEARCH"))] == [
        "SEARCH call USING INDEX call_known_as (known_as=?)",
        "SEARCH call USING COVERING INDEX sqlite_autoindex_call_1 (id=?)",
    ]


def test_no_statistics_make_plans_change_with_the_data(app: Flask) -> None:
    tables = database.raw().execute("SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'")
    assert tables.fetchall() == []
