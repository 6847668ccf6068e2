"""Copying calls from another API that answers like this one, while calls come and go there."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import marshmallow as ma

from app.languages import to_language_name
from app.models.engine import in_short_transactions
from app.problems import Problem
from app.schemas.base import load
from app.schemas.calls import CallDetailSchema
from app.services.calls import calls
from app.services.drafts import PERSON, Draft
from app.transfer.resources import settle_old
from app.transfer.source import Page, PullError, Source
from app.transfer.storing import Report

Row = dict[str, Any]

# The source's word counts for more than any event's, and for less than a person's here.
SOURCE_RANK = 8

MOST_ROWS = 100
LEAST_ROWS = 50
# Each page begins so many calls before the end of the last one: calls that are deleted at the
# source between two requests move all later ones forward, and none must be passed over.
OVERLAP = 10
MOST_STEPS_BACK = 20


@dataclass(slots=True)
class PullReport(Report):
    """What a pull did; `bad` says of calls that could not be taken where they stood, and why."""

    added: int = 0
    changed: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How many more calls were looked at, and how many the source has."""

    looked_at: int
    total: int


def pull(
    source: Source, report: PullReport, *, done_before: int | None = None
) -> Iterator[Progress]:
    """Copy the calls of a source, newest first; yields after each page. Raises PullError.

    Open calls of before `done_before`, an instant, come in as done. What was copied stays when it
    stops midway; another pull then ends in the same state.
    """
    pages = 0
    for page, rows in _overlapping(source):
        _store(page, rows, report, done_before)
        yield Progress(len(rows), page.total)
        pages += 1
    if pages > 1:
        _pull_arrivals(source, report, done_before)


def _pull_arrivals(source: Source, report: PullReport, done_before: int | None) -> None:
    """Copy what has come in meanwhile at the newest end, until a page brings nothing new."""
    for page, rows in _overlapping(source):
        news = PullReport()
        _store(page, rows, news, done_before)
        report.added += news.added
        report.changed += news.changed
        if not news.added + news.changed:
            return


def _overlapping(source: Source) -> Iterator[tuple[Page, list[Row]]]:
    """Give pages that overlap, each with those of its rows that the last one did not have."""
    end = steps_back = 0
    last: set[str] = set()
    seen, moved_at = set[int](), time.monotonic()
    while True:
        page = source.page(*_next_page(end))
        rows = {_key(row): row for row in page.rows}
        known = len(seen)
        seen.update(map(hash, rows))  # the ids would take twice the memory
        beyond = page.number * page.limit >= page.total
        if len(seen) > known:
            moved_at = time.monotonic()
        elif page.has_more and (beyond or time.monotonic() - moved_at > source.longest_s):
            raise PullError(f"{source.host} gives the same calls again and again.")
        if page.number > 1 and last.isdisjoint(rows):
            # More calls have gone than the pages overlap: back, each time twice as far.
            steps_back += 1
            if steps_back > MOST_STEPS_BACK:
                raise PullError("The order of the calls there keeps changing; try again later.")
            end = max(0, end - LEAST_ROWS * 2**steps_back)
            continue
        yield page, [row for key, row in rows.items() if key not in last]
        if not page.has_more:
            return
        last = set(rows)
        end = page.number * page.limit


def _next_page(end: int) -> tuple[int, int]:
    """Give number and limit of the page that overlaps the first `end` calls and reaches furthest.

    Pages begin at multiples of their limit: among the limits from 50 to 100 there is always one
    whose page begins early enough and still brings 40 calls more.
    """
    begin = max(0, end - OVERLAP)
    pages = [(begin // limit + 1, limit) for limit in range(LEAST_ROWS, MOST_ROWS + 1)]
    return max(pages, key=lambda page: page[0] * page[1])


def _key(row: Row) -> str:
    """Give what tells a row of the source from the others."""
    call_id = row.get("id")
    # Lists and objects are in no call; they may be nested deeper than Python can write.
    plain = [value for value in row.values() if not isinstance(value, list | dict)]
    return call_id if isinstance(call_id, str) else sha256(repr(plain).encode()).hexdigest()


def _store(page: Page, rows: list[Row], report: PullReport, done_before: int | None) -> None:
    """Write rows in short transactions, and count what became of them."""

    def record(draft: Draft) -> None:
        outcome = calls.record_draft(draft)
        report.added += outcome == "created"
        report.changed += outcome == "updated"
        report.skipped += outcome in ("unchanged", "ignored")

    # Read before the first transaction, which would hold up webhooks meanwhile.
    drafts = list(_drafts(page, rows, report, done_before))
    for _ in in_short_transactions(iter(drafts), record):
        pass


def _drafts(
    page: Page, rows: list[Row], report: PullReport, done_before: int | None
) -> Iterator[Draft]:
    """Read rows; of those that are not valid the place and the reason are reported, no content."""
    for row in rows:
        # What is null there is unknown there: it erases nothing here.
        known = {name: value for name, value in row.items() if value is not None}
        # A word that is no language here (`multi`) is unknown too, and hides no call.
        if not to_language_name(str(known.get("language"))):
            known.pop("language", None)
        try:
            values = load(_SCHEMA, known)
        except Problem as error:
            where = f"page={page.number}&limit={page.limit}, {_name_of(row)}"
            report.add_bad(where, error.message or "is not valid.")
        else:
            settled = settle_old(values, done_before)
            # Whoever asks for it has decided: the next pull opens nothing again.
            ranks = {"status": PERSON} if settled != values else {}
            yield Draft(settled.pop("id"), settled, rank=SOURCE_RANK, ranks=ranks)


def _name_of(row: Row) -> str:
    call_id = row.get("id")
    if isinstance(call_id, str) and re.fullmatch(r"[\w.:-]{1,64}", call_id, re.ASCII):
        return f"call {call_id}"
    return "a call without a readable id"


# Only what says something of the call itself; a source may give more than the sixteen keys.
_OWN = {"org_id", "updated_at", "version", "assignee", "due_at", "attempts"}
_FIELDS = tuple(name for name in CallDetailSchema().fields if name != "id")
_SCHEMA = CallDetailSchema(unknown=ma.EXCLUDE, exclude=_OWN, partial=_FIELDS)
