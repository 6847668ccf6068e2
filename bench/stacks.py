"""The contestants besides the service, each as its users would start it for production."""

import contextlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import apsw
import orjson

from bench.contestants.datasette_stack import stored_path
from bench.data import DATA, Clinic
from bench.databases import ServiceDatabase, service
from bench.limit_sql import page_statement
from bench.queries import PATH, Query, list_queries, path, query_string
from bench.servers import Contestant, Server, python
from bench.turns import Target

SERVICE = "clinic-calls"
LIMIT = "the limit"
IDIOMATIC = "idiomatic stack"
FASTAPI = "FastAPI, SQLAlchemy"
DATASETTE = "Datasette"


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


def all_stacks(database: ServiceDatabase, clinic: Clinic, natural: Path) -> list[Contestant]:
    """Give all five; the last three share one file of tables of their own."""
    return [
        service(database),
        limit(database, clinic),
        Contestant(
            IDIOMATIC,
            python("bench.contestants.idiomatic", str(natural), "{port}"),
            PATH,
        ),
        Contestant(
            FASTAPI,
            python(
                "uvicorn",
                "bench.contestants.fastapi_stack:app",
                *("--port", "{port}", "--log-level", "warning", "--no-access-log"),
            ),
            PATH,
            {"BENCH_DATABASE": str(natural)},
        ),
        Contestant(
            DATASETTE,
            python("bench.contestants.datasette_stack", str(natural), "{port}"),
            "/-/versions.json",
        ),
    ]


def targets(servers: Mapping[str, Server], query: Query) -> dict[str, Target]:
    """Give the requests by which these servers are asked a query, by contestant."""
    found = {}
    for name, server in servers.items():
        to_path = partial(stored_path, query.name) if name == DATASETTE else path
        found[name] = Target(server, tuple(map(to_path, query.forms)))
    return found
