"""The whole list of queries at each size: this service beside the limit."""

from typing import Any

from bench.agreement import check_agreement
from bench.bench import Bench
from bench.data import Clinic
from bench.databases import service, service_database
from bench.queries import list_queries
from bench.servers import Server, serving
from bench.stacks import limit, targets
from bench.turns import take_turns

CONNECTIONS = (1, 8)


def measure(bench: Bench) -> dict[str, Any]:
    """Give, by size, the queries with each contestant's figures, and the servers' memory."""
    return {str(size): _measure_size(bench, Clinic(size)) for size in bench.plan.sizes}


def _measure_size(bench: Bench, clinic: Clinic) -> dict[str, Any]:
    database = service_database(clinic)
    with serving(service(database), limit(database, clinic)) as servers:
        queries = [_measure_query(bench, clinic, query, servers) for query in list_queries(clinic)]
        memory = {
            name: {"rss_mb": server.rss_mb(), "peak_mb": server.peak_mb()}
            for name, server in servers.items()
        }
    return {"queries": queries, "memory": memory}


def _measure_query(
    bench: Bench, clinic: Clinic, query: Any, servers: dict[str, Server]
) -> dict[str, Any]:
    bench.say(f"{clinic.calls:,} calls: {query.name}")
    asked = targets(servers, query)
    check_agreement(query.name, asked)
    figures = {
        str(connections): take_turns(
            bench.generator,
            asked,
            connections=connections,
            plan=bench.plan,
            seconds=bench.plan.turn_s,
        )
        for connections in CONNECTIONS
    }
    return {
        "name": query.name,
        "group": query.group,
        "search_with_filters": query.is_search_with_filters,
        "figures": figures,
    }
