"""GET /v1/calls/{id}/history and /v1/patients/{id}/history."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.support.answers import error, read
from tests.support.openapi import Doc
from tests.support.resources import CALLS, NOBODY, PATIENTS, Resource

with_history = pytest.mark.parametrize("resource", [CALLS, PATIENTS], ids=lambda one: one.name)


@with_history
def test_gives_what_was_done_newest_first(client: FlaskClient, resource: Resource) -> None:
    client.post(resource.url, json=resource.given)
    client.patch(resource.one, json={"version": 1, **resource.other})
    answer = read(client, f"{resource.one}/history")
    assert answer["pagination"] == {"has_more": False, "total": 2, "page": 1, "limit": 50}
    newest, oldest = answer["data"]
    assert newest == {
        "at": read(client, resource.one)["updated_at"],
        "who": "key:test",
        "action": "changed",
        "changes": {resource.text: ["Okafor", "Bose"]},
        "outcome": None,
        "note": None,
        "version": 2,
    }
    assert (oldest["action"], oldest["changes"], oldest["version"]) == ("created", {}, 1)


@with_history
def test_comes_in_pages_with_links(client: FlaskClient, resource: Resource) -> None:
    client.post(resource.url, json=resource.given)
    for version, text in enumerate(("Bose", "Cruz"), 1):
        client.patch(resource.one, json={"version": version, resource.text: text})
    response = client.get(f"{resource.one}/history?limit=1&page=2")
    assert [entry["version"] for entry in response.get_json()["data"]] == [2]
    assert f'{resource.one}/history?limit=1&page=3>; rel="next"' in response.headers["Link"]


@with_history
def test_is_read_strictly(client: FlaskClient, resource: Resource) -> None:
    client.post(resource.url, json=resource.given)
    asked = client.get(f"{resource.one}/history?who=me")
    assert error(asked) == (422, "unknown_parameter", "who")
    assert error(client.get(f"{resource.url}/{NOBODY}/history")) == (404, "not_found", None)
    client.delete(resource.one)
    assert error(client.get(f"{resource.one}/history")) == (404, "not_found", None)


def test_is_not_sent_again_until_something_changes(client: FlaskClient) -> None:
    client.post("/v1/calls", json=CALLS.given)
    known = {"If-None-Match": client.get(f"{CALLS.one}/history").headers["ETag"]}
    assert client.get(f"{CALLS.one}/history", headers=known).status_code == 304
    client.patch(CALLS.one, json={"version": 1, **CALLS.other})
    assert client.get(f"{CALLS.one}/history", headers=known).status_code == 200


def test_may_be_read_by_whoever_may_read(make_client: Callable[..., FlaskClient]) -> None:
    make_client("write").post("/v1/calls", json=CALLS.given)
    assert make_client("read").get(f"{CALLS.one}/history").status_code == 200
    assert make_client("ingest").get(f"{CALLS.one}/history").status_code == 403


def test_is_described_as_it_is(client: FlaskClient, operations: dict[str, Doc]) -> None:
    operation = operations["GET /v1/calls/{call_id}/history"]
    names = {parameter["name"] for parameter in operation["parameters"]}
    assert names == {"call_id", "page", "limit", "If-None-Match"}
    client.post("/v1/calls", json=CALLS.given)
    sent = set(client.get(f"{CALLS.one}/history").headers.keys())
    assert set(operation["responses"]["200"]["headers"]) <= sent | {"Link"}
