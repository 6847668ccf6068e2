"""One connection, many requests: nothing of one is left for the next, and none ends it early."""

import socket
from collections.abc import Iterator

import pytest

from tests.support.served import TIMEOUT_S, Served
from tests.support.server import running


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(Served(tmp_path_factory.mktemp("served"))) as found:
        yield found


@pytest.fixture
def connection(served: Served) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", served.port), TIMEOUT_S) as connection:
        yield connection


def answer_to(connection: socket.socket, *lines: str, body: bytes = b"") -> tuple[str, bytes]:
    """Send one request and give the status line and the body of its answer."""
    connection.sendall("\r\n".join((*lines, "Host: x", "", "")).encode() + body)
    return next_answer(connection)


def next_answer(connection: socket.socket) -> tuple[str, bytes]:
    """Read one answer and leave the connection as it is."""
    with connection.makefile("rb") as stream:
        status = stream.readline().decode().strip()
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return status, stream.read(length)


# --- Expect


def test_expect_without_a_body_is_answered_at_once(
    served: Served, connection: socket.socket
) -> None:
    key = f"X-API-Key: {served.key}"
    first = answer_to(connection, "GET /v1/calls HTTP/1.1", key, "Expect: 100-continue")
    assert first[0] == "HTTP/1.1 200 OK"


@pytest.mark.parametrize("length", ["", "Content-Length: 0"])
def test_no_key_is_left_for_the_next_request(
    served: Served, connection: socket.socket, length: str
) -> None:
    key = f"X-API-Key: {served.key}"
    more = ["Expect: 100-continue", *([length] if length else [])]
    statuses = [
        answer_to(connection, "GET /v1/calls HTTP/1.1", *headers)[0]
        for headers in ([key, *more], [], more, [key])
    ]
    assert statuses == [
        *("HTTP/1.1 200 OK", "HTTP/1.1 401 UNAUTHORIZED"),
        *("HTTP/1.1 401 UNAUTHORIZED", "HTTP/1.1 200 OK"),
    ]


def test_expect_behind_another_request_is_answered(
    served: Served, connection: socket.socket
) -> None:
    head = f"GET /v1/calls HTTP/1.1\r\nHost: x\r\nX-API-Key: {served.key}\r\n"
    connection.sendall(f"{head}\r\n{head}Expect: 100-continue\r\n\r\n".encode())
    connection.sendall(b"GET /v1/calls HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answers = b""
    while chunk := connection.recv(65_536):
        answers += chunk
    assert (answers.count(b" 200 OK"), answers.count(b" 401 "), answers.count(b" 100 ")) == (
        2,
        1,
        0,
    )


@pytest.mark.parametrize("body", [b"{}", b"2\r\n{}\r\n0\r\n\r\n"])
def test_expect_with_a_body_gets_continue_and_then_the_answer(
    served: Served, connection: socket.socket, body: bytes
) -> None:
    how = "Content-Length: 2" if body == b"{}" else "Transfer-Encoding: chunked"
    lines = ("POST /v1/calls HTTP/1.1", f"X-API-Key: {served.key}", how, "Expect: 100-continue")
    to_come = answer_to(connection, *lines, "Content-Type: application/json")
    connection.sendall(body)
    assert to_come == ("HTTP/1.1 100 Continue", b"")
    assert next_answer(connection)[0] == "HTTP/1.1 201 CREATED"
    assert answer_to(connection, "GET /v1/calls HTTP/1.1")[0] == "HTTP/1.1 401 UNAUTHORIZED"


# --- answers without a body


def test_not_modified_keeps_the_connection(served: Served, connection: socket.socket) -> None:
    key = f"X-API-Key: {served.key}"
    known = f"If-None-Match: {served.ask('GET', '/v1/calls').headers['ETag']}"
    asked = ("GET /v1/calls HTTP/1.1", key)
    assert answer_to(connection, *asked, known) == ("HTTP/1.1 304 NOT MODIFIED", b"")
    assert answer_to(connection, *asked, known) == ("HTTP/1.1 304 NOT MODIFIED", b"")
    assert answer_to(connection, *asked)[0] == "HTTP/1.1 200 OK"


def delete_a_call(served: Served, connection: socket.socket, how: str) -> str:
    """Make a call, delete it on the connection and give the status line."""
    headers = {"X-API-Key": served.key, "Content-Type": "application/json"}
    place = served.ask("POST", "/v1/calls", headers, "{}").headers["Location"]
    return answer_to(connection, f"DELETE {place} {how}", f"X-API-Key: {served.key}")[0]


def test_no_content_keeps_the_connection(served: Served, connection: socket.socket) -> None:
    for _ in range(2):
        deleted = delete_a_call(served, connection, "HTTP/1.1")
        assert deleted == "HTTP/1.1 204 NO CONTENT"


@pytest.mark.parametrize("how", ["HTTP/1.1\r\nConnection: close", "HTTP/1.0"])
def test_no_content_ends_the_connection_where_the_client_wants_it(
    served: Served, connection: socket.socket, how: str
) -> None:
    assert delete_a_call(served, connection, how).endswith("204 NO CONTENT")
    assert connection.recv(1) == b""
