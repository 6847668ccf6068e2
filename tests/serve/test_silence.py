"""Whatever its clients do, the server prints nothing but its greeting."""

import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.served import Served
from tests.support.server import running


def leave_at_once(served: Served) -> None:
    """Ask for a long answer and reset the connection without reading it."""
    with served.connect() as connection:
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 5)
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def be_many(served: Served) -> None:
    with ThreadPoolExecutor(60) as pool:
        asked = [pool.submit(served.ask, "GET", "/v1/calls?q=Wanda") for _ in range(300)]
    assert {done.result().status for done in asked} == {200}


def be_wrong(served: Served) -> None:
    for path in ("/v1/calls?q=Wanda&limit=0", "/v1/Wanda", "/Wanda", "/v1/calls?api_key=Wanda"):
        served.ask("GET", path)
    served.send(b"Wanda\r\n\r\n")
    served.send(b"GET /%ff%00Wanda HTTP/1.1\r\nConnection: close\r\n\r\n")
    served.send(served.head("/v1/calls", 33 * 1024 * 1024), b"Wanda")


def be_short(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(served.head("/v1/calls", 1000) + b"Wanda")


def test_no_client_makes_it_print_anything(tmp_path: Path) -> None:
    with running(Served(tmp_path)) as served:
        greeting = served.said
        for behave in (leave_at_once, be_many, be_wrong, be_short) * 2:
            behave(served)
        assert served.ask("GET", "/health").status == 200
    assert served.said == greeting
