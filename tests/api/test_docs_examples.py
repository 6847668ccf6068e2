"""What /docs offers to try works on the demo as it stands."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.commands.demo_command import fill
from tests.support.application import application, new_client


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with application(tmp_path_factory.mktemp("demo") / "demo.db") as app:
        fill(app, calls=2000, seed=1, last_day=date(2026, 6, 3))
        yield app


@pytest.fixture
def client(demo: Flask) -> FlaskClient:
    return new_client(demo, "admin")


@pytest.fixture
def paths(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").get_json()["paths"]
    return found


def queries(paths: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Give the address, name and example of every parameter of a list."""
    for path, item in paths.items():
        for parameter in item.get("get", {}).get("parameters", ()):
            if "{" not in path and parameter["in"] == "query":
                for example in parameter["schema"].get("examples", ()):
                    yield path, parameter["name"], example


def test_every_parameter_can_be_asked_for(client: FlaskClient, paths: dict[str, Any]) -> None:
    asked = list(queries(paths))
    answers = [client.get(path, query_string={name: value}) for path, name, value in asked]
    assert len(asked) > 25
    assert [answer.status_code for answer in answers] == [200] * len(asked)


def test_searches_find_something(client: FlaskClient, paths: dict[str, Any]) -> None:
    words = {"q", "customer_number", "started_gte", "started_lte", "category", "assistant_id"}
    pages = [
        client.get(path, query_string={name: value}).get_json()
        for path, name, value in queries(paths)
        if name in words and not path.endswith("/stats")
    ]
    assert [page for page in pages if not page["pagination"]["total"]] == []


def test_every_body_is_taken(client: FlaskClient, paths: dict[str, Any]) -> None:
    """A change names version 1, as every row has that the demo has just made."""
    statuses: dict[tuple[str, str], int] = {}
    for path, item in paths.items():
        listed = client.get(f"/v1/{path.split('/')[2]}").get_json() if "{" in path else None
        for method in set(item) & {"post", "patch"} - {"parameters"}:
            if "{provider}" in path:
                continue
            # Each tries another row, so that none has another's version.
            row = listed["data"][len(statuses)]["id"] if listed else ""
            body = item[method]["requestBody"]["content"]["application/json"]["example"]
            address = path.partition("{")[0] + row + path.partition("}")[2]
            statuses[method, path] = client.open(address, method=method, json=body).status_code
    assert len(statuses) == 7
    assert set(statuses.values()) <= {200, 201}, statuses
