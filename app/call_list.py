"""The list of calls: from arguments to one page, its total and both in one snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from flask import Flask, current_app
from peewee import SQL, fn

from app.database import database
from app.filters import where
from app.models.calls import Call


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list: its calls as JSON objects joined by commas, and the total."""

    calls: bytes
    total: int


@dataclass(frozen=True, slots=True)
class Statements:
    """What SQLite is asked for one set of arguments."""

    total: tuple[str, list[Any]]
    page: tuple[str, list[Any]]


def init_app(app: Flask) -> None:
    """Keep the statements of recent arguments: the same arguments make the same statements."""
    app.extensions["list_statements"] = lru_cache(maxsize=1024)(_statements)


def find_page(args: Mapping[str, Any]) -> Page:
    """Give the page of calls that the arguments of CallQueryArgsSchema ask for."""
    statements = current_app.extensions["list_statements"](tuple(args.items()))
    with database.snapshot() as raw:
        total = raw.execute(*statements.total).get
        calls = raw.execute(*statements.page).get
    return Page(calls or b"", total)


def _statements(items: tuple[tuple[str, Any], ...]) -> Statements:
    args = dict(items)
    condition = where(args)
    order = Call.position.asc() if args["sort"] == "started_at" else Call.position.desc()
    total = Call.select(fn.COUNT(SQL("*"))).where(condition)
    page = (
        Call.select(Call.id, Call.wire)
        .where(condition)
        .order_by(order)
        .limit(args["limit"])
        .offset((args["page"] - 1) * args["limit"])
    )
    page_sql, page_params = page.sql()
    org_id = orjson.dumps(current_app.config["CLINIC_ORG_ID"]).decode()
    return Statements(total.sql(), (_AS_JSON.format(page_sql), [org_id, *page_params]))


# A page is one step of SQLite, which holds no lock of Python's while it runs: rows fetched one by
# one would take and give it up for each.
_AS_JSON = (
    "SELECT CAST(group_concat('{{\"id\":\"' || id || '\",\"org_id\":' || ? || ',' || wire, ',')"
    " AS BLOB) FROM ({})"
)
