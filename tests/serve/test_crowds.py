"""Many connections that never finish: however many they are, a fresh request gets in."""

import itertools
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.served import TIMEOUT_S, Served
from tests.support.server import running

HEAD = b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: "
DEADLINE_S = 0.3
# Half of them are connections.
FILES = 256
PER_ADDRESS = 40


@contextmanager
def few_files() -> Iterator[None]:
    """Let what is started meanwhile open few files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    settings = {"CONNECTIONS_PER_ADDRESS": str(PER_ADDRESS), "RETELL_API_KEY": "retell-secret"}
    with ExitStack() as stack:
        with few_files():
            found = stack.enter_context(running(Served(tmp_path, **settings)))
        yield found


@contextmanager
def connections(
    served: Served, count: int, *, start: bytes = HEAD, addresses: tuple[str, ...] = ("127.0.0.1",)
) -> Iterator[list[socket.socket]]:
    """Open connections, in turn from each address, that send a start and then drip."""
    opened = []
    ended = threading.Event()
    for address in itertools.islice(itertools.cycle(addresses), count):
        opened.append(socket.create_connection(("127.0.0.1", served.port), TIMEOUT_S, (address, 0)))
        opened[-1].sendall(start)

    def drip() -> None:
        while not ended.wait(0.2):
            for connection in opened:
                with suppress(OSError):
                    connection.send(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        yield opened
    finally:
        ended.set()
        dripping.join()
        for connection in opened:
            connection.close()


def still_open(opened: list[socket.socket]) -> int:
    """Count the connections that the server has not closed."""
    count = 0
    for connection in opened:
        connection.settimeout(0.001)
        try:
            count += connection.recv(1) != b""
        except TimeoutError:
            count += 1
        except OSError:
            pass
    return count


def asked(served: Served, method: str, path: str, address: str = "127.0.0.1") -> tuple[int, float]:
    """Ask on a fresh connection; give the status and the time of the fastest of five answers."""
    answers = []
    for _ in range(5):
        start = time.monotonic()
        connection = HTTPConnection(
            "127.0.0.1", served.port, timeout=TIMEOUT_S, source_address=(address, 0)
        )
        connection.request(method, path, b"{}" if method == "POST" else None)
        status = connection.getresponse().status
        connection.close()
        answers.append((time.monotonic() - start, status))
    took, status = min(answers)
    return status, took


def assert_it_serves(served: Served, address: str = "127.0.0.1") -> None:
    health, took = asked(served, "GET", "/health", address)
    assert (health, took < DEADLINE_S) == (200, True)
    webhook, took = asked(served, "POST", "/v1/ingest/retell", address)
    assert (webhook, took < DEADLINE_S) == (401, True)


def test_more_slow_heads_than_it_may_open_files_delay_nobody(served: Served) -> None:
    with connections(served, 300) as opened:
        assert_it_serves(served)
        assert still_open(opened) <= FILES // 2


def test_more_slow_bodies_than_it_may_open_files_delay_nobody(served: Served) -> None:
    with connections(served, 300, start=served.head("/v1/calls", 900_000)):
        assert_it_serves(served)


def test_more_unread_answers_than_it_may_open_files_delay_nobody(served: Served) -> None:
    request = b"GET /static/vendor/swagger-ui/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n"
    with connections(served, 150, start=request):
        assert_it_serves(served)


def test_asking_on_without_reading_keeps_no_thread(served: Served) -> None:
    request = b"GET /static/vendor/swagger-ui/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n"
    with connections(served, 8, start=100 * request):
        assert_it_serves(served)


def test_the_oldest_goes_first(served: Served) -> None:
    with connections(served, FILES // 2) as opened:
        assert still_open(opened) == FILES // 2
        asked(served, "GET", "/health")
        assert still_open(opened[:1]) == 0
        assert still_open(opened[10:]) == FILES // 2 - 10


def test_an_address_has_its_share_and_fresh_requests_come_in(served: Served) -> None:
    with connections(served, 2 * PER_ADDRESS, addresses=("127.0.0.2",)) as opened:
        assert_it_serves(served, "127.0.0.2")
        assert still_open(opened[:PER_ADDRESS]) == 0
        assert still_open(opened) >= PER_ADDRESS - 10


def test_addresses_within_their_shares_delay_nobody(served: Served) -> None:
    others = ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")
    with connections(served, 100, addresses=others) as opened:
        assert_it_serves(served)
        assert still_open(opened) == 100


def test_a_proxy_on_this_machine_may_have_all(served: Served) -> None:
    with connections(served, 100) as opened:
        assert_it_serves(served)
        assert still_open(opened) == 100
