"""Large bodies: refused before they are taken in, but for webhooks of providers that are set up."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.support.served import TIMEOUT_S, Served
from tests.support.server import running

MIB = 1024 * 1024
WEBHOOK = "/v1/ingest/retell"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve with one provider set up, and one half: Twilio's needs PUBLIC_URL, too."""
    folder = tmp_path_factory.mktemp("served")
    with running(
        Served(folder, RETELL_API_KEY="retell-secret", TWILIO_AUTH_TOKEN="secret")
    ) as found:
        yield found


def head(path: str, *lines: str) -> bytes:
    return "\r\n".join((f"POST {path} HTTP/1.1", "Host: x", *lines, "", "")).encode()


@pytest.mark.parametrize(
    "path",
    ["/v1/calls", "/v1/none", "/v1/ingest/vapi", "/v1/ingest/twilio", "/v1/ingest/none"],
)
def test_refused_as_soon_as_the_length_is_known(served: Served, path: str) -> None:
    answer = served.send(head(path, f"Content-Length: {MIB + 1}"))
    status, _, rest = answer.partition(b"\r\n")
    told, body = rest.split(b"\r\n\r\n")
    assert status == b"HTTP/1.1 413 REQUEST ENTITY TOO LARGE"
    assert json.loads(body)["detail"]["message"] == "The body is larger than 1048576 bytes."
    assert b"X-Request-Id: " in told


def test_for_a_page_it_is_told_in_words(served: Served) -> None:
    answer = served.send(head("/sign-in", f"Content-Length: {MIB + 1}"))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"<h1>That is too much</h1>" in answer


def test_refused_as_soon_as_the_chunks_are_too_many(served: Served) -> None:
    chunks = [b"40000\r\n" + b" " * 0x40000 + b"\r\n"] * 5
    answer = served.send(head("/v1/calls", "Transfer-Encoding: chunked"), *chunks)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"body_too_large"' in answer


def test_refused_where_a_line_between_chunks_has_no_end(served: Served) -> None:
    answer = served.send(head(WEBHOOK, "Transfer-Encoding: chunked"), b"1" * 100_000)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_refused_client_is_not_asked_to_continue(served: Served) -> None:
    answer = served.send(head("/v1/calls", f"Content-Length: {2 * MIB}", "Expect: 100-continue"))
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_client_that_sends_all_of_it_first_gets_the_answer(served: Served) -> None:
    response = served.ask("POST", "/v1/calls", {}, "x" * (8 * MIB))
    assert response.status == 413


def test_nothing_behind_a_refused_head_is_a_request(served: Served) -> None:
    more = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = served.send(head("/v1/calls", f"Content-Length: {2 * MIB}") + more, more)
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("length", [25 * MIB, None])
def test_webhook_of_a_provider_that_is_set_up_is_taken(served: Served, length: int | None) -> None:
    body = b" " * (25 * MIB)
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    answer = served.send(served.head(WEBHOOK, length), body if length else chunk)
    assert b'"code":"invalid_signature"' in answer


def test_webhook_above_its_limit_is_refused_at_once(served: Served) -> None:
    answer = served.send(served.head(WEBHOOK, 25 * MIB + 1))
    assert b"The body is larger than 26214400 bytes." in answer


def test_only_a_post_is_a_webhook(served: Served) -> None:
    asked = served.head(WEBHOOK, 2 * MIB).replace(b"POST", b"GET", 1)
    assert served.send(asked).startswith(b"HTTP/1.1 413 ")


def test_many_large_bodies_without_a_key_fill_no_disk(served: Served) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            sent = stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            sent.settimeout(TIMEOUT_S)
            sent.sendall(head("/v1/calls", f"Content-Length: {20 * MIB}"))
            sent.sendall(b" " * (3 * MIB))
        assert served.ask("GET", "/health").status == 200
        assert spooled_bytes(served.pid) == 0


def spooled_bytes(pid: int) -> int:
    """Give how much a process holds in files that have no name."""
    spooled = 0
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            spooled += file.stat().st_size if "(deleted)" in os.readlink(file) else 0
    return spooled
