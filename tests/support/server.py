"""A real server process on a database file, for tests that need one."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.support import ROOT

START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 30


@contextmanager
def running_server(database: Path, **environ: str) -> Iterator[str]:
    """Serve a database file and give the server's base URL; at the end it must exit cleanly."""
    with running(Server(database, **environ)) as server:
        yield server.url


class Server:
    """A server of a database file that can be killed and started again at the same address."""

    def __init__(self, database: Path, **environ: str) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = database.with_name(f"{database.name}.{self.port}.log")
        settings = {"DATABASE_URL": f"sqlite:///{database}", "RATE_LIMIT": "0"}
        self.environ = os.environ | settings | environ
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.commands", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environ,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        for _ in range(START_TIMEOUT_S * 20):
            if self._is_healthy():
                return
            try:
                self.process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"The server ended before it answered:\n{self.log.read_text()}")
        raise AssertionError(f"The server did not answer:\n{self.log.read_text()}")

    def stop(self) -> None:
        """End it as an operator does; it must exit cleanly."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(STOP_TIMEOUT_S) == 0, self.log.read_text()

    def kill(self) -> None:
        """End it as a power cut does, wherever it is."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _is_healthy(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start a server, which must exit cleanly at the end."""
    server.start()
    try:
        yield server
        server.stop()
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
