"""The limit: a bare Flask view that sends a page as SQLite wrote it; no key, check or total.

    python -m bench.contestants.limit DATABASE STATEMENTS PORT

STATEMENTS is a JSON object from query string to statement and values, of bench.limit_sql.
"""

import sys
import threading
from pathlib import Path

import apsw
import orjson
from flask import Flask, Response, request

from app.commands.serve_command import run

CACHE_KIB = 16_000


def create_limit(database: str, statements: Path) -> Flask:
    """Build the application: one connection a thread, one look-up and one statement a request."""
    app = Flask(__name__, static_folder=None)
    known = {text.encode(): found for text, found in orjson.loads(statements.read_bytes()).items()}
    local = threading.local()

    def connection() -> apsw.Connection:
        if not hasattr(local, "connection"):
            local.connection = apsw.Connection(database, flags=apsw.SQLITE_OPEN_READWRITE)
            local.connection.pragma("cache_size", -CACHE_KIB)
        opened: apsw.Connection = local.connection
        return opened

    @app.get("/v1/calls")
    def list_calls() -> Response:
        page = connection().execute(*known[request.query_string]).get
        return Response(page, mimetype="application/json")

    return app


if __name__ == "__main__":
    run(create_limit(sys.argv[1], Path(sys.argv[2])), "127.0.0.1", int(sys.argv[3]))
