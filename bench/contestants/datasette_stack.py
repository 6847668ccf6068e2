"""Datasette's JSON API at its best: queries stored beforehand, no log of each request.

    python -m bench.contestants.datasette_stack DATABASE PORT

A stored query is a fixed statement, as an application's developer would write it. It costs half of
what a page of a table does by Datasette's own filters, for there is nothing to build, to count or
to look up. The file is promised not to change.
"""

import sys
from urllib.parse import urlencode

from bench.queries import FIRST_PAGE, LISTED, PAGE_SIZE, Params

DATABASE_NAME = "clinic"
SETTINGS = {"suggest_facets": False, "allow_facet": False, "cache_size_kb": 16_000}
_PAGE = """
SELECT {columns} FROM call WHERE {where} ORDER BY sort_at DESC, id DESC LIMIT {limit}
"""
_FOUND = "SELECT rowid FROM call_fts WHERE call_fts MATCH '\"' || :q || '\" *'"
_STORED = {
    FIRST_PAGE: ("first_page", "1"),
    "status (rare)": ("by_status", "status = :status"),
    "category and a week": (
        "by_category_and_time",
        "category = :category AND started_at IS NOT NULL"
        " AND sort_at BETWEEN datetime(:started_gte) AND datetime(:started_lte)",
    ),
    "tags any": (
        "by_tags",
        "patient_id IN (SELECT patient_id FROM patient_tag WHERE tag_id IN (:tag_1, :tag_2))",
    ),
    "q rare": ("search", f"pk IN ({_FOUND})"),
}


def stored_path(query_name: str, params: Params) -> str:
    """Give the address of the stored query for a query's name, with its parameters."""
    tags = [value for param, value in params if param == "tags[]"]
    asked = {param: value for param, value in params if not param.startswith("tag")}
    asked |= {f"tag_{number}": tag for number, tag in enumerate(tags, 1)}
    name, _ = _STORED[query_name]
    return f"/{DATABASE_NAME}/{name}.json?{urlencode(asked | {'_shape': 'array'})}"


def main() -> None:
    # Only here: whoever asks for a path does not wait for Datasette to be imported.
    import uvicorn
    from datasette.app import Datasette
    from datasette.database import Database

    queries = {
        name: {"sql": _PAGE.format(columns=", ".join(LISTED), where=where, limit=PAGE_SIZE)}
        for name, where in _STORED.values()
    }
    metadata = {"databases": {DATABASE_NAME: {"queries": queries}}}
    datasette = Datasette(settings=SETTINGS, metadata=metadata)
    database = Database(datasette, path=sys.argv[1], is_mutable=False)
    datasette.add_database(database, name=DATABASE_NAME)
    uvicorn.run(datasette.app(), port=int(sys.argv[2]), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
