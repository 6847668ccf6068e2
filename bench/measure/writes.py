"""Durable writing inside the process, beside the bare transaction with the same rows."""

import contextlib
import json
from collections.abc import Iterator
from statistics import median

from bench.data import Clinic
from bench.databases import copy_of, output_of, service_database, service_environ
from bench.load import quantile
from bench.report import Bar, Results, at_most, table
from bench.servers import python
from bench.turns import Bench

NAMES = {"post": "durable POST in the process", "bare": "the bare transaction"}


def measure(bench: Bench) -> Results:
    """Give the times of both ways, in ms."""
    clinic = Clinic(bench.plan.middle_size)
    database = service_database(clinic)
    bench.say(f"{clinic.calls:,} calls: durable writing")
    with contextlib.ExitStack() as stack:
        copies = [stack.enter_context(copy_of(database)) for _ in range(3)]
        paths = [str(copy.path) for copy in copies]
        command = python("bench.durable", database.key, str(bench.plan.posts), *paths)
        printed = output_of(command, service_environ(database.path))
    times: dict[str, list[float]] = json.loads(printed)
    return {
        name: {"median_ms": median(found), "p99_ms": quantile(sorted(found), 0.99)}
        for name, found in times.items()
    }


def bars(found: Results) -> Iterator[Bar]:
    """Hold the one against the other."""
    ratio = found["post"]["median_ms"] / found["bare"]["median_ms"]
    yield at_most(f"{NAMES['post']} against {NAMES['bare']}", ratio, 2, "times")


def tables(found: Results) -> Iterator[str]:
    """Give both times."""
    yield "## Durable writing, in ms"
    rows = [
        (NAMES[name], *(f"{each[key]:.2f}" for key in ("median_ms", "p99_ms")))
        for name, each in found.items()
    ]
    yield table(("what", "median", "99th percentile"), rows)
