"""The filters of a list: as a form, as chips that take them away, as addresses that keep them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request, url_for

from app.instants import now_ms
from app.models.base import Row
from app.problems import Problem
from app.reading import parse_query
from app.schemas.base import RequestSchema
from app.schemas.calls import CATEGORIES, STATUSES
from app.services.figures import count_kinds
from app.services.patients import patients
from app.services.tags import tags
from app.web.faults import fault_words
from app.web.forms import SECRET
from app.web.showing import STATUS_WORDS, TYPE_WORDS, about, at, day_words, number

RARE = ("customer_number", "sessions_scheduled_min", "type", "assistant_id", "sort", "tags[]")
MODES = {
    "any": "any of these",
    "all": "all of these",
    "exclude_any": "none of these",
    "exclude_all": "not all of these",
}


class Asked:
    """What a query says, as it was written: pairs of name and text, without blank ones."""

    def __init__(self, query: bytes) -> None:
        pairs = parse_qsl(query.decode("utf-8", "replace"))
        self.pairs = [("tags[]" if n == "tags" else n, v) for n, v in pairs if v.strip()]
        self.values = dict(self.pairs)

    def __getattr__(self, name: str) -> str | None:
        return self.values.get(name)

    def without(self, names: Iterable[str], **changes: Any) -> dict[str, list[str]]:
        """Give the pairs but for some, for an address."""
        kept = [pair for pair in self.pairs if pair[0] not in {*names, *changes, "page"}]
        found: dict[str, list[str]] = {}
        for name, value in [*kept, *changes.items()]:
            found.setdefault(name, []).append(value)
        return found

    def address(self, endpoint: str, *names: str, **changes: Any) -> str:
        """Give the address of a page with the same filters but for some."""
        query = urlencode(self.without(names, **changes), doseq=True)
        return url_for(endpoint) + (f"?{query}" if query else "")


# What the page after an action says, and what a list of patients is for, are no filters.
_OURS = {"said", "act", "for_call"}


def read_pairs(schema: type[RequestSchema]) -> tuple[Row, Asked]:
    """Give the filters of a request, in its address or from the script, and as they were written.

    Raises Problem in the words of the page.
    """
    text = request.get_data() if request.method == "POST" else request.query_string
    pairs = [pair for pair in text.split(b"&") if _name(pair) not in _OURS]
    query = b"&".join(pairs)
    try:
        return parse_query(schema, query), Asked(query)
    except Problem as problem:
        raise Problem("invalid_field", fault_words(problem)) from None


def _name(pair: bytes) -> str:
    return pair.partition(b"=")[0].decode("ascii", "replace")


def describe(args: Mapping[str, Any], asked: Asked) -> Row:
    """Give what the page of all calls shows of its filters."""
    listed = "calls.show_list"
    return {
        "numbers": _numbers(args),
        "chips": [(words, asked.address(listed, *names)) for names, words in _chips(args, asked)],
        "days": [
            (words, asked.address(listed, started_gte=first, started_lte=last))
            for words, first, last in _days()
        ],
        "kinds": tuple(TYPE_WORDS),
        "modes": MODES.items(),
        "rare": any(name in asked.values for name in RARE),
        "kept": asked.address(listed, *SECRET),
        "figures": asked.address("figures.show", "sort", "limit"),
        "csv": asked.address("calls.download", "sort", "limit"),
        "address": lambda page: asked.address(listed, page=page),
    }


def _numbers(args: Mapping[str, Any]) -> dict[str, list[tuple[str, int]]]:
    """Give how many calls each status and each category would leave, beside all other filters."""
    others = {name: value for name, value in args.items() if name not in ("status", "category")}
    counts = count_kinds(others)
    numbers = {name: Counter[str | None]() for name in ("category", "status")}
    for (category, status), calls in counts.items():
        if args.get("status") in (None, status):
            numbers["category"][category] += calls
        if args.get("category") in (None, category):
            numbers["status"][status] += calls
    return {
        "category": [(name, numbers["category"][name]) for name in CATEGORIES],
        "status": [(name, numbers["status"][name]) for name in STATUSES],
    }


def _days() -> list[tuple[str, date, date]]:
    today = at(now_ms()).date()
    yesterday = today - timedelta(days=1)
    return [
        ("Today", today, today),
        ("Yesterday", yesterday, yesterday),
        ("This week", today - timedelta(days=today.weekday()), today),
    ]


def _chips(args: Mapping[str, Any], asked: Asked) -> Iterable[tuple[tuple[str, ...], str]]:
    """Give the filters that are on, in words, each with the names that take it away."""
    given = asked.values
    bounds = ("started_gte", "started_lte")
    if any(name in given for name in bounds):
        yield bounds, _range(given.get("started_gte"), given.get("started_lte"))
    for name, words in _WORDS.items():
        if name in given:
            yield (name,), words(given[name])
    if args["tags"]:
        names = tags.names(args["tags"]) or ["a tag that is no more"]
        yield ("tags[]", "tag_filter_mode"), f"{MODES[args['tag_filter_mode']]}: {', '.join(names)}"


_WORDS: dict[str, Callable[[str], str]] = {
    "q": lambda text: f"“{text}”",
    "status": lambda value: STATUS_WORDS[value.strip()],
    "category": lambda value: about(value.strip()),
    "customer_number": lambda text: number(text.strip()),
    "patient_id": lambda value: _patient(value.strip()),
    "type": lambda value: TYPE_WORDS.get(value, value),
    "assistant_id": lambda value: f"Assistant {value}",
    "sessions_scheduled_min": lambda value: f"At least {value} booked",
    "sort": lambda value: "Oldest first" if value == "started_at" else "Newest first",
}


def _patient(patient_id: str) -> str:
    row = patients.find(patient_id)
    return f"{row['first_name']} {row['last_name']}".strip() if row else "One patient"


def _range(first: str | None, last: str | None) -> str:
    for words, begin, end in _days():
        if (first, last) == (str(begin), str(end)):
            return words
    if first and first == last:
        return _day(first)
    begins = f"from {_day(first)} " if first else ""
    words = (begins + (f"to {_day(last)}" if last else "")).strip()
    return words[:1].upper() + words[1:]


def _day(text: str) -> str:
    try:
        return day_words(date.fromisoformat(text.strip()))
    except ValueError:
        return text.strip()
