"""What a client does wrong: addresses, methods, queries and fields, each told in the envelope."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.answers import error
from tests.support.resources import NOBODY

PRIVATE = "Wilhelmina Quackenbush"
OF_A_LIST = {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


@pytest.mark.parametrize(
    "path",
    [
        *("/static/nowhere", "/v1/nowhere", "/v1/", "/v1/calls/", f"/v1/calls/{NOBODY}/notes"),
        *("/v1/%F0%9F%98%80", "/v1/ingest/", "/v1/ingest/x/y"),
    ],
)
def test_unknown_address_is_404(client: FlaskClient, path: str) -> None:
    assert error(client.get(path)) == (404, "not_found", None)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/calls", OF_A_LIST),
        ("BREW", "/v1/calls", OF_A_LIST),
        ("POST", f"/v1/calls/{NOBODY}", {"GET", "HEAD", "OPTIONS", "PATCH", "DELETE"}),
        ("GET", "/v1/ingest/retell", {"OPTIONS", "POST"}),
        ("POST", "/health", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_wrong_method_is_405_and_names_the_right_ones(
    client: FlaskClient, method: str, path: str, allowed: set[str]
) -> None:
    response = client.open(path, method=method)
    assert error(response) == (405, "method_not_allowed", None)
    assert set(response.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ("limit=0&page=0", "invalid_field", "page"),
        ("q=%00", "invalid_field", "q"),
        ("q=%ff", "invalid_field", "q"),
        ("%00=1", "unknown_parameter", "�"),
        ("started_gte=yesterday", "invalid_field", "started_gte"),
    ],
)
def test_bad_query_is_422(client: FlaskClient, query: str, code: str, param: str) -> None:
    assert error(client.get(f"/v1/calls?{query}")) == (422, code, param)


def test_bad_field_is_422_and_says_what_would_be_good(client: FlaskClient) -> None:
    response = client.post("/v1/calls", json={"status": "new"})
    detail = response.get_json()["detail"]
    assert error(response) == (422, "invalid_field", "status")
    assert detail["message"] == "status must be one of pending, done, follow_up_needed."
    assert "errors" not in detail


def test_several_bad_fields_are_all_listed(client: FlaskClient) -> None:
    body = {"status": "new", "category": "new", "nonsense": 1}
    response = client.post("/v1/calls", json=body)
    assert error(response) == (422, "invalid_field", "status")
    first, *others = response.get_json()["detail"].pop("errors")
    assert {item["param"] for item in others} == {"category", "nonsense"}
    assert first.items() <= response.get_json()["detail"].items()


def test_an_error_speaks_of_no_value(client: FlaskClient) -> None:
    body = {"status": PRIVATE, "customer_number": [PRIVATE], "language": f"{PRIVATE} 1"}
    response = client.post("/v1/calls", json=body)
    assert error(response) == (422, "invalid_field", "customer_number")
    assert "Quackenbush" not in response.text


def test_what_was_asked_is_no_markup_of_an_answer(client: FlaskClient) -> None:
    response = client.get("/v1/calls?<script>alert(1)</script>=1")
    assert response.mimetype == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
