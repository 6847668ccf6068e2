"""A durable POST inside the process, and the bare transaction with the same rows, in turns.

    python -m bench.durable KEY POSTS RECORDED POSTED BARE

The last three are copies of one database, whose settings come from the environment. The statements
that each POST writes with are recorded on the first copy, by apsw's own tracing; the POSTs are
timed on the second, the recorded statements alone, each set in one transaction, on the third.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import apsw
from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from app import create_app
from app.config import load_settings
from bench.measure.fresh import new_call
from bench.queries import PATH

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
WRITTEN = ("call", "call_search")
# The first turn of each warms up and does not count.
A_TURN = 25

Environ = dict[str, Any]
Write = tuple[str, Any]


def open_app(path: str) -> Flask:
    return create_app(load_settings(os.environ | {"DATABASE_URL": f"sqlite:///{path}"}))


def requests(key: str, count: int) -> list[Environ]:
    """Give as many POSTs as a server would hand them to the application."""
    headers = Headers({"X-API-Key": key, "Content-Type": "application/json"})
    return [
        EnvironBuilder(PATH, method="POST", headers=headers, data=new_call(number)).get_environ()
        for number in range(count)
    ]


def poster(app: Flask) -> Callable[[Environ], None]:
    """Give a function that lets the application answer one of these requests."""

    def start_response(status: str, headers: Any, error: Any = None) -> Any:
        if not status.startswith("201"):
            raise AssertionError(status)

    def post(environ: Environ) -> None:
        b"".join(app.wsgi_app(environ, start_response))

    return post


def record(path: str, environs: list[Environ]) -> list[list[Write]]:
    """Post each request and give the statements, with their values, that it was written with."""
    writes: list[Write] = []

    def trace(_: apsw.Cursor, statement: str, values: Any) -> bool:
        if statement.lstrip().upper().startswith(WRITES):
            writes.append((statement, values))
        return True

    def watch(connection: apsw.Connection) -> None:
        connection.exec_trace = trace

    apsw.connection_hooks.append(watch)
    post = poster(open_app(path))
    recorded = []
    for environ in environs:
        writes.clear()
        post(environ)
        recorded.append(list(writes))
    apsw.connection_hooks.remove(watch)
    return recorded


def bare_writer(path: str) -> Callable[[list[Write]], None]:
    """Give a function that writes recorded statements in one durable transaction."""
    connection = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READWRITE)
    connection.pragma("synchronous", "full")
    connection.pragma("cache_size", -16_000)

    def write(statements: list[Write]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in statements:
            connection.execute(statement, values)
        connection.execute("COMMIT")

    return write


def rows_of(path: str) -> tuple[int, ...]:
    """Give how many rows the tables that a POST writes to have."""
    connection = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READONLY)
    return tuple(connection.execute(f"SELECT count(*) FROM {name}").get for name in WRITTEN)


def main() -> None:
    key, count, recorded_path, posted_path, bare_path = sys.argv[1:]
    number = int(count) + A_TURN
    ways: dict[str, tuple[Callable[[Any], None], list[Any]]] = {
        "post": (poster(open_app(posted_path)), requests(key, number)),
        "bare": (bare_writer(bare_path), record(recorded_path, requests(key, number))),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    for began in range(0, number, A_TURN):
        for name, (write, every) in ways.items():
            for each in every[began : began + A_TURN]:
                start = time.perf_counter()
                write(each)
                times[name].append((time.perf_counter() - start) * 1000)
    if rows_of(posted_path) != rows_of(bare_path):
        raise AssertionError("Not the same rows were written both ways.")
    print(json.dumps({name: found[A_TURN:] for name, found in times.items()}))


if __name__ == "__main__":
    main()
