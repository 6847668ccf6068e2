"""The list of calls: from arguments to one page and its total, both of one moment.

Time is divided into periods. A total is the sum of what its periods hold, each counted once and
remembered until a call of that period changes; a page is read in the periods that it lies in.
"""

from array import array
from typing import NamedTuple

from flask import Flask

from app.models.base import Page
from app.models.calls import FOREVER_MS, Selection, has_few_calls, listed_calls
from app.models.clock import clock
from app.models.engine import database
from app.remembered import Remembered
from app.services.filters import CALL_FILTERS, Args, conditions, one_of
from app.services.periods import Part, bounds, find_by_period

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


class Span(NamedTuple):
    """How many calls of a selection lie between two instants, and which, where they are few.

    `numbers` are in the list's order, oldest first.
    """

    begin: int
    end: int
    calls: int
    numbers: list[int] | None


def init_app(app: Flask) -> None:
    """Remember counts by period."""
    app.extensions["call_counts"] = Remembered(MAX_REMEMBERED_BYTES)
    # Those of all calls, in a place of their own: however much is searched, none pushes them out.
    app.extensions["plain_call_counts"] = Remembered(MAX_REMEMBERED_BYTES)


def list_calls(args: Args, columns: tuple[str, ...] = LISTED) -> Page:
    """Give columns of the calls of the page that the arguments of CallQueryArgsSchema ask for."""
    if "q" in args and not args["q"]:
        return Page([], 0)
    selection = Selection(conditions(CALL_FILTERS, args))
    with clock.running(), database.snapshot():
        spans = _spans(selection, args)
        numbers = _page_numbers(selection, spans, args)
        rows = listed_calls(numbers, columns) if numbers else []
    return Page(rows, sum(span.calls for span in spans))


def all_numbers(args: Args) -> "array[int]":
    """Give the numbers of all calls that filters ask for, in the order of the list."""
    if "q" in args and not args["q"]:
        return array("q")
    clock.begin_long_work()
    whole = {**args, "page": 1, "limit": FOREVER_MS}
    selection = Selection(conditions(CALL_FILTERS, args))
    with database.snapshot():
        return array("q", _page_numbers(selection, _spans(selection, whole), whole))


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
    begin, end = bounds(args)
    if "q" not in args and any(
        has_few_calls(name, key, FEW_OF_ONE) for name, key in one_of(args).items()
    ):
        numbers = selection.numbers(begin, end, limit=FEW_OF_ONE, oldest_first=True)
        return [Span(begin, end, len(numbers), numbers)]
    return _spans_by_period(selection, args)


def _spans_by_period(selection: Selection, args: Args) -> list[Span]:
    def look(part: Part) -> Span:
        if part.changed is None:
            return Span(part.begin, part.end, selection.count(part.begin, part.end), None)
        return _look(selection, part.begin, part.end)

    # All calls are counted where they are asked for, which takes 0.1 s at a million calls, once
    # since the start: else the first page would wait for its turn among the searches.
    return find_by_period("call_counts", "spans", args, look, _bytes, is_quick_of_all=True)


def _bytes(span: Span) -> int:
    """Give about how much memory a span takes."""
    return 200 + 40 * len(span.numbers or ())


def _look(selection: Selection, begin: int, end: int) -> Span:
    """Find out what of a selection lies between two instants, passing each call once."""
    earliest = selection.earliest(begin, end, FEW + 1)
    if len(earliest) <= FEW:
        return Span(begin, end, len(earliest), [number for number, _ in earliest])
    last = earliest[-1][1]
    before = sum(at < last for _, at in earliest)
    return Span(begin, end, before + selection.count(last, end), None)
