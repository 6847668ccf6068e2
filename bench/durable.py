"""A durable POST inside the process, and the bare transaction with the same rows, in turns.

    python -m bench.durable KEY POSTS RECORDED POSTED BARE

The last three are copies of one database, whose settings come from the environment. The statements
that each POST writes with are recorded on the first copy, by apsw's own tracing; the POSTs are
timed on the second, the recorded statements alone, each set in one transaction, on the third.
"""

import gc
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import apsw
from flask import Flask

from app import create_app
from app.config import load_settings
from bench.measure.fresh import new_call
from bench.queries import PATH

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
WRITTEN = ("call", "call_search")
A_TURN = 25
WARM_UP = 10

Write = tuple[str, Any]


def open_app(path: str) -> Flask:
    return create_app(load_settings(os.environ | {"DATABASE_URL": f"sqlite:///{path}"}))


def poster(app: Flask, key: str) -> Callable[[bytes], None]:
    """Give a function that posts one body through the application as a server would."""
    fixed = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": PATH,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_X_API_KEY": key,
        "CONTENT_TYPE": "application/json",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }

    def start_response(status: str, headers: Any, error: Any = None) -> Any:
        if not status.startswith("201"):
            raise AssertionError(status)

    def post(body: bytes) -> None:
        environ = fixed | {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
        b"".join(app.wsgi_app(environ, start_response))

    return post


def record(path: str, key: str, bodies: list[bytes]) -> list[list[Write]]:
    """Post each body and give the statements, with their values, that each was written with."""
    writes: list[Write] = []

    def trace(_: apsw.Cursor, statement: str, values: Any) -> bool:
        if statement.lstrip().upper().startswith(WRITES):
            writes.append((statement, values))
        return True

    def watch(connection: apsw.Connection) -> None:
        connection.exec_trace = trace

    apsw.connection_hooks.append(watch)
    try:
        post = poster(open_app(path), key)
        recorded = []
        for body in bodies:
            writes.clear()
            post(body)
            recorded.append(list(writes))
    finally:
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
    counts = (connection.execute(f"SELECT count(*) FROM {name}").get for name in WRITTEN)
    return tuple(counts)


def in_turns(post: Callable[[], Any], bare: Callable[[], Any], count: int) -> Iterator[Any]:
    """Give each one's times in ms, alternating between them every few."""
    for began in range(0, count, A_TURN):
        for name, run in (("post", post), ("bare", bare)):
            for _ in range(min(A_TURN, count - began)):
                start = time.perf_counter()
                run()
                yield name, (time.perf_counter() - start) * 1000


def main() -> None:
    key, count, recorded_path, posted_path, bare_path = sys.argv[1:]
    bodies = [new_call(number) for number in range(int(count) + WARM_UP)]
    recorded = record(recorded_path, key, bodies)
    post, bare = poster(open_app(posted_path), key), bare_writer(bare_path)
    for body, statements in zip(bodies[:WARM_UP], recorded[:WARM_UP], strict=True):
        post(body)
        bare(statements)
    to_post, to_write = iter(bodies[WARM_UP:]), iter(recorded[WARM_UP:])
    gc.collect()
    times: dict[str, list[float]] = {"post": [], "bare": []}
    for name, elapsed_ms in in_turns(
        lambda: post(next(to_post)), lambda: bare(next(to_write)), int(count)
    ):
        times[name].append(elapsed_ms)
    if rows_of(posted_path) != rows_of(bare_path):
        raise AssertionError("Not the same rows were written both ways.")
    print(json.dumps(times))


if __name__ == "__main__":
    main()
