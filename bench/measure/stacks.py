"""Five queries at one size: all five stacks side by side."""

from collections.abc import Iterator

from bench.data import Clinic
from bench.databases import natural_database, service_database
from bench.queries import OF_EVERY_STACK, list_queries
from bench.report import Bar, Results, at_least, figures_tables, table
from bench.servers import peak_mb, serving
from bench.stacks import LEAST, SERVICE, check_agreement, limit, others, service, target
from bench.turns import CONNECTIONS, Bench, take_turns


def measure(bench: Bench) -> Results:
    """Give the figures of each query by connections and contestant, and each server's memory."""
    clinic = Clinic(bench.plan.middle_size)
    database = service_database(clinic)
    stacks = [service(database), limit(database, clinic), *others(natural_database(clinic))]
    found: Results = {"calls": clinic.calls, "queries": {}}
    with serving(*stacks) as servers:
        for query in list_queries(clinic):
            if query.name not in OF_EVERY_STACK:
                continue
            bench.say(f"all stacks: {query.name}")
            check_agreement(query, servers)
            asked = {name: target(server, query) for name, server in servers.items()}
            found["queries"][query.name] = take_turns(bench, asked, bench.plan.stack_turn_s)
        found["peak_mb"] = {name: peak_mb(server.process.pid) for name, server in servers.items()}
    return found


def bars(found: Results) -> Iterator[Bar]:
    """Hold the service against each of the others, by its worst query."""
    most = max(CONNECTIONS)
    for name, least in LEAST.items():
        ratios = {
            query: figures[most][SERVICE]["per_second"] / figures[most][name]["per_second"]
            for query, figures in found["queries"].items()
        }
        worst = min(ratios, key=lambda query: ratios[query])
        what = f"five queries against {name}, {most} connections, {found['calls']:,} calls"
        yield at_least(what, ratios[worst], least, f"least: {worst}")


def tables(found: Results) -> Iterator[str]:
    """Give every figure, and the memory."""
    yield from figures_tables(f"Five stacks, {found['calls']:,} calls", found["queries"])
    rows = [(name, f"{memory:.0f} MB") for name, memory in found["peak_mb"].items()]
    yield table(("memory at its most", "figure"), rows)
