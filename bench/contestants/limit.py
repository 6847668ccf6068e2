"""The limit: a bare Flask view that sends a page as SQLite wrote it; no key, check or total.

    python -m bench.contestants.limit DATABASE CALLS PORT
"""

import sys
import threading

import apsw
from flask import Flask, Response, request

from app.commands.serve_command import run
from bench.data import Clinic
from bench.limit_sql import statement
from bench.queries import PATH, list_queries

CACHE_KIB = 16_000


def create_limit(database: str, clinic: Clinic) -> Flask:
    """Build the application; each query's statement is looked up by the text of the query."""
    app = Flask(__name__, static_folder=None)
    statements = {
        query.query_string.encode(): statement(query) for query in list_queries(clinic)
    }
    local = threading.local()

    def connection() -> apsw.Connection:
        if not hasattr(local, "connection"):
            local.connection = apsw.Connection(database, flags=apsw.SQLITE_OPEN_READWRITE)
            local.connection.pragma("cache_size", -CACHE_KIB)
        opened: apsw.Connection = local.connection
        return opened

    @app.get(PATH)
    def list_calls() -> Response:
        page = connection().execute(*statements[request.query_string]).get
        return Response(page, mimetype="application/json")

    return app


if __name__ == "__main__":
    run(create_limit(sys.argv[1], Clinic(int(sys.argv[2]))), "127.0.0.1", int(sys.argv[3]))
