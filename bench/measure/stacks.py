"""Five queries at one size: all five stacks side by side."""

from typing import Any

from bench.agreement import check_agreement
from bench.bench import Bench
from bench.data import Clinic
from bench.databases import natural_database, service_database
from bench.queries import OF_EVERY_STACK, list_queries
from bench.servers import serving
from bench.stacks import all_stacks, targets
from bench.turns import take_turns

CONNECTIONS = (1, 8)


def measure(bench: Bench) -> dict[str, Any]:
    """Give the figures of each query by connections and contestant, and each server's memory."""
    clinic = Clinic(bench.plan.middle_size)
    stacks = all_stacks(service_database(clinic), clinic, natural_database(clinic))
    queries = {query.name: query for query in list_queries(clinic)}
    measured: dict[str, Any] = {}
    with serving(*stacks) as servers:
        for name in OF_EVERY_STACK:
            bench.say(f"all stacks: {name}")
            asked = targets(servers, queries[name])
            check_agreement(name, asked)
            measured[name] = {
                str(connections): take_turns(
                    bench.generator,
                    asked,
                    connections=connections,
                    plan=bench.plan,
                    seconds=bench.plan.stack_turn_s,
                )
                for connections in CONNECTIONS
            }
        memory = {name: server.peak_mb() for name, server in servers.items()}
    return {"calls": clinic.calls, "queries": measured, "peak_mb": memory}
