"""A server with a key of its own, and requests to it: whole ones, and bytes as they are."""

import socket
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from tests.support.application import new_key
from tests.support.server import Server

TIMEOUT_S = 60


class Answer(NamedTuple):
    """What a server answered to a request."""

    status: int
    headers: Message
    body: bytes


class Served(Server):
    """A server of a new database with one key, which may do everything."""

    def __init__(self, folder: Path, *args: str, **settings: str) -> None:
        super().__init__(folder / "clinic.db", *args, **settings)
        self.key = new_key(self.database, "admin")

    def connect(self) -> socket.socket:
        """Open a connection of its own."""
        return socket.create_connection(("127.0.0.1", self.port), TIMEOUT_S)

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: str = "",
        host: str = "127.0.0.1",
    ) -> Answer:
        """Send a request, with the key unless other headers are given, and read the answer."""
        connection = HTTPConnection(host, self.port, timeout=TIMEOUT_S)
        headers = {"X-API-Key": self.key} if headers is None else headers
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def send(self, *parts: bytes) -> bytes:
        """Send bytes as they are and give all that comes back until the server closes."""
        with self.connect() as connection:
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

    def head(self, path: str, length: int | None) -> bytes:
        """Give the head of a POST of JSON so long; without a length it comes in chunks."""
        how = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
        return (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nX-API-Key: {self.key}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\n{how}\r\n\r\n"
        ).encode()
