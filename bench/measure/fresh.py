"""The first request after a write, when all that is remembered is what it left alone.

Also the first request for a query since the start of the server, when nothing is.
"""

import contextlib
import http.client
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import orjson

from bench.bench import Bench
from bench.data import TODAY, Clinic
from bench.databases import copy_of, service, service_database
from bench.queries import PATH, Query, list_queries, path
from bench.servers import HOST, BenchFailed, Server, serving


def measure(bench: Bench) -> dict[str, Any]:
    """Give, by size and query, the times in ms of the very first request and after writes."""
    return {str(size): _measure_size(bench, Clinic(size)) for size in bench.plan.sizes}


def _measure_size(bench: Bench, clinic: Clinic) -> dict[str, dict[str, float]]:
    bench.say(f"{clinic.calls:,} calls: the first request after a write")
    database = service_database(clinic)
    with copy_of(database) as copy, serving(service(copy)) as servers:
        (server,) = servers.values()
        with contextlib.closing(http.client.HTTPConnection(HOST, server.port)) as client:
            ask = _asker(client, server)
            return {
                query.name: _times(ask, query, bench.plan.fresh_repeats)
                for query in list_queries(clinic)
                if not query.others
            }


def _asker(client: http.client.HTTPConnection, server: Server) -> Callable[..., float]:
    headers = dict(server.contestant.headers) | {"Content-Type": "application/json"}

    def ask(method: str, target: str, body: bytes | None = None) -> float:
        began = time.perf_counter()
        client.request(method, target, body, headers)
        response = client.getresponse()
        answer = response.read()
        elapsed_ms = (time.perf_counter() - began) * 1000
        if response.status not in (200, 201):
            raise BenchFailed(f"{method} {target} gives {response.status}: {answer[:200]!r}")
        return elapsed_ms

    return ask


def _times(ask: Callable[..., float], query: Query, repeats: int) -> dict[str, float]:
    first_ms = ask("GET", path(query.params))
    times = []
    for number in range(repeats):
        ask("POST", PATH, new_call(number))
        times.append(ask("GET", path(query.params)))
    return {"first_ms": first_ms, "after_write_ms": median(times)}


def new_call(number: int) -> bytes:
    """Give the body of a POST of a call that many of the queries find."""
    started = datetime(TODAY.year, TODAY.month, TODAY.day) + timedelta(seconds=number)
    return orjson.dumps(
        {
            "assistant_id": "asst_front-desk",
            "type": "inboundPhoneCall",
            "started_at": f"{started.isoformat()}Z",
            "ended_at": f"{(started + timedelta(seconds=95)).isoformat()}Z",
            "summary": "The caller asked whether the next session could begin half an hour later.",
            "customer_number": f"+1212555{100 + number % 100:04d}",
            "status": "pending",
            "category": "billing",
            "language": "english",
            "sessions_scheduled": 1,
        }
    )
