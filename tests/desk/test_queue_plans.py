"""How SQLite finds the calls of the queue: by the index made for it, in its order.

The database holds no statistics, so a plan does not depend on how many calls there are.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.models import calls, history, queue
from app.models.engine import database

Question = Callable[[], object]

PLACE = (1, "x")
IN_ORDER: dict[str, Question] = {
    "SEARCH call USING COVERING INDEX call_open (status=?)": (
        lambda: queue.queue_places("open", 1, None, 50)
    ),
    "SEARCH call USING COVERING INDEX call_open (status=? AND (sort_at,id)>(?,?))": (
        lambda: queue.queue_places("flagged", 1, PLACE, 50)
    ),
    "SEARCH call USING COVERING INDEX call_later (hidden_until>?)": (
        lambda: queue.queue_places("later", 1, PLACE, 50)
    ),
    "SEARCH call USING COVERING INDEX call_done (done_at>? AND (done_at,id)<(?,?))": (
        lambda: queue.queue_places("done", 1, PLACE, 50)
    ),
    "SEARCH call USING COVERING INDEX call_open (status=? AND (sort_at,id)>(?,?) AND sort_at<?)": (
        lambda: queue.calls_before("pending", 9, PLACE, 50)
    ),
    "SEARCH call USING INDEX call_hidden (number_key=? AND sort_at<?)": (
        lambda: calls.show_earlier_calls("+12125550123", 9)
    ),
    "SEARCH history USING INDEX history_item (kind=? AND item=?)": (
        lambda: history.history_page("call", 1, 1, 50)
    ),
    "SEARCH history USING INDEX history_session (session=?)": lambda: history.last_act(1),
    "SEARCH history USING INDEX history_session (session=? AND rowid>? AND rowid<?)": (
        lambda: history.act_numbers(1, 1, 9, 50)
    ),
}
BY_NUMBER = "call_number_key (number_key=? AND sort_at>? AND (sort_at,id)<(?,?))"
BY_PATIENT = "call_patient_id (patient_id=? AND sort_at>? AND (sort_at,id)<(?,?))"
COUNTED: dict[str, tuple[Question, list[str]]] = {
    "later": (lambda: queue.count_later(1), ["COVERING INDEX call_later (hidden_until>?)"]),
    "done": (lambda: queue.count_done(1), ["COVERING INDEX call_done (done_at>?)"]),
    "callers": (
        lambda: queue.callers([]),
        [
            "INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            "INDEX history_item (kind=? AND item=?)",
            "INDEX sqlite_autoindex_patient_1 (id=?)",
            f"INDEX {BY_NUMBER}",
            f"INDEX {BY_PATIENT}",
        ],
    ),
    "calls of a caller": (
        lambda: queue.calls_of_caller("k", "p", only_open=True, limit=9),
        ["INDEX call_number_key (number_key=?)", "INDEX call_waiting (patient_id=?)"],
    ),
    "calls that came": (
        lambda: queue.count_arrived(1, 2, 3),
        [
            "INTEGER PRIMARY KEY (rowid>?)",
            "COVERING INDEX call_later (hidden_until>? AND hidden_until<?)",
        ],
    ),
    "calls that changed": (
        lambda: queue.count_changed(1, 2, 3),
        ["INTEGER PRIMARY KEY (rowid>?)"],
    ),
}


@pytest.fixture
def steps(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Question], list[str]]:
    """Give the steps of the one statement that a question asks."""

    class Listening:
        def execute(self, sql: str, params: Any) -> Any:
            asked.append((sql, params))
            return database.raw().execute(sql, params)

    def steps(question: Question) -> list[str]:
        question()
        [(sql, params)] = asked
        plan = database.raw().execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [row[3] for row in plan]

    asked: list[tuple[str, Any]] = []
    for module in (calls, history, queue):
        monkeypatch.setattr(module, "connection", Listening)
    return steps


@pytest.mark.parametrize("plan", IN_ORDER)
def test_what_is_listed_stands_in_its_index_in_order(
    steps: Callable[[Question], list[str]], plan: str
) -> None:
    assert steps(IN_ORDER[plan]) == [plan]


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_counted_is_looked_up(steps: Callable[[Question], list[str]], name: str) -> None:
    question, wanted = COUNTED[name]
    reads = [step for step in steps(question) if step.startswith("SEARCH ")]
    assert [step.partition(" USING ")[2] for step in reads] == wanted
