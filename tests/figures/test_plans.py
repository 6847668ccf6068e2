"""How SQLite finds the calls that are added up; see tests/list/test_query_plans.py."""

from typing import Any

import pytest
from flask import Flask

from app.models.calls import PERIOD_MS
from app.models.engine import database
from app.models.figures import DONE, CallSums
from app.reading import parse_query
from app.schemas.figures import CallStatsArgsSchema
from app.services.filters import CALL_FILTERS, conditions
from tests.list.test_query_plans import FILTERS, Listening

READ = "t1 USING INDEX call_list (sort_at>? AND sort_at<?)"
COVERED = "t1 USING COVERING INDEX call_list (sort_at>? AND sort_at<?)"


def reads(by: str, monkeypatch: pytest.MonkeyPatch, query: str = "", *more: Any) -> list[str]:
    """Give how the calls of a period are found."""
    args = parse_query(CallStatsArgsSchema, query.encode())
    asked: list[tuple[str, Any]] = []
    monkeypatch.setattr("app.models.calls.connection", lambda: Listening(asked))
    sums = CallSums((*conditions(CALL_FILTERS, args), *more))
    sums.rows(by, 1700 * PERIOD_MS, 1701 * PERIOD_MS, -3_600_000)
    [(sql, params)] = asked
    steps = [row[3] for row in database.raw().execute(f"EXPLAIN QUERY PLAN {sql}", params)]
    return [step.split(" ", 1)[1] for step in steps if step.startswith(("SCAN t1", "SEARCH t1"))]


def test_languages_are_read_off_the_table_in_the_order_of_the_list(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reads("language", monkeypatch) == [READ]


@pytest.mark.parametrize("by", ["all", "day", "hour", "quarter", "category", "category_status"])
def test_all_else_is_added_up_in_the_index_of_the_list(
    app: Flask, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    assert reads(by, monkeypatch) == [COVERED]


@pytest.mark.parametrize("name", sorted(FILTERS.keys() - {"patient_id", "customer_number"}))
def test_what_filters_find_is_added_up_there_too(
    app: Flask, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert reads("day", monkeypatch, FILTERS[name]) == [COVERED]


@pytest.mark.parametrize("query", ["", "status=done", "category=billing"])
def test_of_done_calls_no_others_are_looked_at(
    app: Flask, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    (read,) = reads("wait", monkeypatch, query, *DONE)
    assert "INDEX call_done_sort_at (sort_at>? AND sort_at<?)" in read
