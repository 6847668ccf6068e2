"""What bodies of calls may be: JSON in UTF-8 of at most 1 MiB, however it is sent."""

import io
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.support.people import error, read
from tests.support.server import running_server

URL = "/v1/calls"
MIB = 1024 * 1024
JSON = "application/json"

MALFORMED = {
    "nothing": b"",
    "half": b'{"summary":',
    "two": b"{}{}",
    "not UTF-8": b'{"summary":"\xff"}',
    "UTF-16": '{"summary":"a"}'.encode("utf-16"),
    "a lone surrogate": b'{"summary":"\\ud800"}',
    "an encoded lone surrogate": b'{"summary":"\xed\xa0\x80"}',
    "not a number": b'{"duration_min":NaN}',
    "infinity": b'{"duration_min":Infinity}',
    "deep": b"[" * 100_000,
}


def body_of(size: int) -> bytes:
    """Give a call's JSON of exactly so many bytes."""
    return b'{"summary":"%b"}' % (b"x" * (size - len(b'{"summary":""}')))


def post_of_unknown_length(client: FlaskClient, body: bytes) -> Any:
    """Post as a server passes on a body that came in chunks: its length is not known before."""
    environ = {"wsgi.input_terminated": True}
    stream = io.BytesIO(body)
    return client.post(URL, input_stream=stream, content_type=JSON, environ_base=environ)


@pytest.mark.parametrize("name", MALFORMED)
def test_refuses_what_is_no_json(client: FlaskClient, name: str) -> None:
    answer = client.post(URL, data=MALFORMED[name], content_type=JSON)
    assert error(answer) == (400, "malformed_json", None)


def test_null_is_no_call(client: FlaskClient) -> None:
    answer = client.post(URL, data=b"null", content_type=JSON)
    assert error(answer) == (422, "invalid_field", None)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_refuses_another_content_type(client: FlaskClient, content_type: str) -> None:
    answer = client.post(URL, data=b"{}", content_type=content_type)
    assert error(answer) == (415, "unsupported_media_type", None)


def test_a_huge_number_is_only_not_valid(client: FlaskClient) -> None:
    body = b'{"sessions_scheduled":%b}' % (b"9" * 100)
    answer = client.post(URL, data=body, content_type=JSON)
    assert error(answer) == (422, "invalid_field", "sessions_scheduled")


def test_takes_a_body_of_exactly_the_limit(client: FlaskClient) -> None:
    assert client.post(URL, data=body_of(MIB), content_type=JSON).status_code == 201
    assert post_of_unknown_length(client, body_of(MIB)).status_code == 201


def test_refuses_a_larger_body(client: FlaskClient) -> None:
    answer = client.post(URL, data=body_of(MIB + 1), content_type=JSON)
    assert error(answer) == (413, "body_too_large", None)
    assert read(client, URL)["pagination"]["total"] == 0


def test_refuses_a_larger_body_of_unknown_length(client: FlaskClient) -> None:
    # A space after a whole JSON text: cut off at the limit it would be valid.
    answer = post_of_unknown_length(client, body_of(MIB) + b" ")
    assert error(answer) == (413, "body_too_large", None)
    assert read(client, URL)["pagination"]["total"] == 0


def test_the_server_takes_chunks_up_to_the_limit(client: FlaskClient, tmp_path: Path) -> None:
    key = client.environ_base["HTTP_X_API_KEY"]
    with running_server(tmp_path / "clinic.db") as server:
        statuses = [post_chunks(server, key, body_of(size)) for size in (MIB, MIB + 1, 26 * MIB)]
    assert statuses == [201, 413, 413]
    assert read(client, URL)["pagination"]["total"] == 1


def post_chunks(server: str, key: str, body: bytes) -> int:
    """Post in chunks, without a Content-Length, and give the status."""
    connection = HTTPConnection(urlsplit(server).netloc, timeout=60)
    chunks = (body[i : i + 64 * 1024] for i in range(0, len(body), 64 * 1024))
    headers = {"X-API-Key": key, "Content-Type": JSON}
    connection.request("POST", URL, chunks, headers, encode_chunked=True)
    status = connection.getresponse().status
    connection.close()
    return status
