"""A server process with a key, and how it is asked: whole requests, or bytes as they are."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import NamedTuple

from app import create_app
from app.config import load_settings
from app.models.engine import database
from app.services.keys import create_key
from tests.support import process

TIMEOUT_S = 60


class Served(NamedTuple):
    """A running server, and a key that opens everything."""

    server: process.Server
    port: int
    key: str
    path: Path


@contextmanager
def serving(folder: Path, *args: str, **settings: str) -> Iterator[Served]:
    """Serve a new database with one key."""
    path = folder / "clinic.db"
    key = make_key(path)
    with process.serving(path, *args, settings=settings) as (server, port):
        yield Served(server, port, key, path)


def make_key(path: Path) -> str:
    with create_app(load_settings({"DATABASE_URL": f"sqlite:///{path}"})).app_context():
        with database.write():
            key = create_key("x", ["admin"])
        database.close_all()
    return key


def ask(
    served: Served, method: str, path: str, headers: dict[str, str] | None = None, body: str = ""
) -> HTTPResponse:
    """Send a request with the key on a connection of its own, and read the answer."""
    connection = HTTPConnection("127.0.0.1", served.port, timeout=TIMEOUT_S)
    headers = {"X-API-Key": served.key} if headers is None else headers
    connection.request(method, path, body or None, headers)
    response = connection.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    connection.close()
    return response


def raw(served: Served, *parts: bytes) -> bytes:
    """Send bytes as they are and give all that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", served.port), TIMEOUT_S) as connection:
        try:
            for part in parts:
                connection.sendall(part)
        except OSError:  # refused before all was sent
            pass
        answer = b""
        try:
            while chunk := connection.recv(65_536):
                answer += chunk
        except ConnectionResetError:
            pass
    return answer


def total(served: Served) -> int:
    response = ask(served, "GET", "/v1/calls?limit=1")
    return int(json.loads(response.body)["pagination"]["total"])  # type: ignore[attr-defined]


def post(served: Served, path: str, length: int | None) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nX-API-Key: {served.key}\r\nConnection: close\r\n"
    how = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return f"{head}Content-Type: application/json\r\n{how}\r\n\r\n".encode()
