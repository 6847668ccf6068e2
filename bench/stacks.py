"""The contestants, each as its users would start it for production, and how each is asked."""

import contextlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import apsw
import orjson

from bench.contestants.datasette_stack import stored_path
from bench.data import DATA, Clinic
from bench.databases import ServiceDatabase, service_environ
from bench.limit_sql import page_statement
from bench.queries import PATH, Query, list_queries, path, query_string
from bench.servers import BenchFailed, Contestant, Server, client, python
from bench.turns import Target

SERVICE = "clinic-calls"
LIMIT = "the limit"
IDIOMATIC = "idiomatic stack"
FASTAPI = "FastAPI, SQLAlchemy"
DATASETTE = "Datasette"
# How many times as many requests a second as theirs are wanted.
LEAST = {IDIOMATIC: 8, FASTAPI: 5, DATASETTE: 5}


def service(database: ServiceDatabase, name: str = SERVICE) -> Contestant:
    """Give the service itself, as `clinic-calls serve` starts it."""
    return Contestant(
        name,
        python("app.commands", "serve", "--port", "{port}"),
        "/health",
        service_environ(database.path),
        {"X-API-Key": database.key},
    )


def limit(database: ServiceDatabase, clinic: Clinic) -> Contestant:
    """Give the limit on the service's own file."""
    statements = DATA / f"limit-{clinic.name}.json"
    with contextlib.closing(apsw.Connection(str(database.path))) as connection:
        found = {
            query_string(params): page_statement(connection, params)
            for query in list_queries(clinic)
            for params in query.forms
        }
    statements.write_bytes(orjson.dumps(found))
    arguments = (str(database.path), str(statements), "{port}")
    return Contestant(LIMIT, python("bench.contestants.limit", *arguments), PATH)


def others(natural: Path) -> list[Contestant]:
    """Give the three that share one file of tables of their own."""
    uvicorn = ("--port", "{port}", "--log-level", "warning", "--no-access-log")
    return [
        Contestant(
            IDIOMATIC,
            python("bench.contestants.idiomatic", str(natural), "{port}"),
            PATH,
        ),
        Contestant(
            FASTAPI,
            python("uvicorn", "bench.contestants.fastapi_stack:app", *uvicorn),
            PATH,
            {"BENCH_DATABASE": str(natural)},
        ),
        Contestant(
            DATASETTE,
            python("bench.contestants.datasette_stack", str(natural), "{port}"),
            "/-/versions.json",
        ),
    ]


def target(server: Server, query: Query) -> Target:
    """Give the requests by which a server is asked a query."""
    to_path = partial(stored_path, query.name) if server.name == DATASETTE else path
    return Target(server, tuple(map(to_path, query.forms)))


def check_agreement(query: Query, servers: Mapping[str, Server]) -> None:
    """Ask each of these servers once: no figure counts for an answer that is another.

    Raises BenchFailed where ids or totals differ, or what the limit says of a call, and where
    nothing is found.
    """
    pages, totals = {}, set()
    for name, server in servers.items():
        with client(server) as ask:
            answer = orjson.loads(ask("GET", target(server, query).paths[0]))
        pages[name] = answer if isinstance(answer, list) else answer["data"]
        if "pagination" in answer:
            totals.add(answer["pagination"]["total"])
    ids = {name: [call["id"] for call in page] for name, page in pages.items()}
    if not ids[SERVICE]:
        raise BenchFailed(f"{query.name}: no call is found.")
    for name, found in ids.items():
        if found != ids[SERVICE]:
            raise BenchFailed(f"{query.name}: {SERVICE} and {name} list different calls.")
    if len(totals) > 1:
        raise BenchFailed(f"{query.name}: the totals are {totals}.")
    if pages[LIMIT] != pages[SERVICE]:
        raise BenchFailed(f"{query.name}: {SERVICE} and {LIMIT} say different things of a call.")
