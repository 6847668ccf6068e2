"""What the API answers: with success, and with an error in its one envelope."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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
KEYS = ["type", "code", "message", "param"]
# Whatever tells how the service is built or where it lies.
INSIDES = re.compile(
    r"Traceback|File \"|\.py\b|/tmp/|clinic\.db|site-packages|apsw|sqlite|peewee|werkzeug"
    r"|\bSELECT\b|\bINSERT\b|\bUPDATE\b|\bTABLE\b|Error\b(?<!_error)|Exception|object at 0x",
    re.IGNORECASE,
)


def read(client: FlaskClient, url: str) -> Any:
    """Get what the service answers with 200."""
    response = client.get(url)
    assert response.status_code == 200, response.text
    return response.get_json()


def total(client: FlaskClient, url: str) -> int:
    """Give how many rows a list has in all."""
    return int(read(client, url)["pagination"]["total"])


def error(response: TestResponse) -> tuple[int, str, str | None]:
    """Give what is wrong, status, code and param, of an error that is in the envelope."""
    assert response.mimetype == "application/json", response.text
    body = response.get_json()
    assert list(body) == ["detail"]
    detail: dict[str, Any] = body["detail"]
    assert list(detail) in (KEYS, [*KEYS, "errors"])
    for item in (detail, *detail.get("errors", ())):
        _assert_item(item)
    assert detail["type"] == TYPES[response.status_code]
    assert re.fullmatch(r"[0-9a-f]{16}", response.headers["X-Request-Id"])
    return response.status_code, detail["code"], detail["param"]


def assert_error(
    response: TestResponse, status: int, code: str, param: str | None = None
) -> dict[str, Any]:
    """Assert that a response is this error, and give its detail."""
    assert error(response) == (status, code, param)
    detail: dict[str, Any] = response.get_json()["detail"]
    return detail


def _assert_item(item: dict[str, Any]) -> None:
    assert list(item)[:4] == KEYS
    assert re.fullmatch(r"\S.*[.?]", item["message"], re.DOTALL), item["message"]
    assert not INSIDES.search(item["message"]), item["message"]
    assert item["param"] is None or isinstance(item["param"], str)
