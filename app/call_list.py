"""The list of calls: from arguments to one page, its total and both in one snapshot."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

import apsw
import orjson
from flask import Flask, current_app, g
from peewee import SQL, Select, fn

from app import __version__
from app.database import database, revision, unindexed
from app.filters import Args, Selection, Shape, bind, select_calls, shape_of
from app.models.calls import Call, CallSearch, Cell
from app.remembered import Remembered
from app.schemas.pagination import MAX_LIMIT
from app.search import matching

Statement = tuple[str, list[Any]]

# Beyond this offset a walk along the list beats the sorted runs of many cells, and above this
# total it beats looking up each tag holder's calls.
MANY = 2_000
MAX_REMEMBERED_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list: its calls as JSON objects joined by commas, and the total."""

    calls: bytes
    total: int
    etag: str = ""


def init_app(app: Flask) -> None:
    """Keep statements by their shape, and answers until something changes."""
    with app.app_context():
        born = database.raw().execute("SELECT born FROM revision").get
    # What else than the database's content decides an answer.
    kind = f"{born}{__version__}{app.config['CLINIC_ORG_ID']}"
    app.extensions["call_etag"] = sha256(kind.encode()).hexdigest()[:12]
    app.extensions["call_queries"] = lru_cache(maxsize=1024)(CallQuery)
    app.extensions["call_pages"] = Remembered(MAX_REMEMBERED_BYTES)
    app.extensions["call_totals"] = Remembered(1_000)


def find_page(args: Args) -> Page:
    """Give the page of calls that the arguments of CallQueryArgsSchema ask for.

    A page is remembered until the next change of anything, whichever process makes it.
    """
    extensions = current_app.extensions
    pages: Remembered = extensions["call_pages"]
    key = tuple(args.items())
    page = pages.get(key, g.revision)
    if page is None:
        query: CallQuery = extensions["call_queries"](shape_of(args))
        with database.snapshot() as raw:
            number = revision()
            page = query.find(raw, args, extensions["call_totals"], number)
        page = replace(page, etag=f'W/"{extensions["call_etag"]}-{number}"')
        pages.put(key, number, page, len(page.calls) + 500)
    return page


class CallQuery:
    """What SQLite is asked for the arguments of one shape."""

    def __init__(self, shape: Shape) -> None:
        self.oldest_first = shape.sort == "started_at"
        self.selection = select_calls(shape)
        self.page_statements: dict[tuple[bool, bool, bool], Statement] = {}

    def find(self, raw: apsw.Connection, args: Args, totals: Remembered, number: int) -> Page:
        """Give the page; runs within one snapshot, of the database's revision `number`."""
        filters = tuple(item for item in args.items() if item[0] not in ("page", "limit", "sort"))
        total = totals.get(filters, number)
        if total is None:
            total = sum(
                sign * (raw.execute(sql, bind(params, args)).get or 0)
                for sign, (sql, params) in self._shortest_counts(raw, args)
            )
            totals.put(filters, number, total, 1)
        offset = (args["page"] - 1) * args["limit"]
        if offset >= total:
            return Page(b"", total)
        # The end of the list is reached from the end.
        limit = min(args["limit"], total - offset)
        backwards = offset > total // 2
        skipped = total - offset - limit if backwards else offset
        sql, params = self.page_statement(backwards, total <= MANY, skipped > MANY)
        org_id = orjson.dumps(current_app.config["CLINIC_ORG_ID"]).decode()
        values = (org_id, *bind(params, args), limit, skipped)
        return Page(raw.execute(sql, values).get, total)

    @cached_property
    def counts(self) -> list[tuple[int, Statement]]:
        """Give signed counts that add up to the total.

        What is excluded is counted and taken off: it is the smaller part.
        """
        selection = self.selection
        if selection.nothing:
            return []
        if selection.holders is None:
            return [(1, _count(selection, with_holders=False))]
        included = (1, _count(selection, with_holders=True))
        if not selection.excluded:
            return [included]
        return [(1, _count(selection, with_holders=False)), (-1, included[1])]

    @cached_property
    def outside_counts(self) -> list[tuple[int, Statement]]:
        """Give the counts that take off what lies outside of the one bound there is, if any."""
        selection = self.selection
        few = selection.searched or selection.calls or selection.holders is not None
        if few or len(selection.bounds) != 1:
            return []
        outside = Call.select(fn.COUNT(SQL("*"))).where(
            _in_cells(selection, indexed=True), selection.bounds[0].outside(Call.position)
        )
        return [(1, _sum_of_cells(selection)), (-1, outside.sql())]

    def _shortest_counts(self, raw: apsw.Connection, args: Args) -> list[tuple[int, Statement]]:
        if not self.outside_counts:
            return self.counts
        ends = raw.execute(_ENDS).fetchone()
        if ends is None or ends[0] is None:
            return self.counts
        larger = self.selection.bounds[0].leaves_most(args, (ends[0] + ends[1]) // 2)
        return self.outside_counts if larger else self.counts

    def page_statement(self, backwards: bool, few: bool, deep: bool) -> Statement:
        """Give the statement of a page, but for limit and offset.

        `few` says that the total is small, `deep` that many calls are skipped.
        """
        key = (backwards, few, deep)
        if key not in self.page_statements:
            self.page_statements[key] = self._make_page_statement(backwards, few, deep)
        return self.page_statements[key]

    def _make_page_statement(self, backwards: bool, few: bool, deep: bool) -> Statement:
        order = "ASC" if self.oldest_first else "DESC"
        if self.selection.is_everything and not (backwards or deep):
            plain = _AS_JSON.format(condition="+cell IS NOT NULL", order=order, limit="? OFFSET ?")
            return plain, []
        positions = _positions(self.selection, few=few, deep=deep)
        key = positions.selected_columns[0]
        rising = self.oldest_first != backwards
        sql, params = positions.order_by(key.asc() if rising else key.desc()).sql()
        condition = f"position IN ({sql} LIMIT ? OFFSET ?)"
        # The outer limit cuts nothing: with one, SQLite keeps the order of what it concatenates.
        return _AS_JSON.format(condition=condition, order=order, limit=MAX_LIMIT), params


def _count(selection: Selection, *, with_holders: bool) -> Statement:
    if not (selection.searched or selection.calls or selection.bounds or with_holders):
        return _sum_of_cells(selection)
    everything = fn.COUNT(SQL("*"))
    if selection.searched:
        return _searched(selection, everything, selection.holders if with_holders else None).sql()
    by_cell = not (selection.calls or with_holders)
    calls = Call.select(everything).where(
        _in_cells(selection, indexed=by_cell),
        *selection.calls,
        *(bound.inside(Call.position) for bound in selection.bounds),
    )
    return (calls.where(Call.patient_id.in_(selection.holders)) if with_holders else calls).sql()


def _sum_of_cells(selection: Selection) -> Statement:
    return Cell.select(fn.SUM(Cell.calls)).where(*selection.cells, SQL("1")).sql()


def _positions(selection: Selection, *, few: bool, deep: bool) -> Select:
    """Give the positions of all calls of a selection, to be ordered and cut to the page."""
    if selection.searched:
        return _searched(selection, CallSearch.rowid, selection.holders)
    by_cell = bool(selection.cells) and selection.holders is None and not selection.calls
    position = unindexed(Call.position) if deep else Call.position
    calls = Call.select(Call.position).where(
        _in_cells(selection, indexed=by_cell and not deep),
        *selection.calls,
        *(bound.inside(position) for bound in selection.bounds),
    )
    if selection.holders is None:
        return calls
    patient_id = Call.patient_id if few and not selection.excluded else unindexed(Call.patient_id)
    if not selection.excluded:
        return calls.where(patient_id.in_(selection.holders))
    return calls.where(Call.patient_id.is_null() | patient_id.not_in(selection.holders))


def _in_cells(selection: Selection, *, indexed: bool) -> Any:
    cell = Call.cell if indexed else unindexed(Call.cell)
    if not selection.cells:
        return cell.is_null(False)
    return cell.in_(Cell.select(Cell.id).where(*selection.cells))


def _searched(selection: Selection, column: Any, holders: Select | None) -> Select:
    """Select from the full-text index, where words and cells meet; the rest is held against it."""
    terms = selection.terms

    def expression(args: Args) -> str:
        return " AND ".join(term(args) for term in terms)

    match = matching(CallSearch, expression, *selection.values)
    bounds = (bound.inside(CallSearch.rowid) for bound in selection.bounds)
    found = CallSearch.select(column).where(match, *bounds)
    # Never looked up in the full-text index one by one: that took minutes at a million calls.
    rowid = unindexed(CallSearch.rowid)
    if selection.calls:
        found = found.where(rowid.in_(Call.select(Call.position).where(*selection.calls)))
    if holders is not None:
        held = Call.select(Call.position).where(Call.patient_id.in_(holders))
        excluded = selection.excluded and column is CallSearch.rowid
        found = found.where(rowid.not_in(held) if excluded else rowid.in_(held))
    return found


_ENDS = "SELECT (SELECT min(position) FROM call), (SELECT max(position) FROM call)"

# A page is one step of SQLite, which holds no lock of Python's while it runs: rows fetched one by
# one would take and give it up for each.
_AS_JSON = """
SELECT CAST(group_concat(item, ',') AS BLOB) FROM (
    SELECT '{{"id":"' || id || '","org_id":' || ? || ',' || wire AS item
    FROM call WHERE {condition} ORDER BY position {order} LIMIT {limit}
)
"""
