"""GET /v1/calls/stats: the groups, their order and sums, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.instants import parse_instant
from app.models.engine import database
from app.services.figures import MAX_GROUPS
from tests.conftest import MakeCall
from tests.support.openapi import REF, Doc, faults_of
from tests.support.resources import CALL_ID

NOTHING = {"calls": 0, "minutes": 0.0, "cost_usd": 0.0, "sessions_scheduled": 0}
CALLS = [
    ("2026-11-01T03:59:59.999Z", "pending", "billing", 1.25, 0.00005, 2),
    ("2026-11-01T05:30:00Z", "done", "billing", 0.1, 0.1, None),
    ("2026-11-01T06:30:00Z", "done", None, 0.2, 0.2, 1),
    ("2026-11-03T15:00:00Z", "done", "cancellation", None, None, 0),
]
OCTOBER = {"calls": 1, "minutes": 1.25, "cost_usd": 0.0001, "sessions_scheduled": 2}
SUNDAY = {"calls": 2, "minutes": 0.3, "cost_usd": 0.3, "sessions_scheduled": 1}
TUESDAY = {"calls": 1, "minutes": 0.0, "cost_usd": 0.0, "sessions_scheduled": 0}
TOTALS = {"calls": 4, "minutes": 1.55, "cost_usd": 0.3001, "sessions_scheduled": 3}


@pytest.fixture
def settings() -> dict[str, str]:
    return {"CLINIC_TIMEZONE": "America/New_York"}


@pytest.fixture
def few(client: FlaskClient) -> None:
    """Four calls about the night in which the clocks of New York go back."""
    names = ("started_at", "status", "category", "duration_min", "cost_usd", "sessions_scheduled")
    for values in CALLS:
        answer = client.post("/v1/calls", json=dict(zip(names, values, strict=True)))
        assert answer.status_code == 201


def stats(client: FlaskClient, query: str = "") -> Any:
    answer = client.get(f"/v1/calls/stats?{query}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def groups(client: FlaskClient, query: str) -> list[tuple[Any, int]]:
    return [(row["group"], row["calls"]) for row in stats(client, query)["data"]]


@pytest.mark.usefixtures("few")
def test_without_a_grouping_there_are_totals_alone(client: FlaskClient) -> None:
    assert stats(client) == {"data": [], "totals": TOTALS, "group_by": None}


@pytest.mark.usefixtures("few")
def test_days_are_those_of_the_clinic_with_zeros_in_between(client: FlaskClient) -> None:
    assert stats(client, "group_by=day") == {
        "data": [
            {"group": "2026-10-31", **OCTOBER},
            {"group": "2026-11-01", **SUNDAY},
            {"group": "2026-11-02", **NOTHING},
            {"group": "2026-11-03", **TUESDAY},
        ],
        "totals": TOTALS,
        "group_by": "day",
    }


GROUPS = {
    "weeks from Monday": ("group_by=week", [("2026-10-26", 3), ("2026-11-02", 1)]),
    "months": ("group_by=month", [("2026-10", 1), ("2026-11", 3)]),
    "the repeated hour is one": (
        "group_by=hour",
        [(hour, {23: 1, 1: 2, 10: 1}.get(hour, 0)) for hour in range(24)],
    ),
    "all weekdays": ("group_by=weekday", [(1, 0), (2, 1), (3, 0), (4, 0), (5, 0), (6, 1), (7, 2)]),
    "most calls first": ("group_by=status", [("done", 3), ("pending", 1)]),
    "null last": ("group_by=category", [("billing", 2), ("cancellation", 1), (None, 1)]),
    "nothing but null": ("group_by=language", [(None, 4)]),
    "filters": (
        "group_by=category&status=done&started_lte=2026-11-01",
        [("billing", 1), (None, 1)],
    ),
    "words of no call": ("group_by=day&q=knee", []),
    "no words at all": ("group_by=weekday&q=*", [(day, 0) for day in range(1, 8)]),
    "a blank grouping is none": ("group_by=+", []),
}


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(("query", "expected"), GROUPS.values(), ids=GROUPS.keys())
def test_groups(client: FlaskClient, query: str, expected: list[tuple[Any, int]]) -> None:
    assert groups(client, query) == expected


REFUSED = {
    "a page": ("page=1", "unknown_parameter", "page"),
    "a limit": ("limit=10", "unknown_parameter", "limit"),
    "an order": ("sort=started_at", "unknown_parameter", "sort"),
    "an unknown grouping": ("group_by=year", "invalid_field", "group_by"),
    "a grouping in capitals": ("group_by=Day", "invalid_field", "group_by"),
    "two groupings": ("group_by=day&group_by=week", "repeated_parameter", "group_by"),
    "an unknown status": ("status=open", "invalid_field", "status"),
}


@pytest.mark.parametrize(("query", "code", "param"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(client: FlaskClient, query: str, code: str, param: str) -> None:
    answer = client.get(f"/v1/calls/stats?{query}")
    detail = answer.get_json()["detail"]
    assert (answer.status_code, detail["code"], detail["param"]) == (422, code, param)


@pytest.mark.parametrize(("days", "status"), [(MAX_GROUPS, 200), (MAX_GROUPS + 1, 422)])
def test_at_most_so_many_groups(
    client: FlaskClient, make_call: MakeCall, days: int, status: int
) -> None:
    first = parse_instant("2016-01-01T12:00:00Z")
    make_call(started_at=first)
    make_call(started_at=first + (days - 1) * 86_400_000)
    answer = client.get("/v1/calls/stats?group_by=day")
    assert answer.status_code == status
    assert status == 200 or answer.get_json()["detail"]["param"] == "group_by"


def test_so_many_assistants_are_refused_too(client: FlaskClient, app: Flask) -> None:
    with database.write():
        database.raw().execute(
            "WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 3701)"
            " INSERT INTO call (id, sort_at, created_at, updated_at, status, assistant_id)"
            " SELECT 'c' || value, value, value, value, 'done', 'a' || value"
            " FROM n"
        )
        database.raw().execute("INSERT INTO period VALUES (0, 1)")
    assert client.get("/v1/calls/stats?group_by=assistant_id").status_code == 422


def test_the_ends_of_all_time_are_days(client: FlaskClient, make_call: MakeCall) -> None:
    make_call(started_at=parse_instant("1970-01-01T00:00:00Z"))
    assert groups(client, "group_by=day") == [("1969-12-31", 1)]
    make_call(started_at=parse_instant("9999-12-31T23:59:59Z"))
    query = "started_gte=9000-01-01T00:00:00Z"
    assert groups(client, f"group_by=month&{query}") == [("9999-12", 1)]
    assert client.get("/v1/calls/stats?group_by=month").status_code == 422


def test_calls_that_never_started_count_when_they_were_made_known(
    client: FlaskClient, make_call: MakeCall
) -> None:
    make_call(created_at=parse_instant("2026-11-01T03:00:00Z"))
    assert groups(client, "group_by=day") == [("2026-10-31", 1)]
    assert groups(client, "group_by=day&started_gte=2026-01-01") == []


@pytest.mark.parametrize("group_by", ["day", "hour", "category", ""])
def test_sums_are_right_after_each_write(client: FlaskClient, group_by: str) -> None:
    for number in range(1, 4):
        made = client.post("/v1/calls", json={"duration_min": 0.1, "category": "billing"})
        assert stats(client, f"group_by={group_by}")["totals"]["minutes"] == number / 10
    client.delete(made.headers["Location"])
    assert stats(client, f"group_by={group_by}")["totals"]["calls"] == 2


def test_a_change_moves_a_call_to_another_group(client: FlaskClient) -> None:
    client.post("/v1/calls", json={"id": CALL_ID, "category": "billing"})
    assert groups(client, "group_by=category") == [("billing", 1)]
    client.patch(f"/v1/calls/{CALL_ID}", json={"version": 1, "category": None})
    assert groups(client, "group_by=category") == [(None, 1)]


def test_unchanged_sums_are_304(client: FlaskClient, make_call: MakeCall) -> None:
    make_call()
    etag = client.get("/v1/calls/stats").headers["ETag"]
    assert client.get("/v1/calls/stats", headers={"If-None-Match": etag}).status_code == 304
    make_call()
    assert client.get("/v1/calls/stats", headers={"If-None-Match": etag}).status_code == 200


def test_a_key_must_read(make_client: Callable[..., FlaskClient]) -> None:
    assert make_client("read").get("/v1/calls/stats").status_code == 200
    assert make_client("ingest").get("/v1/calls/stats").status_code == 403


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("group_by", ["day", "hour", "category", ""])
def test_answers_are_as_described(client: FlaskClient, description: Doc, group_by: str) -> None:
    answer = stats(client, f"group_by={group_by}")
    assert faults_of(answer, {"$ref": f"{REF}CallStats"}, description) == []


def test_headers_and_examples_of_errors_are_as_described(
    client: FlaskClient, operations: dict[str, Doc]
) -> None:
    responses = operations["GET /v1/calls/stats"]["responses"]
    assert responses["200"]["headers"].keys() == {"X-Request-Id", "ETag"}
    examples = responses["422"]["content"]["application/json"]["examples"]
    queries = ("group_by=year", "limit=1", "group_by=day&group_by=day")
    for query, code in zip(queries, examples, strict=True):
        assert client.get(f"/v1/calls/stats?{query}").json == examples[code]["value"]


@pytest.mark.parametrize("method", ["patch", "delete", "put", "post"])
def test_only_asking_is_allowed(client: FlaskClient, method: str) -> None:
    answer = getattr(client, method)("/v1/calls/stats")
    assert answer.status_code == 405
    assert "PATCH" not in answer.headers["Allow"]
