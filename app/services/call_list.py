"""The list of calls: from arguments to one page, its total and both in one snapshot.

Time is divided into periods. A total is the sum of what its periods hold, each counted once and
remembered until a call of that period changes; a page is read in the periods that it lies in.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import apsw
import orjson
from flask import Flask, current_app, g
from peewee import SQL, Select, fn

from app.models.calls import PERIOD, Call, CallSearch, Cell, Period, period_of
from app.models.engine import database, revision, unindexed
from app.remembered import Remembered
from app.routes.pagination import pagination
from app.schemas.pagination import MAX_LIMIT
from app.services.filters import Args, Selection, Shape, bind, given, select_calls, shape_of
from app.version import VERSION
from app.words import IN_PERIOD, matching, period_mark

MAX_REMEMBERED_BYTES = 8_000_000
MAX_REMEMBERED_COUNTS = 50_000

# Counts are remembered whatever the revision: each holds that of its own period.
COUNTS = 0
# Stands for all of time, where a selection is small enough not to be divided.
EVER = -1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list as JSON, the total, and what stands for both in an ETag."""

    body: bytes
    total: int
    etag: str


class Count(NamedTuple):
    """How many calls of a period are selected, as of the revision that last changed it."""

    changed: int
    calls: int


class Statement(NamedTuple):
    """SQL and its parameters, values or functions of the arguments."""

    sql: str
    params: list[Any]

    def run(self, raw: apsw.Connection, args: Args, *more: Any) -> Any:
        """Give the one value of the one row that it finds; `more` follows the parameters."""
        return raw.execute(self.sql, (*bind(self.params, args), *more)).get


def init_app(app: Flask) -> None:
    """Keep statements by their shape, and answers until something changes."""
    with app.app_context():
        born = database.raw().execute("SELECT born FROM revision").get
    # What else than the database's content decides an answer.
    kind = f"{born}{VERSION}{app.config['CLINIC_ORG_ID']}"
    app.extensions["call_etag"] = sha256(kind.encode()).hexdigest()[:12]
    app.extensions["call_queries"] = lru_cache(maxsize=1024)(CallQuery)
    app.extensions["call_pages"] = Remembered(MAX_REMEMBERED_BYTES)
    app.extensions["call_counts"] = Remembered(MAX_REMEMBERED_COUNTS)


def find_page(args: Args) -> Page:
    """Give the page of calls that the arguments of CallQueryArgsSchema ask for.

    A page is remembered until the next change of anything, whichever process makes it.
    """
    extensions = current_app.extensions
    pages: Remembered = extensions["call_pages"]
    key = tuple(args.items())

    def make() -> Page:
        query: CallQuery = extensions["call_queries"](shape_of(args))
        with database.snapshot() as raw:
            number = revision()
            calls, total = query.find(raw, args, extensions["call_counts"], number)
        place = pagination(args["page"], args["limit"], total)
        body = b'{"data":[%b],"pagination":%b}' % (calls, orjson.dumps(place))
        page = Page(body, total, f'W/"{extensions["call_etag"]}-{number}"')
        pages.put(key, number, page, len(body) + 500)
        return page

    found: Page = pages.get_or_make(key, g.revision, make)
    return found


class CallQuery:
    """What SQLite is asked for the arguments of one shape."""

    def __init__(self, shape: Shape) -> None:
        self.oldest_first = shape.sort == "started_at"
        self.selection = select_calls(shape)
        # So few calls meet such a condition that time need not be divided.
        self.is_divided = self.selection.searched or not self.selection.calls

    def find(
        self, raw: apsw.Connection, args: Args, remembered: Remembered, number: int
    ) -> tuple[bytes, int]:
        """Give a page and the total; runs in one snapshot, of the database's revision `number`."""
        if self.selection.nothing:
            return b"", 0
        args = self.prepare(args)
        counts = self._counts(raw, args, remembered, number)
        held = sorted(counts.items(), reverse=not self.oldest_first)
        skipped, wanted = (args["page"] - 1) * args["limit"], args["limit"]
        parts = []
        for period, (_, calls) in held:
            taken = min(wanted, calls - skipped)
            if taken > 0:
                at = in_period(args, period)
                parts.append(self.page.run(raw, at, taken, skipped))
                wanted -= taken
            skipped = max(0, skipped - calls)
        return b",".join(parts), sum(calls for _, (_, calls) in held)

    def prepare(self, args: Args) -> Args:
        """Add what follows from the arguments as the database is now."""
        if not self.selection.searched:
            return args
        return {**args, "expression": self.selection.expression(args)}

    def _counts(
        self, raw: apsw.Connection, args: Args, remembered: Remembered, number: int
    ) -> dict[int, Count]:
        """Give the number of selected calls in each period that may hold any."""
        periods = [(EVER, number)]
        if self.is_divided:
            sql, params = self.periods
            found = raw.execute(sql, bind(params, args))
            periods = [(int(period), int(changed)) for period, changed in found]
        key = tuple(item for item in args.items() if item[0] not in ("page", "limit", "sort"))
        known: dict[int, Count] = remembered.get(key, COUNTS) or {}
        fresh = {
            period: known[period]
            for period, changed in periods
            if period in known and known[period].changed == changed
        }
        if len(fresh) < len(periods):
            stale = dict(found for found in periods if found[0] not in fresh)
            calls = self._count(raw, args, list(stale))
            fresh |= {period: Count(stale[period], calls.get(period, 0)) for period in stale}
            remembered.put(key, COUNTS, fresh, len(fresh))
        return fresh

    def _count(self, raw: apsw.Connection, args: Args, periods: list[int]) -> dict[int, int]:
        if self.selection.searched or not self.is_divided:
            return {period: self.total.run(raw, in_period(args, period)) for period in periods}
        # Only where a bound cuts a period, its calls are counted one by one.
        cut = {period_of(bound.position(args)) for bound in self.selection.bounds}
        found = {
            period: self.total.run(raw, in_period(args, period))
            for period in periods
            if period in cut
        }
        whole = [period for period in periods if period not in cut]
        if whole:
            cells, params = self.cells
            values = (*bind(params, args), whole[0], whole[-1])
            found |= {int(period): int(calls) for period, calls in raw.execute(cells, values)}
        return found

    @cached_property
    def periods(self) -> Statement:
        """Give the statement of the periods that the bounds leave, with their last changes."""
        ends = (bound.period(Period.number) for bound in self.selection.bounds)
        periods = Period.select(Period.number, Period.changed).where(SQL("1"), *ends)
        return Statement(*periods.order_by(Period.number).sql())

    @cached_property
    def total(self) -> Statement:
        """Give the statement that counts the selected calls of a period."""
        return Statement(*self._select(fn.COUNT(SQL("*"))).sql())

    @cached_property
    def cells(self) -> Statement:
        """Give the statement that counts by cells the calls of each period in a range."""
        counts = Cell.select(Cell.period, fn.SUM(Cell.calls)).where(*self.selection.cells, SQL("1"))
        sql, params = counts.sql()
        return Statement(f"{sql} AND period BETWEEN ? AND ? GROUP BY period", params)

    @cached_property
    def page(self) -> Statement:
        """Give the statement of a part of a page, which lies in one period."""
        key = CallSearch.rowid if self.selection.searched else Call.position
        ordered = self._select(key).order_by(key.asc() if self.oldest_first else key.desc())
        positions, params = ordered.sql()
        order = "ASC" if self.oldest_first else "DESC"
        return Statement(_AS_JSON.format(positions=positions, order=order), [_org_id, *params])

    def _select(self, column: Any) -> Select:
        """Select from the calls of a period, by the way that finds them fastest."""
        selection = self.selection
        if selection.searched:
            return _searched(selection, column)
        calls = Call.select(column)
        bounds = (bound.inside(Call.position) for bound in selection.bounds)
        if selection.calls:
            calls = calls.join(Cell, on=(Call.cell == Cell.id))
            return calls.where(*selection.calls, *selection.cells, *bounds)
        if selection.cells:
            cells = Cell.select(Cell.id).where(Cell.period == _PERIOD, *selection.cells)
            return calls.where(Call.cell.in_(cells), *bounds)
        return calls.where(Call.cell.is_null(False), Call.position >= _LOW, Call.position < _HIGH)


def _searched(selection: Selection, column: Any) -> Select:
    """Select from the full-text index, where words, tags and cells meet."""
    bounds = (bound.inside(CallSearch.rowid) for bound in selection.bounds)
    found = CallSearch.select(column).where(matching(CallSearch, _EXPRESSION), *bounds)
    if selection.calls:
        # Never looked up in the full-text index one by one: that took minutes at a million calls.
        few = Call.select(Call.position).where(*selection.calls)
        found = found.where(unindexed(CallSearch.rowid).in_(few))
    return found


def in_period(args: Args, period: int) -> Args:
    """Give the arguments and what depends on the period, for statements to be bound to."""
    at = {**args, "period": period}
    if "expression" in args:
        at["expression"] = args["expression"].replace(IN_PERIOD, period_mark(period))
    return at


def _org_id(_: Args) -> str:
    return orjson.dumps(current_app.config["CLINIC_ORG_ID"]).decode()


_PERIOD = given(lambda at: at["period"])
_LOW = given(lambda at: at["period"] * PERIOD)
_HIGH = given(lambda at: (at["period"] + 1) * PERIOD)
_EXPRESSION = given(lambda at: at["expression"])

# A page is one step of SQLite, which holds no lock of Python's while it runs: rows fetched one by
# one would take and give it up for each. The outer limit cuts nothing: with one, SQLite keeps the
# order of what it concatenates.
_AS_JSON = f"""
SELECT CAST(group_concat(item, ',') AS BLOB) FROM (
    SELECT '{{{{"id":"' || id || '","org_id":' || ? || ',' || wire AS item
    FROM call WHERE position IN ({{positions}} LIMIT ? OFFSET ?)
    ORDER BY position {{order}} LIMIT {MAX_LIMIT}
)
"""
