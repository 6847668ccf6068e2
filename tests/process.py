"""The command as a process of its own, for tests that need one."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "app.commands")
TIMEOUT_S = 120

Server = subprocess.Popen[bytes]


def environment(database: Path, **environ: str) -> dict[str, str]:
    """Give the environment of a process that works on a database file."""
    return os.environ | {"DATABASE_URL": f"sqlite:///{database}", "RATE_LIMIT": "0"} | environ


def start(
    database: Path, *args: str, stderr: int = subprocess.PIPE, **environ: str
) -> Server:
    """Start the command, its output and, unless said, errors in pipes."""
    return subprocess.Popen(
        [*COMMAND, *args],
        cwd=ROOT,
        env=environment(database, **environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )


def run(
    database: Path, *args: str, stdin: bytes = b"", **environ: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command to its end."""
    return subprocess.run(
        [*COMMAND, *args],
        cwd=ROOT,
        env=environment(database, **environ),
        input=stdin,
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )


@contextmanager
def serving(database: Path, *args: str, **environ: str) -> Iterator[tuple[Server, int]]:
    """Serve a database file on a free port and give the process, killed at the end, and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = start(database, "serve", "--port", str(port), *args, **environ)
    try:
        yield server, _wait_until_it_serves(server, port)
    finally:
        server.kill()
        server.communicate()


def _wait_until_it_serves(server: Server, port: int) -> int:
    assert server.stderr
    said = b""
    # The line comes once the port is bound: from then on connections wait for an answer.
    while b"Serving on" not in said:
        line = server.stderr.readline()
        assert line, f"The server ended before it served:\n{said.decode()}"
        said += line
    return port


def stop(server: Server, number: int = signal.SIGTERM) -> tuple[int, bytes, bytes]:
    """Send a signal and give the exit status, the output and the errors since the start."""
    server.send_signal(number)
    out, err = server.communicate(timeout=TIMEOUT_S)
    return server.returncode, out, err
