"""The contestants' servers: started, asked for, weighed and stopped, each a process of its own."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.data import DATA, PROJECT_ROOT

HOST = "127.0.0.1"
READY_WITHIN_S = 30
STOPPED_WITHIN_S = 10

Ask = Callable[..., bytes]


class BenchFailed(Exception):
    """The comparison cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """How one server is started; `command` holds {port} where its port belongs."""

    name: str
    command: Sequence[str]
    ready_path: str
    environ: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Server:
    """A contestant that answers."""

    contestant: Contestant
    port: int
    process: "subprocess.Popen[bytes]"
    started_in_s: float

    @property
    def name(self) -> str:
        return self.contestant.name


@contextlib.contextmanager
def client(server: Server) -> Iterator[Ask]:
    """Connect to a server; what is given asks it for a body, by method, path and JSON.

    It raises BenchFailed for any status but 200 and 201.
    """
    headers = dict(server.contestant.headers) | {"Content-Type": "application/json"}
    with contextlib.closing(http.client.HTTPConnection(HOST, server.port, timeout=60)) as opened:

        def ask(method: str, path: str, body: bytes | None = None) -> bytes:
            opened.request(method, path, body, headers)
            response = opened.getresponse()
            answer = response.read()
            if response.status not in (200, 201):
                raise BenchFailed(f"{method} {path} gives {response.status}: {answer[:200]!r}")
            return answer

        yield ask


def peak_mb(pid: int) -> float:
    """Give the most memory (resident set) that a process has had; 0 where it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def cpu_s(pid: int) -> float:
    """Give the seconds of a processor's time that a process has used so far, in all its threads."""
    used_ns = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            used_ns += int((thread / "schedstat").read_text().split()[0])
    return used_ns / 1e9


def python(module: str, *arguments: str) -> list[str]:
    """Give the command that runs a module under the Python of this process."""
    return [sys.executable, "-m", module, *arguments]


@contextlib.contextmanager
def serving(*contestants: Contestant) -> Iterator[dict[str, Server]]:
    """Run these servers side by side; one that is not asked costs the others nothing."""
    servers: dict[str, Server] = {}
    try:
        for contestant in contestants:
            servers[contestant.name] = _start(contestant)
        yield servers
    finally:
        for server in servers.values():
            _stop(server)


def _start(contestant: Contestant) -> Server:
    """Start a server and wait until it answers. Raises BenchFailed where it does not."""
    port = _free_port()
    command = [part.replace("{port}", str(port)) for part in contestant.command]
    (DATA / "logs").mkdir(parents=True, exist_ok=True)
    log = DATA / "logs" / f"{contestant.name}.log"
    began = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            env=os.environ | contestant.environ,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    while not _answers(port, contestant.ready_path):
        if process.poll() is not None or time.perf_counter() - began > READY_WITHIN_S:
            process.kill()
            process.wait()
            raise BenchFailed(f"{contestant.name} does not serve; {log} says why.")
        time.sleep(0.005)
    return Server(contestant, port, process, time.perf_counter() - began)


def _stop(server: Server) -> None:
    """Stop a server that was started here, and no other."""
    server.process.terminate()
    try:
        server.process.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def _answers(port: int, path: str) -> bool:
    with contextlib.closing(http.client.HTTPConnection(HOST, port, timeout=5)) as probe:
        try:
            probe.request("GET", path)
            # A contestant without such a page is up as soon as it says so.
            return probe.getresponse().status < 500
        except OSError:
            return False


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
