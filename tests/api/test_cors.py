"""CORS_ORIGINS: pages of the listed origins may use the API, those of any other may not."""

from typing import Any

import pytest
from flask.testing import FlaskClient

ORIGIN = "http://localhost:5173"


@pytest.fixture
def settings() -> dict[str, str]:
    return {"CORS_ORIGINS": ORIGIN}


def preflight(anonymous: FlaskClient, origin: str, path: str = "/v1/calls") -> Any:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "content-type,x-api-key",
    }
    return anonymous.options(path, headers=headers)


def test_preflight_of_a_listed_origin_is_allowed(anonymous: FlaskClient) -> None:
    headers = preflight(anonymous, ORIGIN).headers
    assert headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "PATCH" in headers["Access-Control-Allow-Methods"]
    allowed = headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"content-type", "x-api-key"} <= set(allowed)


@pytest.mark.parametrize(
    "origin",
    [
        *("null", "*", "https://localhost:5173", "http://localhost:51730", "http://localhost"),
        *("http://evil.example", "http://localhost:5173.evil.example", f"{ORIGIN}, http://x"),
    ],
)
def test_other_origins_are_not_allowed(
    anonymous: FlaskClient, client: FlaskClient, origin: str
) -> None:
    assert "Access-Control-Allow-Origin" not in preflight(anonymous, origin).headers
    response = client.get("/v1/calls", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(("path", "status"), [("/v1/calls", 200), ("/v1/calls?limit=0", 422)])
def test_page_of_a_listed_origin_may_read_every_answer(
    client: FlaskClient, path: str, status: int
) -> None:
    response = client.get(path, headers={"Origin": ORIGIN})
    exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
    assert response.status_code == status
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert {"Link", "Retry-After", "X-Request-Id"} <= set(exposed)


def test_page_of_a_listed_origin_may_read_that_its_key_is_wrong(anonymous: FlaskClient) -> None:
    response = anonymous.get("/v1/calls", headers={"Origin": ORIGIN})
    assert response.status_code == 401
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_no_credentials_are_allowed(anonymous: FlaskClient) -> None:
    assert "Access-Control-Allow-Credentials" not in preflight(anonymous, ORIGIN).headers


def test_preflight_tells_nothing_of_what_is_there(anonymous: FlaskClient) -> None:
    response = preflight(anonymous, ORIGIN, "/v1/calls/3c90c3cc-0d44-4b50-8888-8dd25736052a")
    assert (response.status_code, response.data) == (200, b"")


@pytest.mark.parametrize("settings", [{}])
def test_without_the_setting_no_origin_is_allowed(anonymous: FlaskClient) -> None:
    response = preflight(anonymous, ORIGIN)
    assert response.status_code == 401
    assert "Access-Control" not in str(response.headers)
