"""The list of calls: from arguments to one page and its total, both of one moment.

Time is divided into periods. A total is the sum of what its periods hold, each counted once and
remembered until a call of that period changes; a page is read in the periods that it lies in.
"""

from typing import NamedTuple

from flask import Flask, current_app

from app.models.base import Page
from app.models.calls import (
    FOREVER_MS,
    PERIOD_MS,
    Selection,
    has_few_calls,
    listed_calls,
    period_changes,
    period_of,
)
from app.models.engine import database, revision
from app.remembered import Remembered
from app.services.filters import CALL_FILTERS, Args, conditions, one_of

# What a row of the list holds, besides the clinic's id.
LISTED = (
    *("id", "created_at", "assistant_id", "phone_number_id", "type", "started_at", "ended_at"),
    *("summary", "customer_number", "status", "category", "duration_min", "patient_id"),
    *("language", "sessions_scheduled"),
)
MAX_REMEMBERED_BYTES = 8_000_000
# So few calls of a period are remembered themselves, not their count alone: a page of what few
# calls meet spans many periods, and looking into each again would take the longest.
FEW = 50
# A patient or a number of no more calls than this is not divided into periods.
FEW_OF_ONE = 250

# Counts are remembered whatever the revision: each holds that of its own period.
_COUNTS = 0
_BOUNDS = ("started_gte", "started_lte")


class Span(NamedTuple):
    """How many calls of a selection lie between two instants, and which, where they are few.

    `numbers` are in the list's order, oldest first; `changed` is the revision that last changed
    the period.
    """

    begin: int
    end: int
    calls: int
    numbers: list[int] | None
    changed: int = 0


def init_app(app: Flask) -> None:
    """Remember counts by period, and the periods as of the last revision."""
    app.extensions["call_counts"] = Remembered(MAX_REMEMBERED_BYTES)
    app.extensions["call_periods"] = Remembered(MAX_REMEMBERED_BYTES)


def list_calls(args: Args, columns: tuple[str, ...] = LISTED) -> Page:
    """Give columns of the calls of the page that the arguments of CallQueryArgsSchema ask for."""
    if "q" in args and not args["q"]:
        return Page([], 0)
    selection = Selection(conditions(CALL_FILTERS, args))
    with database.snapshot():
        spans = _spans(selection, args)
        numbers = _page_numbers(selection, spans, args)
        rows = listed_calls(numbers, columns) if numbers else []
    return Page(rows, sum(span.calls for span in spans))


def count_calls(args: Args) -> int:
    """Count the calls that filters ask for. Runs within a snapshot."""
    args = {"tag_filter_mode": "any", **args}
    return sum(span.calls for span in _spans(Selection(conditions(CALL_FILTERS, args)), args))


def _page_numbers(selection: Selection, spans: list[Span], args: Args) -> list[int]:
    """Give the numbers of the calls of a page, in its order."""
    oldest_first = args["sort"] == "started_at"
    skipped, wanted = (args["page"] - 1) * args["limit"], args["limit"]
    numbers: list[int] = []
    for span in spans if oldest_first else reversed(spans):
        if skipped >= span.calls:
            skipped -= span.calls
            continue
        if span.numbers is None:
            numbers += selection.numbers(
                span.begin, span.end, limit=wanted, offset=skipped, oldest_first=oldest_first
            )
        else:
            ordered = span.numbers if oldest_first else span.numbers[::-1]
            numbers += ordered[skipped : skipped + wanted]
        skipped, wanted = 0, args["limit"] - len(numbers)
        if not wanted:
            break
    return numbers


def _spans(selection: Selection, args: Args) -> list[Span]:
    """Give the spans of time that the selected calls lie in, oldest first."""
    begin, end = args.get("started_gte", 0), args.get("started_lte", FOREVER_MS - 1) + 1
    if "q" not in args and any(
        has_few_calls(name, key, FEW_OF_ONE) for name, key in one_of(args).items()
    ):
        numbers = selection.numbers(begin, end, limit=FEW_OF_ONE, oldest_first=True)
        return [Span(begin, end, len(numbers), numbers)]
    return _spans_by_period(selection, args, begin, end)


def _spans_by_period(selection: Selection, args: Args, begin: int, end: int) -> list[Span]:
    counts: Remembered = current_app.extensions["call_counts"]
    filters = tuple(item for item in args.items() if item[0] in CALL_FILTERS.keys() - _BOUNDS)
    key = (filters, args["tag_filter_mode"], args.keys().isdisjoint(_BOUNDS))
    known: dict[int, Span] = counts.get(key, _COUNTS) or {}
    fresh: dict[int, Span] = {}
    spans = []
    first, last = period_of(begin), period_of(end - 1)
    for period, changed in _periods().items():
        if not first <= period <= last:
            continue
        low, high = period * PERIOD_MS, (period + 1) * PERIOD_MS
        if low < begin or high > end:
            low, high = max(low, begin), min(high, end)
            spans.append(Span(low, high, selection.count(low, high), None))
            continue
        span = known.get(period)
        if span is None or span.changed != changed:
            span = fresh[period] = _look(selection, low, high, changed)
        spans.append(span)
    if fresh:
        fresh = known | fresh
        counts.put(key, _COUNTS, fresh, sum(map(_bytes, fresh.values())))
    return spans


def _bytes(span: Span) -> int:
    """Give about how much memory a span takes."""
    return 200 + 40 * len(span.numbers or ())


def _look(selection: Selection, begin: int, end: int, changed: int) -> Span:
    """Find out what of a selection lies between two instants, passing each call once."""
    earliest = selection.earliest(begin, end, FEW + 1)
    if len(earliest) <= FEW:
        return Span(begin, end, len(earliest), [number for number, _ in earliest], changed)
    last = earliest[-1][1]
    before = sum(at < last for _, at in earliest)
    return Span(begin, end, before + selection.count(last, end), None, changed)


def _periods() -> dict[int, int]:
    """Give the periods that hold calls, in order, each with the revision of its last change."""
    remembered: Remembered = current_app.extensions["call_periods"]
    number = revision()
    found: dict[int, int] | None = remembered.get("all", number)
    if found is None:
        found = period_changes()
        remembered.put("all", number, found, 150 * len(found))
    return found
