"""Measuring in turns: contestants alternate in short rounds, so that drift meets all of them."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.data import PROJECT_ROOT
from bench.plan import Plan
from bench.servers import HOST, BenchFailed, Server, cpu_s, python

CONNECTIONS = (1, 8)
WARM_UP_SHARE = 0.2
WARM_UP_REQUESTS = 8
# Fewer would say nothing of a slow query's median.
LEAST_REQUESTS = 5
# Of one turn; `cpu_us` is the server's time on the processor for each request, which says most
# where other work disturbs the machine; `busy` is the share of the time that the generator needed.
FIGURES = ("per_second", "median_ms", "p99_ms", "cpu_us", "busy")

Figures = dict[str, float]


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

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def begin(self, server: Server, requests: Sequence[str], **order: Any) -> None:
        """Send off an order whose report `end` gives."""
        whole = {"host": HOST, "port": server.port, "requests": requests} | order
        assert self.process.stdin
        self.process.stdin.write(json.dumps(whole) + "\n")
        self.process.stdin.flush()

    def end(self, expected: int) -> dict[str, Any]:
        """Give the report of the last order. Raises BenchFailed for another status."""
        assert self.process.stdout
        report: dict[str, Any] = json.loads(self.process.stdout.readline() or '{"error": "ended"}')
        if "error" in report:
            raise BenchFailed(f"The load generator says: {report['error']}")
        if unexpected := report["statuses"].keys() - {str(expected)}:
            raise BenchFailed(f"Answers with the status {', '.join(sorted(unexpected))}.")
        return report

    def load(self, target: Target, seconds: float, connections: int, least: int) -> Figures:
        """Ask for a target's paths again and again."""
        order = {"seconds": seconds, "connections": connections, "least": least}
        pid = target.server.process.pid
        before_s = cpu_s(pid)
        self.begin(target.server, target.requests, **order)
        report = self.end(200)
        target.asked += report["requests"]
        report["cpu_us"] = (cpu_s(pid) - before_s) / report["requests"] * 1e6
        return {name: report[name] for name in FIGURES}


@contextlib.contextmanager
def load_generator() -> Iterator[Generator]:
    """Run a load generator."""
    with subprocess.Popen(
        python("bench.load"),
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Generator(process)
        finally:
            process.kill()


@dataclass(slots=True)
class Bench:
    """What a section needs of the run that it is part of."""

    plan: Plan
    generator: Generator
    began: float = field(default_factory=time.monotonic)

    def say(self, what: str) -> None:
        """Tell whoever waits what is being done, with the seconds since the beginning."""
        print(f"{time.monotonic() - self.began:6.1f} s  {what}", file=sys.stderr)


def take_turns(
    bench: Bench, targets: Mapping[str, Target], turn_s: float
) -> dict[int, dict[str, Figures]]:
    """Give each target's figures by connections, medians of its rounds."""
    return {number: _take_turns(bench, targets, number, turn_s) for number in CONNECTIONS}


def _take_turns(
    bench: Bench, targets: Mapping[str, Target], connections: int, turn_s: float
) -> dict[str, Figures]:
    found: dict[str, list[Figures]] = {name: [] for name in targets}
    load = bench.generator.load
    for target in targets.values():
        load(target, turn_s * WARM_UP_SHARE, connections, WARM_UP_REQUESTS)
    for number in range(bench.plan.rounds):
        # There and back again: nobody always comes after the same neighbour.
        for name in targets if number % 2 == 0 else reversed(list(targets)):
            found[name].append(load(targets[name], turn_s, connections, LEAST_REQUESTS))
    return {name: medians(reports) for name, reports in found.items()}


def medians(reports: Sequence[Figures]) -> Figures:
    """Give the median of each figure."""
    return {name: median(report[name] for report in reports) for name in reports[0]}
