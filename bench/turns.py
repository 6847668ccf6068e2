"""Measuring in turns: contestants alternate in short rounds, so that drift meets all of them."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from types import TracebackType
from typing import Any

from bench.data import PROJECT_ROOT
from bench.plan import Plan
from bench.servers import HOST, BenchFailed, Server, cpu_s, python

WARM_UP_REQUESTS = 8
# Fewer would say nothing of a slow query's median.
LEAST_REQUESTS = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians of the rounds of one query at one contestant.

    `cpu_us` is the server's time on the processor for each request, which says most where other
    work disturbs the machine; `busy` is the share of the time that the generator itself needed.
    """

    per_second: float
    median_ms: float
    p99_ms: float
    cpu_us: float
    busy: float


@dataclass(slots=True)
class Target:
    """What is asked of a server: one path, or several in turn, `asked` requests so far."""

    server: Server
    paths: tuple[str, ...]
    asked: int = 0

    @property
    def requests(self) -> list[str]:
        headers = self.server.contestant.headers
        start = self.asked % len(self.paths)
        ahead = self.paths[start:] + self.paths[:start]
        return [request_text("GET", path, headers) for path in ahead]


def request_text(method: str, path: str, headers: Mapping[str, str], body: str = "") -> str:
    """Give a whole request as text, each of its characters one byte."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", body])


class Generator:
    """A load generator in its own process."""

    def __enter__(self) -> "Generator":
        self.process = subprocess.Popen(
            python("bench.load"),
            cwd=PROJECT_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.communicate()

    def begin(self, server: Server, requests: Sequence[str], **order: Any) -> None:
        """Send off an order whose report `end` gives."""
        whole = {"host": HOST, "port": server.port, "requests": requests, "connections": 1} | order
        assert self.process.stdin
        self.process.stdin.write(json.dumps(whole) + "\n")
        self.process.stdin.flush()

    def end(self, *expected: int) -> dict[str, Any]:
        """Give the report of the last order. Raises BenchFailed for statuses not expected."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise BenchFailed("The load generator ended.")
        report: dict[str, Any] = json.loads(line)
        if "error" in report:
            raise BenchFailed(f"The load generator says: {report['error']}")
        if unexpected := set(report["statuses"]) - {str(status) for status in expected}:
            raise BenchFailed(f"Answers with the status {', '.join(sorted(unexpected))}.")
        return report

    def load(self, target: Target, seconds: float, connections: int, least: int) -> dict[str, Any]:
        """Ask for a target's paths again and again."""
        order = {"seconds": seconds, "connections": connections, "least": least}
        pid = target.server.process.pid
        before_s = cpu_s(pid)
        self.begin(target.server, target.requests, **order)
        report = self.end(200)
        target.asked += report["requests"]
        return report | {"cpu_us": (cpu_s(pid) - before_s) / report["requests"] * 1e6}


def take_turns(
    generator: Generator,
    targets: Mapping[str, Target],
    *,
    connections: int,
    plan: Plan,
    seconds: float,
) -> dict[str, dict[str, float]]:
    """Give each target's figures, by the names of the targets."""
    reports: dict[str, list[dict[str, Any]]] = {name: [] for name in targets}
    for target in targets.values():
        generator.load(target, plan.warm_up_s, connections, min(WARM_UP_REQUESTS, 2 * connections))
    for number in range(plan.rounds):
        # There and back again: nobody always comes after the same neighbour.
        names = list(targets) if number % 2 == 0 else list(reversed(list(targets)))
        for name in names:
            report = generator.load(targets[name], seconds, connections, LEAST_REQUESTS)
            reports[name].append(report)
    return {name: asdict(_medians(found)) for name, found in reports.items()}


def _medians(reports: list[dict[str, Any]]) -> Figures:
    return Figures(
        **{
            name: median(report[name] for report in reports)
            for name in ("per_second", "median_ms", "p99_ms", "cpu_us", "busy")
        }
    )
