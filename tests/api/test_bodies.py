"""What bodies may be: an object of JSON in UTF-8 of at most 1 MiB, however it is sent."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.answers import error, total

URL = "/v1/calls"
MIB = 1024 * 1024
JSON = "application/json"

MALFORMED = {
    "nothing": b"",
    "blank": b" ",
    "half an object": b"{",
    "half a field": b'{"summary": "x"',
    "two": b"{}{}",
    "not UTF-8": b'{"summary": "\xff"}',
    "UTF-16": '{"summary": "é"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a lone surrogate": b'{"summary": "\\ud800"}',
    "an encoded lone surrogate": b'{"summary":"\xed\xa0\x80"}',
    "not a number": b'{"cost_usd": NaN}',
    "infinity": b'{"duration_min":Infinity}',
    "deep": b"[" * 100_000,
}


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


def body_of(size: int) -> bytes:
    """Give a call's JSON of exactly so many bytes."""
    return b'{"summary":"%b"}' % (b"x" * (size - len(b'{"summary":""}')))


def post(client: FlaskClient, body: bytes, content_type: str | None = JSON) -> Any:
    return client.post(URL, data=body, content_type=content_type)


def post_of_unknown_length(client: FlaskClient, body: bytes) -> Any:
    """Post as a server passes on a body that came in chunks: its length is not known before."""
    environ = {"wsgi.input_terminated": True}
    stream = io.BytesIO(body)
    return client.post(URL, input_stream=stream, content_type=JSON, environ_base=environ)


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_refuses_what_is_no_json(client: FlaskClient, body: bytes) -> None:
    assert error(post(client, body)) == (400, "malformed_json", None)


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"x"', b"true"])
def test_refuses_what_is_no_object(client: FlaskClient, body: bytes) -> None:
    assert error(post(client, body)) == (422, "invalid_field", None)


@pytest.mark.parametrize(
    "content_type",
    [
        *(None, "", "text/plain", "text/json", "application/x-www-form-urlencoded"),
        *("application/octet-stream", "application/json-patch+json", "json", "; charset=utf-8"),
    ],
)
def test_refuses_another_content_type(client: FlaskClient, content_type: str | None) -> None:
    assert error(post(client, b"{}", content_type)) == (415, "unsupported_media_type", None)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_is_known_in_every_spelling(client: FlaskClient, content_type: str) -> None:
    assert post(client, b"{}", content_type).status_code == 201


def test_a_huge_number_is_only_not_valid(client: FlaskClient) -> None:
    response = post(client, b'{"sessions_scheduled":%b}' % (b"9" * 100))
    assert error(response) == (422, "invalid_field", "sessions_scheduled")


@pytest.mark.parametrize("send", [post, post_of_unknown_length], ids=["known", "unknown"])
def test_takes_a_body_of_exactly_the_limit(client: FlaskClient, send: Any) -> None:
    assert send(client, body_of(MIB)).status_code == 201


# A space after a whole JSON text: cut off at the limit it would be valid.
@pytest.mark.parametrize("body", [body_of(MIB + 1), body_of(MIB) + b" "], ids=["text", "space"])
@pytest.mark.parametrize("send", [post, post_of_unknown_length], ids=["known", "unknown"])
def test_refuses_a_larger_body(client: FlaskClient, send: Any, body: bytes) -> None:
    before = total(client, URL)
    assert error(send(client, body)) == (413, "body_too_large", None)
    assert total(client, URL) == before
