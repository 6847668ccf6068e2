"""No client holds up the others: slow ones, deaf ones, and writers who wait for the database."""

import socket
import time
from contextlib import ExitStack

import apsw

from tests.support.served import Served

HALF_OPEN = b"GET /v1/calls HTTP/1.1\r\nHost: x\r\nX-API-K"
SILENT = b""
CHUNKED = b"POST /v1/ingest/retell HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
SLOW_CHUNKS = CHUNKED + b"5\r\nhel"


def seconds_of(served: Served, path: str) -> float:
    """Give how long an answer to a good request takes."""
    start = time.monotonic()
    assert served.ask("GET", path).status == 200
    return time.monotonic() - start


def test_thirty_of_each_slow_kind_delay_nobody(served: Served) -> None:
    slow_body = served.head("/v1/calls", 1000) + b"{"
    with ExitStack() as stack:
        for begun in (HALF_OPEN, SILENT, slow_body, SLOW_CHUNKS) * 30:
            stack.enter_context(served.connect()).sendall(begun)
        assert max(seconds_of(served, "/v1/calls") for _ in range(5)) < 1.0


def test_clients_that_do_not_read_their_answers_delay_nobody(served: Served) -> None:
    request = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(30):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", served.port))
            connection.sendall(request * 10)
        assert seconds_of(served, "/health") < 5.0


def test_writers_that_wait_for_the_database_delay_no_reader(served: Served) -> None:
    other = apsw.Connection(str(served.database))
    other.execute("BEGIN IMMEDIATE")
    with ExitStack() as stack:
        writers = [stack.enter_context(served.connect()) for _ in range(8)]
        for writer in writers:
            writer.sendall(served.head("/v1/calls", 2) + b"{}")
        assert seconds_of(served, "/v1/calls") < 5.0
        other.close()
        statuses = {writer.recv(12)[-3:] for writer in writers}
    assert statuses <= {b"201", b"503"}
