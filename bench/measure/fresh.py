"""The first request after a write, when all that is remembered is what it left alone.

Also the first request for a query since the start of the server, when nothing is.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

import orjson

from bench.data import TODAY, Clinic
from bench.databases import copy_of, service_database
from bench.queries import PATH, Query, list_queries, path
from bench.report import Bar, Results, table, worst_at_most
from bench.servers import Ask, client, serving
from bench.stacks import service
from bench.turns import Bench

AFTER_WRITE_MS = 5
AFTER_WRITE_RARE_MS = 15
FIRST_MS = {100_000: 100, 1_000_000: 1000}


def measure(bench: Bench) -> Results:
    """Give, by size and query, the times in ms of the very first request and after writes."""
    found = {}
    for size in bench.plan.sizes:
        bench.say(f"{size:,} calls: the first request after a write")
        clinic = Clinic(size)
        with copy_of(service_database(clinic)) as copy, serving(service(copy)) as servers:
            (server,) = servers.values()
            with client(server) as ask:
                found[size] = {
                    query.name: _times(ask, query, bench.plan.fresh_repeats)
                    for query in list_queries(clinic)
                    if not query.others
                }
    return found


def _times(ask: Ask, query: Query, repeats: int) -> Results:
    first_ms = _asked_ms(ask, query)
    times = []
    for number in range(repeats):
        ask("POST", PATH, new_call(number))
        times.append(_asked_ms(ask, query))
    return {
        "first_ms": first_ms,
        "after_write_ms": median(times),
        "is_rare_search": query.is_rare_search,
    }


def _asked_ms(ask: Ask, query: Query) -> float:
    began = time.perf_counter()
    ask("GET", path(query.params))
    return (time.perf_counter() - began) * 1000


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


def bars(found: Results) -> Iterator[Bar]:
    """Hold the slowest query after a write, of the largest size, and the slowest first one."""
    size = max(found)
    for is_rare, kind, most in (
        (False, "every query but rare words and phrases", AFTER_WRITE_MS),
        (True, "rare words and phrases", AFTER_WRITE_RARE_MS),
    ):
        times = {
            name: each["after_write_ms"]
            for name, each in found[size].items()
            if each["is_rare_search"] == is_rare
        }
        what = f"{kind}, the first time after a write, {size:,} calls"
        yield worst_at_most(what, times, most, "ms")
    for size, most in FIRST_MS.items():
        if size in found:
            times = {name: each["first_ms"] for name, each in found[size].items()}
            what = f"every query, the very first time since the start, {size:,} calls"
            yield worst_at_most(what, times, most, "ms")


def tables(found: Results) -> Iterator[str]:
    """Give every time."""
    head = ("query", *(f"{size:,} calls" for size in found))
    for key, title in (
        ("after_write_ms", "The first request after a write, median in ms"),
        ("first_ms", "The very first request since the start of the server, once, in ms"),
    ):
        yield f"## {title}"
        names = found[max(found)]
        rows = [(name, *(f"{found[size][name][key]:.2f}" for size in found)) for name in names]
        yield table(head, rows)
