"""POST /v1/calls/{id}/attempts."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.answers import error, read
from tests.support.openapi import REF, Doc
from tests.support.resources import CALLS, NOBODY

URL = f"{CALLS.one}/attempts"
DUE = "2030-11-07T14:00:00Z"


@pytest.fixture(autouse=True)
def posted(client: FlaskClient) -> None:
    client.post("/v1/calls", json=CALLS.given)


def test_is_a_change_of_the_call(client: FlaskClient) -> None:
    response = client.post(URL, json={"outcome": "left_message", "note": "Son.", "due_at": DUE})
    call = response.get_json()
    assert (response.status_code, call) == (201, read(client, CALLS.one))
    assert (call["attempts"], call["due_at"], call["version"]) == (1, DUE, 2)
    assert (call["status"], call["assignee"]) == ("pending", None)
    assert response.headers["ETag"] == client.get(CALLS.one).headers["ETag"]
    assert response.headers["Location"] == CALLS.one


def test_is_one_entry_of_the_history(client: FlaskClient) -> None:
    client.post(URL, json={"outcome": "no_answer", "note": "Rang long."})
    (entry, _) = read(client, f"{CALLS.one}/history")["data"]
    assert (entry["action"], entry["outcome"], entry["note"]) == (
        *("attempted", "no_answer", "Rang long."),
    )
    assert (entry["who"], entry["changes"]) == ("key:test", {"attempts": [0, 1]})


def test_without_a_time_the_call_has_none_any_more(client: FlaskClient) -> None:
    client.post(URL, json={"outcome": "no_answer", "due_at": DUE})
    assert client.post(URL, json={"outcome": "reached"}).get_json()["due_at"] is None


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "outcome"),
        ({"outcome": "busy"}, "outcome"),
        ({"outcome": "reached", "due_at": DUE}, "due_at"),
        ({"outcome": "no_answer", "due_at": "2023-11-07T05:31:56Z"}, "due_at"),
        ({"outcome": "no_answer", "note": "x" * 2001}, "note"),
        ({"outcome": "no_answer", "version": 0}, "version"),
        ({"outcome": "no_answer", "status": "done"}, "status"),
    ],
)
def test_what_is_not_well_changes_nothing(
    client: FlaskClient, body: dict[str, Any], param: str
) -> None:
    assert error(client.post(URL, json=body)) == (422, "invalid_field", param)
    assert read(client, CALLS.one)["version"] == 1


def test_another_version_is_409(client: FlaskClient) -> None:
    body = {"outcome": "no_answer", "version": 2}
    assert error(client.post(URL, json=body)) == (409, "version_mismatch", "version")
    assert client.post(URL, json=body | {"version": 1}).status_code == 201


def test_a_call_that_is_not_there_is_404(client: FlaskClient) -> None:
    response = client.post(f"/v1/calls/{NOBODY}/attempts", json={"outcome": "reached"})
    assert error(response) == (404, "not_found", None)


@pytest.mark.parametrize("scope", ["read", "ingest"])
def test_needs_the_scope_write(make_client: Callable[..., FlaskClient], scope: str) -> None:
    response = make_client(scope).post(URL, json={"outcome": "reached"})
    assert error(response) == (403, "missing_scope", None)


def test_its_examples_are_taken(
    client: FlaskClient, description: Doc, operations: dict[str, Doc]
) -> None:
    operation = operations["POST /v1/calls/{call_id}/attempts"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    fields = description["components"]["schemas"][schema["$ref"].removeprefix(REF)]["properties"]
    body = {name: field["examples"][0] for name, field in fields.items()}
    response = client.post(URL, json=body)
    assert response.status_code == 201
    headers = set(operation["responses"]["201"]["headers"])
    assert headers == {"X-Request-Id", "ETag", "Location"} <= set(response.headers.keys())
