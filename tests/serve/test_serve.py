"""The server as a process: how it starts and ends, and that no client can hold up the others."""

import signal
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import apsw
import pytest

from tests.serve.served import (
    TIMEOUT_S,
    Served,
    ask,
    make_key,
    post,
    raw,
    serving,
    total,
)
from tests.support import process

MIB = 1024 * 1024
ORIGIN = "http://localhost:5173"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve for all tests that leave the server as it is."""
    with serving(tmp_path_factory.mktemp("served"), CORS_ORIGINS=ORIGIN) as found:
        yield found


# --- start and end


def start_and_stop(path: Path) -> tuple[str, int]:
    """Serve until it serves, and give what the server says from its start to its end."""
    port = process.free_port()
    server = process.start(path, "serve", "--port", str(port))
    said = process.wait_until_it_serves(server)
    status, out, err = process.stop(server)
    assert (status, out) == (0, b"")
    return (said + err).decode(), port


def test_it_says_its_sqlite_and_where_it_serves_and_nothing_else(tmp_path: Path) -> None:
    make_key(tmp_path / "clinic.db")
    said, port = start_and_stop(tmp_path / "clinic.db")
    address = f"http://127.0.0.1:{port}"
    assert said == (
        f"SQLite {apsw.sqlite_lib_version()}\n"
        f"Serving on {address} until Ctrl-C; {address}/docs describes the API.\n"
    )


def test_without_a_key_it_says_how_to_make_one(tmp_path: Path) -> None:
    said, _ = start_and_stop(tmp_path / "clinic.db")
    assert "clinic-calls keys create NAME --scope read" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_cleanly(tmp_path: Path, number: int) -> None:
    with serving(tmp_path) as served, socket.create_connection(("127.0.0.1", served.port)):
        assert ask(served, "GET", "/v1/calls").status == 200
        start = time.monotonic()
        assert process.stop(served.server, number) == (0, b"", b"")
        assert time.monotonic() - start < 10


def test_ended_server_leaves_one_file_and_its_port(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        ask(served, "POST", "/v1/calls", body="{}")
        process.stop(served.server)
    assert {file.name for file in tmp_path.iterdir()} == {"clinic.db", "clinic.db.lock"}
    again = process.start(served.path, "serve", "--port", str(served.port))
    assert again.stderr
    assert b"Serving on" in process.wait_until_it_serves(again)
    assert process.stop(again)[0] == 0


def test_busy_port_is_one_clear_line(served: Served) -> None:
    done = process.run(served.path, "serve", "--port", str(served.port))
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == (
        f"Error: Port {served.port} is in use; stop what uses it, or choose another with --port.\n"
    )


def test_port_comes_from_the_settings(served: Served) -> None:
    done = process.run(served.path, "serve", settings={"PORT": str(served.port)})
    assert f"Port {served.port} is in use".encode() in done.stderr


@pytest.mark.parametrize(("host", "address"), [("::1", "::1"), ("localhost", "127.0.0.1")])
def test_other_hosts_can_be_served(tmp_path: Path, host: str, address: str) -> None:
    with serving(tmp_path, "--host", host) as served:
        connection = HTTPConnection(address, served.port, timeout=TIMEOUT_S)
        connection.request("GET", "/v1/calls", headers={"X-API-Key": served.key})
        assert connection.getresponse().status == 200
        connection.close()
        assert process.stop(served.server) == (0, b"", b"")


def test_key_revoked_by_a_command_stops_at_once(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        before = ask(served, "GET", "/v1/calls").status
        process.run(served.path, "keys", "revoke", served.key.split("_")[1])
        assert (before, ask(served, "GET", "/v1/calls").status) == (200, 401)


def test_replaced_file_is_noticed(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        ask(served, "GET", "/v1/calls")
        served.path.rename(tmp_path / "old.db")
        process.run(served.path, "migrate")
        headers = {"X-API-Key": served.key, "Content-Type": "application/json"}
        assert ask(served, "GET", "/health").status == 503
        assert ask(served, "POST", "/v1/calls", headers, "{}").status == 503


# --- clients that hold up nobody


def half_open(served: Served) -> bytes:
    return b"GET /v1/calls HTTP/1.1\r\nHost: x\r\nX-API-K"


def silent(served: Served) -> bytes:
    return b""


def slow_body(served: Served) -> bytes:
    head = f"POST /v1/calls HTTP/1.1\r\nHost: x\r\nX-API-Key: {served.key}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{".encode()


def slow_chunks(served: Served) -> bytes:
    head = "POST /v1/ingest/retell HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    return f"{head}5\r\nhel".encode()


def test_thirty_of_each_slow_kind_delay_nobody(served: Served) -> None:
    with ExitStack() as stack:
        for kind in (half_open, silent, slow_body, slow_chunks):
            for _ in range(30):
                connection = socket.create_connection(("127.0.0.1", served.port), TIMEOUT_S)
                stack.enter_context(connection)
                connection.sendall(kind(served))
        for _ in range(5):
            start = time.monotonic()
            assert ask(served, "GET", "/v1/calls").status == 200
            assert time.monotonic() - start < 1.0


def test_clients_that_do_not_read_their_answers_delay_nobody(served: Served) -> None:
    request = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(30):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", served.port))
            connection.sendall(request * 10)
        start = time.monotonic()
        assert ask(served, "GET", "/health").status == 200
        assert time.monotonic() - start < 5.0


def test_writers_that_wait_for_the_database_delay_no_reader(tmp_path: Path) -> None:
    with serving(tmp_path) as served, ExitStack() as stack:
        other = apsw.Connection(str(served.path))
        other.execute("BEGIN IMMEDIATE")
        for _ in range(8):
            writer = socket.create_connection(("127.0.0.1", served.port), TIMEOUT_S)
            stack.enter_context(writer)
            writer.sendall(post(served, "/v1/calls", 2) + b"{}")
        start = time.monotonic()
        assert ask(served, "GET", "/v1/calls").status == 200
        assert time.monotonic() - start < 5.0
        other.close()


# --- bodies that are too large


def chunks(size: int) -> Iterator[bytes]:
    """Give a body of so many bytes of JSON as chunks."""
    chunk = b" " * 65_536
    for _ in range(size // len(chunk)):
        yield b"10000\r\n" + chunk + b"\r\n"
    yield b"2\r\n{}\r\n0\r\n\r\n"


@pytest.mark.parametrize("path", ["/v1/calls", "/v1/ingest/retell"])
@pytest.mark.parametrize("size", [33 * MIB, 500 * MIB])
def test_length_above_every_limit_is_413(served: Served, path: str, size: int) -> None:
    answer = raw(served, post(served, path, size), b"{" * 1000)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_chunks_above_every_limit_are_413(served: Served) -> None:
    before = total(served)
    answer = raw(served, post(served, "/v1/calls", None), *chunks(40 * MIB))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert total(served) == before


@pytest.mark.parametrize("length", [MIB + 2, None])
def test_body_above_one_mebibyte_is_413_in_the_envelope(served: Served, length: int | None) -> None:
    before = total(served)
    body = [b" " * MIB + b"{}"] if length else list(chunks(MIB))
    answer = raw(served, post(served, "/v1/calls", length), *body)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"body_too_large"' in answer
    assert total(served) == before


def test_body_of_one_mebibyte_in_chunks_is_taken(served: Served) -> None:
    answer = raw(served, post(served, "/v1/calls", None), *chunks(MIB - 65_536))
    assert answer.startswith(b"HTTP/1.1 201 ")


def test_body_shorter_than_its_length_stores_nothing(served: Served) -> None:
    before = total(served)
    with socket.create_connection(("127.0.0.1", served.port), TIMEOUT_S) as connection:
        connection.sendall(post(served, "/v1/calls", 100) + b"{}")
    assert total(served) == before


# --- what is on the wire


def test_broken_requests_are_400_and_harm_nobody(served: Served) -> None:
    for request in (
        b"\r\n\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"GET / X\r\n\r\n",
    ):
        assert b" 500 " not in raw(served, request + b"GET / HTTP/1.0\r\n\r\n")[:20]
    assert ask(served, "GET", "/health").status == 200


def test_length_and_chunks_together_are_refused(served: Served) -> None:
    head = post(served, "/v1/calls", 2).replace(
        b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    answer = raw(served, head, b"2\r\n{}\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("name", ["X_API_KEY", "X-API_Key", "HTTP_X_API_KEY"])
def test_key_in_a_header_with_underscores_is_not_accepted(served: Served, name: str) -> None:
    assert ask(served, "GET", "/v1/calls", {name: served.key}).status == 401
    wrong = {"X-API-Key": "wrong", name: served.key}
    assert ask(served, "GET", "/v1/calls", wrong).status == 401


def test_key_sent_twice_is_not_accepted(served: Served) -> None:
    line = f"X-API-Key: {served.key}\r\n"
    head = f"GET /v1/calls HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{line}X-API-Key: x\r\n\r\n"
    assert raw(served, head.encode()).startswith(b"HTTP/1.1 401 ")


def test_forwarded_headers_of_a_client_are_not_believed(served: Served) -> None:
    headers = {"X-API-Key": served.key, "X-Forwarded-Host": "evil.example"}
    link = ask(served, "GET", "/v1/calls", headers).headers["Link"]
    assert "evil.example" not in link


def test_answers_name_no_software(served: Served) -> None:
    headers = ask(served, "GET", "/v1/calls").headers
    assert "Server" not in headers
    assert "Via" not in headers


def test_head_has_no_body(served: Served) -> None:
    response = ask(served, "HEAD", "/v1/calls")
    assert (response.status, response.body) == (200, b"")  # type: ignore[attr-defined]
    assert int(response.headers["Content-Length"]) > 0


def test_one_connection_serves_many_requests(served: Served) -> None:
    request = f"GET /v1/calls HTTP/1.1\r\nHost: x\r\nX-API-Key: {served.key}\r\n\r\n".encode()
    last = request.replace(b"Host", b"Connection: close\r\nHost")
    assert raw(served, request * 9 + last).count(b"HTTP/1.1 200 ") == 10


# --- CORS


def preflight(served: Served, origin: str, path: str = "/v1/calls") -> HTTPResponse:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "content-type,x-api-key",
    }
    return ask(served, "OPTIONS", path, headers)


def test_preflight_of_a_listed_origin_is_allowed(served: Served) -> None:
    headers = preflight(served, ORIGIN).headers
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
def test_other_origins_are_not_allowed(served: Served, origin: str) -> None:
    assert "Access-Control-Allow-Origin" not in preflight(served, origin).headers
    response = ask(served, "GET", "/v1/calls", {"Origin": origin, "X-API-Key": served.key})
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [("/v1/calls", True, 200), ("/v1/calls", False, 401), ("/v1/calls?limit=0", True, 422)],
)
def test_page_of_a_listed_origin_may_read_every_answer(
    served: Served, path: str, key: bool, status: int
) -> None:
    headers = {"Origin": ORIGIN} | ({"X-API-Key": served.key} if key else {})
    response = ask(served, "GET", path, headers)
    assert (response.status, response.headers["Access-Control-Allow-Origin"]) == (status, ORIGIN)
    exposed = response.headers["Access-Control-Expose-Headers"]
    assert {"Link", "Retry-After", "X-Request-Id"} <= set(exposed.split(", "))


def test_no_credentials_are_allowed(served: Served) -> None:
    assert "Access-Control-Allow-Credentials" not in preflight(served, ORIGIN).headers


def test_preflight_tells_nothing_of_what_is_there(served: Served) -> None:
    response = preflight(served, ORIGIN, "/v1/calls/3c90c3cc-0d44-4b50-8888-8dd25736052a")
    assert (response.status, response.body) == (200, b"")  # type: ignore[attr-defined]


def test_without_the_setting_no_origin_is_allowed(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        response = preflight(served, ORIGIN)
        assert response.status == 401
        assert not [name for name in response.headers if name.startswith("Access-Control")]


# --- nothing but the one line


def leave_at_once(served: Served) -> None:
    """Ask for a long answer and reset the connection without reading it."""
    with socket.create_connection(("127.0.0.1", served.port), TIMEOUT_S) as connection:
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 5)
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def be_many(served: Served) -> None:
    with ThreadPoolExecutor(60) as pool:
        asked = [pool.submit(ask, served, "GET", "/v1/calls?q=Wanda") for _ in range(300)]
    assert {done.result().status for done in asked} == {200}


def be_wrong(served: Served) -> None:
    for path in ("/v1/calls?q=Wanda&limit=0", "/v1/Wanda", "/Wanda", "/v1/calls?api_key=Wanda"):
        ask(served, "GET", path)
    raw(served, b"Wanda\r\n\r\n")
    raw(served, b"GET /%ff%00Wanda HTTP/1.1\r\nConnection: close\r\n\r\n")
    raw(served, post(served, "/v1/calls", 33 * MIB), b"Wanda")


def be_short(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), TIMEOUT_S) as connection:
        connection.sendall(post(served, "/v1/calls", 1000) + b"Wanda")


def test_no_client_makes_it_print_anything(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        for behave in (leave_at_once, be_many, be_wrong, be_short) * 2:
            behave(served)
        assert ask(served, "GET", "/health").status == 200
        assert process.stop(served.server) == (0, b"", b"")
