"""Without a valid key in its one header the door stays shut, before anything else is looked at."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.instants import now_ms
from app.models.engine import database
from app.services.keys import create_key, revoke_key
from tests.support.answers import error
from tests.support.commands import id_of, secret_of
from tests.support.resources import CALL_ID as ID


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


def wrong_keys() -> Iterator[str]:
    """Make a good key, and give all kinds of what is none."""
    with database.write():
        good, revoked = create_key("a", ["read"]), create_key("b", ["read"])
        expired = create_key("c", ["read"], now_ms())
        revoke_key(id_of(revoked))
    key_id, secret = id_of(good), secret_of(good)
    yield from ("", " ", "x", "_", "__", "cc_", "cc__", f"cc_{key_id}", f"cc_{key_id}_")
    yield from (f"cc_{key_id}_x", f"cc_000000000000_{secret}", f"cd_{key_id}_{secret}", secret)
    yield from (good[:-1], good + "x", good.upper(), f"{good}, {good}", f"Bearer {good}", "cl\xe9")
    yield from ("cc_'; DROP TABLE api_key; --_x", "x" * 10_000, revoked, expired)


def test_wrong_keys_all_get_the_answer_of_no_key(anonymous: FlaskClient) -> None:
    answers = set()
    for headers in ({}, *({"X-API-Key": key} for key in wrong_keys())):
        response = anonymous.get("/v1/calls", headers=headers)
        told = [pair for pair in response.headers if pair[0] != "X-Request-Id"]
        answers.add((response.status_code, response.data, tuple(told)))
    assert [status for status, *_ in answers] == [401]


def test_401_says_how_to_authenticate(anonymous: FlaskClient) -> None:
    response = anonymous.get("/v1/calls")
    assert error(response) == (401, "invalid_api_key", None)
    assert response.headers["WWW-Authenticate"].startswith("ApiKey")
    assert "X-API-Key" in response.get_json()["detail"]["message"]


@pytest.mark.parametrize("name", ["X-API-Key", "x-api-key", "api_key", "key", "access_token"])
def test_key_in_the_url_is_not_accepted(
    anonymous: FlaskClient, client: FlaskClient, name: str
) -> None:
    key = client.environ_base["HTTP_X_API_KEY"]
    assert anonymous.get(f"/v1/calls?{name}={key}").status_code == 401
    assert client.get(f"/v1/calls?{name}={key}").status_code == 422


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Authorization", "Bearer {}"),
        ("Cookie", "X-API-Key={}"),
        ("Api-Key", "{}"),
        ("X-Key", "{}"),
    ],
)
def test_key_in_another_header_is_not_accepted(
    anonymous: FlaskClient, client: FlaskClient, header: str, value: str
) -> None:
    key = client.environ_base["HTTP_X_API_KEY"]
    response = anonymous.get("/v1/calls", headers={header: value.format(key)})
    assert response.status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type"),
    [
        ("POST", "/v1/calls", b"{", "application/json"),
        ("POST", "/v1/calls", b"\xff", "application/json"),
        ("POST", "/v1/calls", b"x", "text/plain"),
        ("POST", "/v1/calls", b" " * (2 * 1024 * 1024), "application/json"),
        ("GET", "/v1/calls?limit=0&nonsense=1&page=1&page=1", b"", None),
        ("GET", "/v1/calls?q=%ff%00", b"", None),
        ("GET", "/v1/nowhere", b"", None),
        ("GET", "/v1/", b"", None),
        ("GET", "/v1", b"", None),
        ("GET", "/v1/calls/", b"", None),
        ("GET", "/v1//calls", b"", None),
        ("GET", "/v1/calls/not-a-uuid", b"", None),
        ("PUT", "/v1/calls", b"", None),
        ("BREW", "/v1/calls", b"", None),
        ("OPTIONS", "/v1/calls", b"", None),
        ("HEAD", "/v1/calls", b"", None),
        ("PATCH", f"/v1/calls/{ID}", b"[]", "application/json"),
        ("DELETE", "/v1/tags/x", b"", None),
        ("GET", "/v1/ingest", b"", None),
    ],
)
def test_without_a_key_everything_under_v1_is_401(
    anonymous: FlaskClient, method: str, path: str, body: bytes, content_type: str | None
) -> None:
    response = anonymous.open(path, method=method, data=body, content_type=content_type)
    assert response.status_code == 401


def test_without_a_key_no_body_is_read(anonymous: FlaskClient) -> None:
    class Unread:
        def read(self, *_: object) -> bytes:
            raise AssertionError("The body was read.")

        readline = readlines = __iter__ = read

    response = anonymous.post(
        "/v1/calls",
        content_type="application/json",
        environ_overrides={"wsgi.input": Unread(), "CONTENT_LENGTH": "1000"},
    )
    assert response.status_code == 401


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/docs"])
def test_what_tells_nothing_of_calls_needs_no_key(anonymous: FlaskClient, path: str) -> None:
    assert anonymous.get(path).status_code == 200
