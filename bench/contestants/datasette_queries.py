"""How Datasette is asked: pages of its tables by its own filters, and queries stored beforehand.

Stored queries are fixed statements, as an application's developer would write them; they cost it
about half of what its tables do, because there is nothing to build, to count or to look up.
"""

from urllib.parse import urlencode

from bench.queries import FIRST_PAGE, PAGE_SIZE, Params

DATABASE_NAME = "clinic"
COLUMNS = (
    *("id", "org_id", "created_at", "assistant_id", "phone_number_id", "type", "started_at"),
    *("ended_at", "summary", "customer_number", "status", "category", "duration_min"),
    *("patient_id", "language", "sessions_scheduled"),
)
# An array of objects and nothing besides: no count, no facets, nothing suggested. To name the
# columns would take Datasette longer than to send them all.
TABLE_PARAMS = (
    ("_shape", "array"),
    ("_size", str(PAGE_SIZE)),
    ("_sort_desc", "sort_at"),
    ("_nocount", "1"),
    ("_nofacet", "1"),
    ("_nosuggest", "1"),
)

_PAGE = """
SELECT {columns} FROM call WHERE {where} ORDER BY sort_at DESC, id DESC LIMIT {limit}
"""
_FOUND = "SELECT rowid FROM call_fts WHERE call_fts MATCH '\"' || :q || '\" *'"
_HOLDERS = "SELECT patient_id FROM patient_tag WHERE tag_id IN ({})"
_STORED = {
    FIRST_PAGE: ("first_page", "1"),
    "status (rare)": ("by_status", "status = :status"),
    "category and a week": (
        "by_category_and_time",
        "category = :category AND started_at IS NOT NULL"
        " AND sort_at BETWEEN datetime(:started_gte) AND datetime(:started_lte)",
    ),
    "tags any": ("by_tags", f"patient_id IN ({_HOLDERS.format(':tag_1, :tag_2')})"),
    "q rare": ("search", f"pk IN ({_FOUND})"),
}
_QUERIES = {
    name: {"sql": _PAGE.format(columns=", ".join(COLUMNS), where=where, limit=PAGE_SIZE)}
    for name, where in _STORED.values()
}
# The form in which Datasette takes stored queries.
METADATA = {"databases": {DATABASE_NAME: {"queries": _QUERIES}}}


def stored_path(name: str, params: Params) -> str:
    """Give the address of the stored query for a query's name, with its parameters."""
    tags = [value for param, value in params if param == "tags[]"]
    asked = {param: value for param, value in params if not param.startswith("tag")}
    asked |= {f"tag_{number}": tag for number, tag in enumerate(tags, 1)}
    return f"/{DATABASE_NAME}/{_STORED[name][0]}.json?{urlencode(asked | {'_shape': 'array'})}"


def table_path(params: Params) -> str:
    """Give the address of a page of the table, by Datasette's own filters."""
    tags = [value for name, value in params if name == "tags[]"]
    asked = [pair for name, value in params for pair in _table_params(name, value)]
    if tags:
        listed = ", ".join(f"'{tag}'" for tag in tags)
        asked.append(("_where", f"patient_id IN ({_HOLDERS.format(listed)})"))
    return f"/{DATABASE_NAME}/call.json?{urlencode([*asked, *TABLE_PARAMS])}"


def _table_params(name: str, value: str) -> Params:
    match name:
        case "started_gte" | "started_lte":
            bound = f"sort_at__{name.removeprefix('started_')}"
            text = value.replace("T", " ").removesuffix("Z")
            return (bound, f"{text}.000000"), ("started_at__notnull", "1")
        case "q":
            search = (("_search", f"{value}*"), ("_searchmode", "raw"))
            return (*search, ("_fts_table", "call_fts"), ("_fts_pk", "pk"))
        case "status" | "category":
            return ((name, value),)
    return ()
