"""The command as a process of its own, for tests that need one."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support import ROOT

COMMAND = (sys.executable, "-m", "app.commands")
TIMEOUT_S = 120

Server = subprocess.Popen[bytes]


def environment(database: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment of a process that works on a database file."""
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "RATE_LIMIT": "0",
        **(settings or {}),
    }


def start(
    database: Path,
    *args: str,
    stderr: int = subprocess.PIPE,
    settings: Mapping[str, str] | None = None,
) -> Server:
    """Start the command, its input, output and, unless said, errors in pipes."""
    return subprocess.Popen(
        [*COMMAND, *args],
        cwd=ROOT,
        env=environment(database, settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )


def run(
    database: Path,
    *args: str,
    stdin: bytes = b"",
    settings: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run the command to its end."""
    return subprocess.run(
        [*COMMAND, *args],
        cwd=ROOT,
        env=environment(database, settings),
        input=stdin,
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )


@contextmanager
def serving(
    database: Path, *args: str, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[Server, int]]:
    """Serve a database file on a free port and give the process, killed at the end, and port."""
    port = free_port()
    server = start(database, "serve", "--port", str(port), *args, settings=settings)
    try:
        wait_until_it_serves(server)
        yield server, port
    finally:
        server.kill()
        server.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_serves(server: Server) -> bytes:
    """Give what the server says until its port is bound; connections then get an answer."""
    assert server.stderr
    said = b""
    while b"Serving on" not in said:
        line = server.stderr.readline()
        assert line, f"The server ended before it served:\n{said.decode()}"
        said += line
    return said


def stop(server: Server, number: int = signal.SIGTERM) -> tuple[int, bytes, bytes]:
    """Send a signal and give the exit status, the output and the errors since the start."""
    server.send_signal(number)
    out, err = server.communicate(timeout=TIMEOUT_S)
    return server.returncode, out, err
