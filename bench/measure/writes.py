"""Durable writing: over HTTP, and inside the process beside the bare transaction."""

import contextlib
import json
import os
import subprocess
from statistics import median
from typing import Any

from bench.bench import Bench
from bench.data import PROJECT_ROOT, Clinic
from bench.databases import (
    ServiceDatabase,
    copy_of,
    service,
    service_database,
    service_environ,
)
from bench.load import quantile
from bench.measure.fresh import new_call
from bench.queries import PATH
from bench.servers import BenchFailed, python, serving
from bench.turns import request_text

CONNECTIONS = (1, 8)
LONGEST_S = 60


def measure(bench: Bench) -> dict[str, Any]:
    """Give durable writes a second over HTTP, and the times of both ways in the process, in ms."""
    clinic = Clinic(bench.plan.middle_size)
    database = service_database(clinic)
    bench.say(f"{clinic.calls:,} calls: durable writing")
    over_http = {str(number): _over_http(bench, database, number) for number in CONNECTIONS}
    return {"calls": clinic.calls, "http": over_http, "in_process": _in_process(bench, database)}


def _over_http(bench: Bench, database: ServiceDatabase, connections: int) -> dict[str, float]:
    with copy_of(database) as copy, serving(service(copy)) as servers:
        (server,) = servers.values()
        headers = dict(server.contestant.headers) | {"Content-Type": "application/json"}
        requests = [
            request_text("POST", PATH, headers, new_call(number).decode())
            for number in range(bench.plan.posts)
        ]
        order = {"connections": connections, "seconds": LONGEST_S, "once": True}
        bench.generator.begin(server, requests, **order)
        report = bench.generator.end(201)
    return {name: report[name] for name in ("per_second", "median_ms", "p99_ms")}


def _in_process(bench: Bench, database: ServiceDatabase) -> dict[str, dict[str, float]]:
    with contextlib.ExitStack() as stack:
        copies = [stack.enter_context(copy_of(database)) for _ in range(3)]
        paths = [str(copy.path) for copy in copies]
        done = subprocess.run(
            python("bench.durable", database.key, str(bench.plan.posts), *paths),
            cwd=PROJECT_ROOT,
            env=os.environ | service_environ(database.path),
            capture_output=True,
            check=False,
        )
    if done.returncode:
        raise BenchFailed(f"The durable POST failed: {done.stderr.decode()[-500:]}")
    times: dict[str, list[float]] = json.loads(done.stdout)
    return {
        name: {"median_ms": median(found), "p99_ms": quantile(sorted(found), 0.99)}
        for name, found in times.items()
    }
