"""What every response carries, whether all was well or not."""

import re

from flask.testing import FlaskClient

from tests.support.resources import CALLS

PATHS = ["/v1/calls", CALLS.one, "/health", "/openapi.json", "/docs", "/nowhere"]


def test_every_response_has_an_id_of_its_own(client: FlaskClient) -> None:
    client.post(CALLS.url, json=CALLS.given)
    ids = [client.get(path).headers["X-Request-Id"] for path in PATHS * 2]
    assert all(re.fullmatch(r"[0-9a-f]{16}", request_id) for request_id in ids)
    assert len(set(ids)) == 12


def test_id_of_a_request_is_not_taken_from_the_client(client: FlaskClient) -> None:
    response = client.get(CALLS.url, headers={"X-Request-Id": "0" * 16})
    assert response.headers["X-Request-Id"] != "0" * 16


def test_nothing_under_v1_is_kept_by_caches(client: FlaskClient) -> None:
    paths = (CALLS.url, "/v1/nowhere", CALLS.one, "/v1/calls?limit=0")
    assert {client.get(path).headers["Cache-Control"] for path in paths} == {"no-store"}


def test_file_part_beyond_the_end_is_416(anonymous: FlaskClient) -> None:
    path = "/static/vendor/swagger-ui/swagger-ui.css"
    response = anonymous.get(path, headers={"Range": "bytes=99999999-"})
    assert response.status_code == 416
