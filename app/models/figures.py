"""Sums of calls: what SQLite adds up, group by group."""

from collections.abc import Iterator
from typing import Any

import orjson

from app.models.calls import Call, Selection

_MINUTES = "(max(done_at - sort_at, 0) / 60000)"
# What calls are grouped by, on the clinic's clock, which is so many ms ahead. A week of quarters of
# an hour begins on a Thursday, as 1970 does. Waits are whole minutes below two hours, then tens of
# minutes, from a day on hours.
_KEYS = {
    "all": "NULL",
    "day": "(sort_at + {ahead}) / 86400000",
    "hour": "(sort_at + {ahead}) / 3600000 % 24",
    "quarter": "(sort_at + {ahead}) / 900000 % 672",
    **{name: name for name in ("category", "status", "type", "assistant_id", "language")},
    "category_status": "category, status",
    "wait": f"min(attempts, 9), CASE WHEN {_MINUTES} < 120 THEN {_MINUTES}"
    f" WHEN {_MINUTES} < 1440 THEN {_MINUTES} / 10 * 10 ELSE {_MINUTES} / 60 * 60 END",
}
_COUNTED = ("quarter", "category_status", "wait")
# Whole numbers, hundredths and millionths as they are kept: floats would add up to something else
# in each order. The index of the list holds them in these words.
_SUMS = (
    "count(*), ifnull(sum(CAST(round(duration_min * 100) AS INTEGER)), 0),"
    " ifnull(sum(CAST(round(cost_usd * 1000000) AS INTEGER)), 0),"
    " ifnull(sum(sessions_scheduled), 0)"
)
# The whole weeks that an instant before 1970 in the clinic's zone is moved by: division of SQLite's
# rounds towards zero.
_WEEK_DAYS = 7
_WEEK_MS = _WEEK_DAYS * 86_400_000


class CallSums(Selection):
    """The calls that meet some conditions, added up by a key between two instants."""

    columns = (
        *(Call.sort_at, Call.category, Call.status, Call.type, Call.assistant_id, Call.language),
        *(Call.duration_min, Call.cost_usd, Call.sessions_scheduled, Call.done_at, Call.attempts),
    )

    def rows(self, by: str, begin: int, end: int, ahead: int) -> str:
        """Give rows as JSON, one after another: the key, then the number of calls, mostly all sums.

        The sums are hundredths of a minute, millionths of a dollar, and sessions.
        """
        key = _KEYS[by].format(ahead=ahead + _WEEK_MS)
        what = "count(*)" if by in _COUNTED else _SUMS
        row = f"trim(json_array({key}, {what}), '[]')"
        text = f"SELECT {row} AS added FROM ({self.text}) GROUP BY {key}"
        return str(self._ask("ifnull(group_concat(added), '')", text, begin, end))


def read_rows(by: str, texts: list[str]) -> Iterator[tuple[Any, ...]]:
    """Give what `rows` has given; a day is one counted from 1970."""
    # Read as one list, without a list for each row: Python would look through them all for garbage.
    values = iter(orjson.loads(f"[{','.join(filter(None, texts))}]"))
    of_key = 2 if by in ("category_status", "wait") else 1
    rows = zip(*[values] * (of_key + (1 if by in _COUNTED else 4)), strict=True)
    if by == "day":
        return ((day - _WEEK_DAYS, *sums) for day, *sums in rows)
    return rows


DONE = (Call.done_at.is_null(False),)
