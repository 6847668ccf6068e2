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

START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 30


@contextmanager
def running_server(database: Path, **environ: str) -> Iterator[str]:
    """Serve a database file and give the server's base URL; at the end it must exit cleanly."""
    port = _free_port()
    log = database.with_name(f"{database.name}.{port}.log")
    settings = {"DATABASE_URL": f"sqlite:///{database}", "RATE_LIMIT": "0"} | environ
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.commands", "serve", "--port", str(port)],
            cwd=Path(__file__).parent.parent,
            env=os.environ | settings,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_healthy(process, port, log)
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_TIMEOUT_S) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(START_TIMEOUT_S * 20):
        if _is_healthy(port):
            return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"The server ended before it answered:\n{log.read_text()}")
    raise AssertionError(f"The server did not answer:\n{log.read_text()}")


def _is_healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
