"""Datasette's JSON API at its best settings, without a log of each request.

    python -m bench.contestants.datasette_stack DATABASE PORT

Stored queries, nothing to count or suggest, and a file that is promised not to change.
"""

import sys

import uvicorn
from datasette.app import Datasette
from datasette.database import Database

from bench.contestants.datasette_queries import DATABASE_NAME, METADATA

SETTINGS = {"suggest_facets": False, "allow_facet": False, "cache_size_kb": 16_000}


def main() -> None:
    datasette = Datasette(settings=SETTINGS, metadata=METADATA)
    database = Database(datasette, path=sys.argv[1], is_mutable=False)
    datasette.add_database(database, name=DATABASE_NAME)
    uvicorn.run(datasette.app(), port=int(sys.argv[2]), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
