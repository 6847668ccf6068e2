"""The whole list of queries: this service at every size, and the limit at the middle one."""

from collections.abc import Iterator
from typing import Any

from bench.data import Clinic
from bench.databases import service_database
from bench.queries import FIRST_PAGE, MOMENTS, PATIENTS, list_queries
from bench.report import Bar, Results, at_least, at_most, figures_tables, worst_at_most
from bench.servers import peak_mb, serving
from bench.stacks import LIMIT, SERVICE, check_agreement, limit, service, target
from bench.turns import CONNECTIONS, Bench, take_turns

# What is asked in turn is never the same query again.
IN_TURN = (MOMENTS, PATIENTS)
AGAINST_LIMIT = {FIRST_PAGE: 0.95, MOMENTS: 0.4, PATIENTS: 0.4}


def measure(bench: Bench) -> Results:
    """Give each query's figures by connections and contestant, and the largest one's memory."""
    plan = bench.plan
    clinics = {size: Clinic(size) for size in sorted({*plan.sizes, plan.middle_size})}
    databases = {size: service_database(clinic) for size, clinic in clinics.items()}
    middle, largest = of_size(plan.middle_size), of_size(max(clinics))
    contestants = [service(database, of_size(size)) for size, database in databases.items()]
    contestants.append(limit(databases[plan.middle_size], clinics[plan.middle_size]))
    found: Results = {"sizes": list(clinics), "middle": plan.middle_size, "queries": {}}
    with serving(*contestants) as servers:
        for queries in zip(*map(list_queries, clinics.values()), strict=True):
            by_size = dict(zip(clinics, queries, strict=True))
            query = by_size[plan.middle_size]
            bench.say(f"every query: {query.name}")
            check_agreement(query, {SERVICE: servers[middle], LIMIT: servers[LIMIT]})
            asked = {
                of_size(size): target(servers[of_size(size)], each)
                for size, each in by_size.items()
            }
            asked[LIMIT] = target(servers[LIMIT], query)
            found["queries"][query.name] = take_turns(bench, asked, plan.turn_s)
        found["peak_mb"] = peak_mb(servers[largest].process.pid)
    return found


def of_size(size: int) -> str:
    """Give the name of the service at a size."""
    return f"{SERVICE}, {size:,} calls"


def bars(found: Results) -> Iterator[Bar]:
    """Hold the service against the limit, its largest size against its least, and its memory."""
    middle, least, most = found["middle"], min(found["sizes"]), max(found["sizes"])
    for name, bar in AGAINST_LIMIT.items():
        figures = found["queries"][name][max(CONNECTIONS)]
        ratio = figures[of_size(middle)]["per_second"] / figures[LIMIT]["per_second"]
        what = f"{name} against the limit, {max(CONNECTIONS)} connections, {middle:,} calls"
        yield at_least(what, ratio, bar)
    if least < most:
        growth = {
            name: _median_ms(figures, most) / _median_ms(figures, least)
            for name, figures in found["queries"].items()
            if name not in IN_TURN
        }
        what = f"every query, {most:,} against {least:,} calls, repeated"
        yield worst_at_most(what, growth, 1.3, "times")
    yield at_most(f"memory at its most, {most:,} calls", found["peak_mb"], 100, "MB")


def _median_ms(figures: Any, size: int) -> float:
    median_ms: float = figures[min(CONNECTIONS)][of_size(size)]["median_ms"]
    return median_ms


def tables(found: Results) -> Iterator[str]:
    """Give every figure."""
    yield from figures_tables("Every query", found["queries"])
