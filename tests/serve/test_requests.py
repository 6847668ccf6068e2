"""What is on the wire: broken and doubled requests, headers that must not count, and answers."""

import pytest

from tests.support.served import Served


@pytest.mark.parametrize(
    "request_line",
    [b"\r\n\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET / X\r\n\r\n"],
)
def test_a_broken_request_is_no_crash(served: Served, request_line: bytes) -> None:
    assert b" 500 " not in served.send(request_line + b"GET / HTTP/1.0\r\n\r\n")[:20]
    assert served.ask("GET", "/health").status == 200


def test_length_and_chunks_together_are_refused(served: Served) -> None:
    head = served.head("/v1/calls", 2)[:-2] + b"Transfer-Encoding: chunked\r\n\r\n"
    answer = served.send(head, b"2\r\n{}\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("name", ["X_API_KEY", "X-API_Key", "HTTP_X_API_KEY"])
def test_key_in_a_header_with_underscores_is_not_accepted(served: Served, name: str) -> None:
    assert served.ask("GET", "/v1/calls", {name: served.key}).status == 401
    wrong = {"X-API-Key": "wrong", name: served.key}
    assert served.ask("GET", "/v1/calls", wrong).status == 401


def test_key_sent_twice_is_not_accepted(served: Served) -> None:
    line = f"X-API-Key: {served.key}\r\n"
    head = f"GET /v1/calls HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{line}X-API-Key: x\r\n\r\n"
    assert served.send(head.encode()).startswith(b"HTTP/1.1 401 ")


def test_forwarded_headers_of_a_client_are_not_believed(served: Served) -> None:
    headers = {"X-API-Key": served.key, "X-Forwarded-Host": "evil.example"}
    assert "evil.example" not in served.ask("GET", "/v1/calls", headers).headers["Link"]


def test_answers_name_no_software(served: Served) -> None:
    headers = served.ask("GET", "/v1/calls").headers
    assert "Server" not in headers
    assert "Via" not in headers


def test_head_has_no_body(served: Served) -> None:
    answer = served.ask("HEAD", "/v1/calls")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


def test_one_connection_serves_many_requests(served: Served) -> None:
    request = f"GET /v1/calls HTTP/1.1\r\nHost: x\r\nX-API-Key: {served.key}\r\n\r\n".encode()
    last = request.replace(b"Host", b"Connection: close\r\nHost")
    assert served.send(request * 9 + last).count(b"HTTP/1.1 200 ") == 10
