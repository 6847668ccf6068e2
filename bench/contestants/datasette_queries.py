"""The five queries as Datasette's stored queries: about twice as fast as its pages of tables."""

from urllib.parse import urlencode

from bench.queries import FIRST_PAGE, Params

DATABASE_NAME = "clinic"

_PAGE = """
SELECT id, org_id, created_at, assistant_id, phone_number_id, type, started_at, ended_at, summary,
    customer_number, status, category, duration_min, patient_id, language, sessions_scheduled
FROM call WHERE {where} ORDER BY sort_at DESC, id DESC LIMIT 50
"""
_FOUND = "SELECT rowid FROM call_fts WHERE call_fts MATCH '\"' || :q || '\" *'"
_HOLDERS = "SELECT patient_id FROM patient_tag WHERE tag_id IN (:tag_1, :tag_2)"
_STORED = {
    FIRST_PAGE: ("first_page", "1"),
    "status (rare)": ("by_status", "status = :status"),
    "category and a week": (
        "by_category_and_time",
        "category = :category AND started_at IS NOT NULL"
        " AND sort_at BETWEEN datetime(:started_gte) AND datetime(:started_lte)",
    ),
    "tags any": ("by_tags", f"patient_id IN ({_HOLDERS})"),
    "q rare": ("search", f"pk IN ({_FOUND})"),
}

# The form in which Datasette takes stored queries.
METADATA = {
    "databases": {
        DATABASE_NAME: {
            "queries": {name: {"sql": _PAGE.format(where=where)} for name, where in _STORED.values()}
        }
    }
}


def path_of(name: str, params: Params) -> str:
    """Give the address of a named query's page: an array of objects and nothing besides."""
    tags = [value for param, value in params if param == "tags[]"]
    asked = {param: value for param, value in params if not param.startswith("tag")}
    asked |= {f"tag_{number}": tag for number, tag in enumerate(tags, 1)}
    return f"/{DATABASE_NAME}/{_STORED[name][0]}.json?{urlencode(asked | {'_shape': 'array'})}"
