"""Errors: one envelope from every producer, and nothing in it or in the log that should not be."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.models.engine import database
from tests.conftest import MakeCall

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
PRIVATE = "Wilhelmina Quackenbush"
TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    409: "conflict_error",
    412: "conflict_error",
    413: "invalid_request_error",
    415: "invalid_request_error",
    422: "validation_error",
    429: "rate_limit_error",
    500: "server_error",
    503: "server_error",
    507: "server_error",
}
# Whatever tells how the service is built or where it lies.
INSIDES = re.compile(
    r"Traceback|File \"|\.py\b|/tmp/|clinic\.db|site-packages|apsw|sqlite|peewee|werkzeug"
    r"|\bSELECT\b|\bINSERT\b|\bUPDATE\b|\bTABLE\b|Error\b(?<!_error)|Exception|object at 0x",
    re.IGNORECASE,
)


def assert_error(
    response: TestResponse, status: int, code: str, param: str | None = None
) -> dict[str, Any]:
    """Assert that a response is this error in the one envelope, and give its detail."""
    assert (response.status_code, response.mimetype) == (status, "application/json"), response.text
    body = response.get_json()
    assert list(body) == ["detail"]
    detail: dict[str, Any] = body["detail"]
    assert list(detail) in (
        ["type", "code", "message", "param"],
        ["type", "code", "message", "param", "errors"],
    )
    for item in [detail, *detail.get("errors", [])]:
        assert list(item)[:4] == ["type", "code", "message", "param"]
        assert re.fullmatch(r"\S.*[.?]", item["message"], re.DOTALL), item["message"]
        assert not INSIDES.search(item["message"]), item["message"]
        assert item["param"] is None or isinstance(item["param"], str)
    assert (detail["type"], detail["code"], detail["param"]) == (TYPES[status], code, param)
    assert re.fullmatch(r"[0-9a-f]{16}", response.headers["X-Request-Id"])
    return detail


def drop_tables() -> None:
    """Make whatever reads or writes calls crash."""
    database.raw().execute("DROP TABLE call; DROP TABLE period").fetchall()


@pytest.fixture
def settings() -> dict[str, str]:
    return {"RETELL_API_KEY": "key_123", "VAPI_WEBHOOK_SECRET": "hush"}


# --- what a client does wrong


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"summary": "x"',
        b'{"summary": "\xff"}',
        b'{"summary": "\\ud800"}',
        b"\xef\xbb\xbf{}",
        '{"summary": "é"}'.encode("utf-16"),
        b'{"cost_usd": NaN}',
        b"{}{}",
        b"[" * 100_000,
    ],
    ids=lambda body: ascii(body[:20]),
)
def test_body_that_is_not_json_is_400(client: FlaskClient, body: bytes) -> None:
    response = client.post("/v1/calls", data=body, content_type="application/json")
    assert_error(response, 400, "malformed_json")


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"x"', b"true"])
def test_body_that_is_no_object_is_422(client: FlaskClient, body: bytes) -> None:
    response = client.post("/v1/calls", data=body, content_type="application/json")
    assert_error(response, 422, "invalid_field")


def test_missing_key_is_401(anonymous: FlaskClient) -> None:
    response = anonymous.get("/v1/calls")
    assert_error(response, 401, "invalid_api_key")
    assert "WWW-Authenticate" in response.headers


def test_wrong_signature_is_401(anonymous: FlaskClient) -> None:
    response = anonymous.post("/v1/ingest/retell", json={"event": "call_ended"})
    assert_error(response, 401, "invalid_signature")


def test_missing_scope_is_403(make_client: Callable[..., FlaskClient]) -> None:
    assert_error(make_client("ingest").get("/v1/calls"), 403, "missing_scope")


def test_provider_without_secret_is_403(anonymous: FlaskClient) -> None:
    response = anonymous.post("/v1/ingest/bland", json={})
    assert_error(response, 403, "provider_not_configured")


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/nowhere", "/v1/", "/v1/calls/", f"/v1/calls/{ID}", f"/v1/calls/{ID}/notes"),
        *("/v1/calls/x", "/v1/calls/%00", "/v1/calls/%ff", "/v1/calls/%2e%2e", "/v1/%F0%9F%98%80"),
        *(f"/v1/patients/{ID}", f"/v1/tags/{ID}", "/v1/ingest/", "/v1/ingest/x/y", "/nowhere"),
        f"/v1/calls/{'x' * 5000}",
    ],
    ids=lambda path: path[:30],
)
def test_unknown_address_is_404(client: FlaskClient, path: str) -> None:
    assert_error(client.get(path), 404, "not_found")


def test_unknown_provider_is_404(anonymous: FlaskClient) -> None:
    assert_error(anonymous.post("/v1/ingest/nobody", json={}), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/calls", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("BREW", "/v1/calls", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("POST", f"/v1/calls/{ID}", {"GET", "HEAD", "OPTIONS", "PATCH", "DELETE"}),
        ("GET", "/v1/ingest/retell", {"OPTIONS", "POST"}),
        ("POST", "/health", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_wrong_method_is_405_and_names_the_right_ones(
    client: FlaskClient, method: str, path: str, allowed: set[str]
) -> None:
    response = client.open(path, method=method)
    assert_error(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == allowed


def test_other_version_is_409(client: FlaskClient, make_call: MakeCall) -> None:
    response = client.patch(f"/v1/calls/{make_call()}", json={"version": 2, "notes": "x"})
    assert_error(response, 409, "version_mismatch", "version")


def test_taken_id_is_409(client: FlaskClient, make_call: MakeCall) -> None:
    response = client.post("/v1/calls", json={"id": make_call(), "summary": "x"})
    assert_error(response, 409, "already_exists", "id")


def test_body_above_one_mebibyte_is_413(client: FlaskClient) -> None:
    body = b'{"summary": "%s"}' % (b"x" * (1024 * 1024))
    response = client.post("/v1/calls", data=body, content_type="application/json")
    assert_error(response, 413, "body_too_large")
    assert client.get("/v1/calls").get_json()["pagination"]["total"] == 0


def test_body_of_one_mebibyte_is_taken(client: FlaskClient) -> None:
    body = b'{"summary": "%s"}' % (b"x" * (1024 * 1024 - 15))
    response = client.post("/v1/calls", data=body, content_type="application/json")
    assert (len(body), response.status_code) == (1024 * 1024, 201)


def test_webhook_above_25_mebibytes_is_413(anonymous: FlaskClient) -> None:
    body = b"x" * (25 * 1024 * 1024 + 1)
    assert_error(anonymous.post("/v1/ingest/retell", data=body), 413, "body_too_large")


@pytest.mark.parametrize(
    "content_type",
    [
        *(None, "", "text/plain", "text/json", "application/x-www-form-urlencoded"),
        *("application/octet-stream", "application/json-patch+json", "json", "; charset=utf-8"),
    ],
)
def test_body_of_another_type_is_415(client: FlaskClient, content_type: str | None) -> None:
    response = client.post("/v1/calls", data=b"{}", content_type=content_type)
    assert_error(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_is_known_in_every_spelling(client: FlaskClient, content_type: str) -> None:
    response = client.post("/v1/calls", data=b"{}", content_type=content_type)
    assert response.status_code == 201


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ("limit=0", "invalid_field", "limit"),
        ("limit=0&page=0", "invalid_field", "page"),
        ("nope=1", "unknown_parameter", "nope"),
        ("limit=1&limit=1", "repeated_parameter", "limit"),
        ("q=%00", "invalid_field", "q"),
        ("q=%ff", "invalid_field", "q"),
        ("%00=1", "unknown_parameter", "�"),
        ("started_gte=yesterday", "invalid_field", "started_gte"),
    ],
)
def test_bad_query_is_422(client: FlaskClient, query: str, code: str, param: str) -> None:
    assert_error(client.get(f"/v1/calls?{query}"), 422, code, param)


def test_bad_field_is_422(client: FlaskClient) -> None:
    response = client.post("/v1/calls", json={"status": "new"})
    detail = assert_error(response, 422, "invalid_field", "status")
    assert detail["message"] == "status must be one of pending, done, follow_up_needed."
    assert "errors" not in detail


def test_several_bad_fields_are_all_listed(client: FlaskClient) -> None:
    body = {"status": "new", "category": "new", "nonsense": 1}
    detail = assert_error(client.post("/v1/calls", json=body), 422, "invalid_field", "status")
    assert {error["param"] for error in detail["errors"]} == {"status", "category", "nonsense"}
    assert detail["errors"][0] == {key: detail[key] for key in detail if key != "errors"}


def test_error_speaks_of_no_value(client: FlaskClient) -> None:
    body = {"status": PRIVATE, "customer_number": [PRIVATE], "language": f"{PRIVATE} 1"}
    response = client.post("/v1/calls", json=body)
    assert_error(response, 422, "invalid_field", "customer_number")
    assert "Quackenbush" not in response.text


# --- what the service does wrong


def test_crash_is_500(client: FlaskClient) -> None:
    drop_tables()
    assert_error(client.get("/v1/calls"), 500, "internal_error")
    assert_error(client.post("/v1/calls", json={"id": ID}), 500, "internal_error")
    assert_error(client.get(f"/v1/calls/{ID}"), 500, "internal_error")


def test_crash_while_the_key_is_checked_is_500(client: FlaskClient) -> None:
    database.raw().execute("DROP TABLE api_key")
    assert_error(client.get("/v1/calls"), 500, "internal_error")


def test_log_finds_a_crash_by_the_request_id(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    drop_tables()
    response = client.get("/v1/calls")
    assert "under this request's id" in response.get_json()["detail"]["message"]
    assert response.headers["X-Request-Id"] in caplog.text


def test_locked_database_is_503(client: FlaskClient, app: Flask) -> None:
    database.raw().set_busy_timeout(0)
    other = apsw.Connection(str(app.config["DATABASE_URL"]))
    other.execute("BEGIN IMMEDIATE")
    response = client.post("/v1/calls", json={"id": ID})
    other.close()
    assert_error(response, 503, "unavailable")
    assert response.headers["Retry-After"] == "2"
    assert client.post("/v1/calls", json={"id": ID}).status_code == 201


def test_replaced_database_is_503(client: FlaskClient, app: Flask) -> None:
    path: Path = app.config["DATABASE_URL"]
    path.rename(path.with_name("old.db"))
    path.touch()
    response = client.post("/v1/calls", json={"id": ID})
    assert_error(response, 503, "unavailable")
    assert response.headers["Retry-After"] == "2"
    assert_error(client.get("/health"), 503, "unavailable")


def test_damaged_database_is_503(client: FlaskClient, app: Flask) -> None:
    path: Path = app.config["DATABASE_URL"]
    database.raw().pragma("wal_checkpoint(TRUNCATE)")
    database.close_all()
    with path.open("r+b") as file:
        file.write(b"x" * 50_000)
    assert_error(client.get("/v1/calls"), 503, "unavailable")


def test_full_disk_is_507_and_stores_nothing(client: FlaskClient) -> None:
    pages = database.raw().pragma("page_count")
    database.raw().pragma("max_page_count", pages)
    response = client.post("/v1/calls", json={"id": ID, "summary": "x" * 500_000})
    assert_error(response, 507, "storage_full")
    assert_error(client.get(f"/v1/calls/{ID}"), 404, "not_found")
    database.raw().pragma("max_page_count", pages + 1000)
    assert client.post("/v1/calls", json={"id": ID}).status_code == 201


# --- every response, and the log


def test_every_response_has_an_id_of_its_own(client: FlaskClient, make_call: MakeCall) -> None:
    paths = [f"/v1/calls/{make_call()}", "/v1/calls", "/health", "/openapi.json", "/docs", "/x"]
    ids = [client.get(path).headers["X-Request-Id"] for path in [*paths, *paths]]
    assert all(re.fullmatch(r"[0-9a-f]{16}", request_id) for request_id in ids)
    assert len(set(ids)) == 12


def test_id_of_a_request_is_not_taken_from_the_client(client: FlaskClient) -> None:
    response = client.get("/v1/calls", headers={"X-Request-Id": "0" * 16})
    assert response.headers["X-Request-Id"] != "0" * 16


def test_nothing_under_v1_is_kept_by_caches(client: FlaskClient) -> None:
    for path in ("/v1/calls", "/v1/nowhere", f"/v1/calls/{ID}", "/v1/calls?limit=0"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_file_part_beyond_the_end_is_416(anonymous: FlaskClient) -> None:
    path = "/static/vendor/swagger-ui/swagger-ui.css"
    response = anonymous.get(path, headers={"Range": "bytes=99999999-"})
    assert response.status_code == 416


def test_error_page_escapes_what_was_asked(client: FlaskClient) -> None:
    response = client.get("/v1/calls?<script>alert(1)</script>=1")
    assert response.mimetype == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def crash(client: FlaskClient) -> None:
    drop_tables()
    client.post("/v1/calls", json={"summary": PRIVATE, "customer_number": "+12125550147"})
    client.get(f"/v1/calls?q={PRIVATE}&customer_number=%2B12125550147")


def lose_database(client: FlaskClient) -> None:
    path: Path = client.application.config["DATABASE_URL"]
    path.rename(path.with_name("old.db"))
    client.post("/v1/calls", json={"summary": PRIVATE, "customer_number": "+12125550147"})


def refuse(client: FlaskClient) -> None:
    client.post("/v1/calls", json={"status": PRIVATE, "customer_number": "+12125550147", "x": 1})
    client.get(f"/v1/calls?q={PRIVATE}&customer_number=%2B12125550147&limit=0")
    client.post("/v1/calls", data=f'{{"summary": "{PRIVATE}', content_type="application/json")


def break_name(client: FlaskClient) -> None:
    database.raw().execute("DROP TABLE patient_search")
    client.post("/v1/patients", json={"last_name": PRIVATE, "phone_number": "+12125550147"})


@pytest.mark.parametrize("go_wrong", [crash, lose_database, refuse, break_name])
def test_log_holds_nothing_of_health(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, go_wrong: Callable[[FlaskClient], None]
) -> None:
    caplog.set_level("DEBUG")
    go_wrong(client)
    assert "Quackenbush" not in caplog.text
    assert "5550147" not in caplog.text


def test_log_says_where_it_crashed(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    drop_tables()
    client.get("/v1/calls")
    assert "call_list.py" in caplog.text
    assert "/v1/calls" in caplog.text
