"""A real server process on a database file, for tests that need one."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TypeVar

from tests.support import ROOT, process

START_TIMEOUT_S = 60
# Less than the 30 seconds that an idle connection may stay.
STOP_TIMEOUT_S = 20


class Server:
    """A server of a database file that can be killed and started again at the same address.

    `args` are further arguments of `serve`; `said` is what it has written to standard error.
    """

    def __init__(self, database: Path, *args: str, **settings: str) -> None:
        self.database = database
        self.cwd = ROOT
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.args = ("serve", "--port", str(self.port), *args)
        self.settings = settings
        self.said = ""
        # None unless it was started and not ended.
        self.process: process.Process | None = None
        self.listener: Thread | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Start it and wait until its port is bound: connections then get an answer."""
        ours, theirs = os.pipe()
        self.process = process.start(
            self.database, *self.args, stderr=theirs, cwd=self.cwd, settings=self.settings
        )
        os.close(theirs)
        self.said, serving = "", Event()
        self.listener = Thread(target=self._listen, args=(ours, serving))
        self.listener.start()
        assert serving.wait(START_TIMEOUT_S), self.said
        assert "Serving on" in self.said, f"The server ended before it served:\n{self.said}"

    def _listen(self, errors: int, serving: Event) -> None:
        with open(errors) as lines:
            for line in lines:
                self.said += line
                if "Serving on" in line:
                    serving.set()
        serving.set()

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it as an operator does; it must exit cleanly, its standard output empty."""
        assert self.process is not None
        self.process.send_signal(number)
        assert self._end() == (0, b""), self.said

    def kill(self) -> None:
        """End it as a power cut does, wherever it is."""
        if self.process is not None:
            self.process.kill()
            self._end()

    def _end(self) -> tuple[int, bytes]:
        """Wait for its end; give its exit status and what it wrote to standard output."""
        assert self.process is not None
        assert self.listener is not None
        out, _ = self.process.communicate(timeout=STOP_TIMEOUT_S)
        self.listener.join()
        status, self.process = self.process.returncode, None
        return status, out


AnyServer = TypeVar("AnyServer", bound=Server)


@contextmanager
def running(server: AnyServer) -> Iterator[AnyServer]:
    """Start a server, which must exit cleanly at the end unless it was ended before."""
    try:
        server.start()
        yield server
        if server.process is not None:
            server.stop()
    finally:
        server.kill()


@contextmanager
def running_server(database: Path, **settings: str) -> Iterator[str]:
    """Serve a database file and give the server's base URL; at the end it must exit cleanly."""
    with running(Server(database, **settings)) as server:
        yield server.url


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
