"""What is refused of calls, patients and tags alike, and leaves all as it was."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.answers import error, read, total
from tests.support.resources import NOBODY, Resource, each

INSTANT = "2023-11-07T05:31:56Z"
OURS: dict[str, dict[str, Any]] = {
    "no UUID": {"id": "7"},
    "an id of null": {"id": None},
    "a version": {"version": 1},
    "an instant of ours": {"updated_at": INSTANT},
    "an unknown field": {"colour": "red"},
}
CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "no version": ({}, "version"),
    "a version of null": ({"version": None}, "version"),
    "a version as text": ({"version": "1"}, "version"),
    "a version of none": ({"version": 0}, "version"),
    "an id": ({"version": 1, "id": NOBODY}, "id"),
    "a created_at": ({"version": 1, "created_at": INSTANT}, "created_at"),
    "an updated_at": ({"version": 1, "updated_at": INSTANT}, "updated_at"),
    "a deleted_at": ({"version": 1, "deleted_at": None}, "deleted_at"),
    "an unknown field": ({"version": 1, "colour": "red"}, "colour"),
}
QUERIES = {
    "no row": ("limit=0", "invalid_field", "limit"),
    "too many rows": ("limit=101", "invalid_field", "limit"),
    "no page": ("page=0", "invalid_field", "page"),
    "an unknown parameter": ("colour=red", "unknown_parameter", "colour"),
    "a parameter twice": ("page=1&page=1", "repeated_parameter", "page"),
}


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


@pytest.fixture
def before(client: FlaskClient, resource: Resource) -> Any:
    """Give one that is there before."""
    response = client.post(resource.url, json=resource.given)
    assert response.status_code in (200, 201)
    return response.get_json()


@each
@pytest.mark.parametrize("values", OURS.values(), ids=OURS.keys())
def test_refuses_a_new_one(client: FlaskClient, resource: Resource, values: dict[str, Any]) -> None:
    count = total(client, resource.url)
    response = client.post(resource.url, json={resource.text: "Bose", **values})
    assert error(response) == (422, "invalid_field", next(iter(values)))
    assert total(client, resource.url) == count


@each
@pytest.mark.parametrize(("body", "param"), CHANGES.values(), ids=CHANGES.keys())
def test_refuses_a_change(
    client: FlaskClient, resource: Resource, before: Any, body: dict[str, Any], param: str
) -> None:
    response = client.patch(resource.one, json=resource.other | body)
    assert error(response) == (422, "invalid_field", param)
    assert read(client, resource.one) == before


@each
@pytest.mark.parametrize(("query", "code", "param"), QUERIES.values(), ids=QUERIES.keys())
def test_refuses_a_query(
    client: FlaskClient, resource: Resource, query: str, code: str, param: str
) -> None:
    assert error(client.get(f"{resource.url}?{query}")) == (422, code, param)


@each
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_one_is_not_found(client: FlaskClient, resource: Resource, method: str) -> None:
    response = client.open(f"{resource.url}/{NOBODY}", method=method, json={"version": 1})
    assert error(response) == (404, "not_found", None)


@each
@pytest.mark.parametrize("name", ["%00", "%ED%A0%80", "a'b", "x" * 5000], ids=lambda name: name[:9])
def test_what_is_no_id_is_not_found(client: FlaskClient, resource: Resource, name: str) -> None:
    assert error(client.get(f"{resource.url}/{name}")) == (404, "not_found", None)
