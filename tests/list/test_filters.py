"""The filters of the list, each counted by hand: query string and the calls that it finds.

The oracle answers here; `test_oracle.py` holds the service to the oracle, query by query.
"""

from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest

from tests.support.oracle import EPOCH, Oracle, day_bounds, milliseconds

Call = dict[str, Any]


def small_call(id: str, started: str | None, **fields: Any) -> Call:
    names = ("assistant_id", "type", "summary", "notes", "transcript", "customer_number")
    empty = dict.fromkeys((*names, "category", "patient_id", "sessions_scheduled"))
    created = started or "2025-01-11T00:00:00Z"
    return {**empty, "id": id, "created_at": created, "started_at": started, **fields}


SMALL_CALLS = [
    small_call(
        "a",
        "2025-01-10T10:00:00Z",
        summary="Asked to reschedule; follow-up on Monday.",
        customer_number="+12125550123",
        patient_id="p1",
        status="done",
        category="billing",
        type="inboundPhoneCall",
        sessions_scheduled=2,
    ),
    small_call(
        "b",
        "2025-01-10T10:00:00Z",
        summary="Follow the statement_id up",
        customer_number="+442079460018",
        patient_id="p2",
        status="pending",
    ),
    small_call(
        "c",
        None,
        notes="Straße 12, café",
        customer_number="Restricted",
        patient_id="p3",
        status="follow_up_needed",
        sessions_scheduled=0,
    ),
    small_call(
        "d",
        "2025-03-09T07:30:00.120Z",
        summary="Ｆｕｌｌｗｉｄｔｈ ﬁle x@y.example",
        status="pending",
        sessions_scheduled=5,
    ),
    small_call(
        "e",
        "2025-11-02T05:30:00Z",
        transcript="AI: follow. User: up we go 0123",
        customer_number="+17875550099",
        patient_id="elsewhere",
        status="pending",
        sessions_scheduled=-1,
    ),
    small_call(
        "f",
        "2025-11-02T06:30:00Z",
        customer_number="(212) 555-0123",
        patient_id="p2",
        status="done",
    ),
]
SMALL_PATIENTS = [
    {"id": "p1", "first_name": "José", "last_name": "García", "tags": ["vip", "late"]},
    {"id": "p2", "first_name": "Anna", "last_name": "Strauß", "tags": ["late", "deleted"]},
    {"id": "p3", "first_name": "Jean-Luc", "last_name": "O'Brien", "tags": []},
]
SMALL_TAGS = [{"id": "vip"}, {"id": "late"}, {"id": "unused"}]

COUNTED = {
    "newest first, ties by id, created_at stands in": ("", "fedcba"),
    "the whole order turned around": ("sort=started_at", "abcdef"),
    "blank is absent": ("status=&q=+&tags[]=&limit=%E3%80%80", "fedcba"),
    "exact without spaces": ("type=+inboundPhoneCall%09", "a"),
    "exact with case": ("type=inboundphonecall", ""),
    "a patient held elsewhere": ("patient_id=elsewhere", "e"),
    "two filters": ("status=pending&sessions_scheduled_min=1", "d"),
    "sessions unknown are none": ("sessions_scheduled_min=0", "fdcba"),
    "sessions may be negative": ("sessions_scheduled_min=-1", "fedcba"),
    "a number in national writing": ("customer_number=(212)+555-0123", "fa"),
    "a plus that became a space": ("customer_number=+442079460018", "b"),
    "a number dialled abroad": ("customer_number=011442079460018", "b"),
    "no number but text": ("customer_number=RESTRICTED+", "c"),
    "never a part of a number": ("customer_number=5550123", ""),
    "a beginning": ("q=resched", "a"),
    "not the middle": ("q=schedule", ""),
    "words in any order": ("q=up+follow", "eba"),
    "a divided word": ("q=follow-up", "a"),
    "the last part is a beginning": ("q=statement.i", "b"),
    "the first part is not": ("q=tatement.i", ""),
    "a quoted phrase": ('q="follow+up"', "a"),
    "quoted words are whole": ('q="statement+i"', ""),
    "sharp s": ("q=STRASSE", "c"),
    "marks and case": ("q=GARCI%CC%81A+jose", "a"),
    "a name divided": ("q=luc-o'b", "c"),
    "compatibility forms": ("q=fullw+file", "d"),
    "an address": ("q=x@y.ex", "d"),
    "digits in a number or a text": ("q=0123", "fea"),
    "divided digits": ("q=555-0123", "fa"),
    "a country code": ("q=%2B1787", "e"),
    "two digits are only a word": ("q=12", "c"),
    "operators are text": ("q=resched*+-follow", "a"),
    "an operator that no call says": ("q=asked+AND+monday", ""),
    "no letter, no digit": ("q=--+*", ""),
    "any of the tags": ("tags[]=late&tags[]=unused", "fba"),
    "all of the tags": ("tags[]=late&tags[]=vip&tags[]=vip&tag_filter_mode=all", "a"),
    "none of the tags": ("tags=late&tag_filter_mode=exclude_any", "edc"),
    "not all of the tags": ("tags=late&tags[]=vip&tag_filter_mode=exclude_all", "fedcb"),
    "a deleted tag is held by nobody": ("tags[]=deleted", ""),
    "nobody holds all": ("tags[]=late&tags[]=x&tag_filter_mode=exclude_all", "fedcba"),
    "a mode alone": ("tag_filter_mode=all", "fedcba"),
    "repeated hour": ("started_gte=2025-11-02T01:31", "f"),
    "skipped hour": ("started_lte=2025-03-09T02:30", "ba"),
    "cut to milliseconds": ("started_lte=2025-03-09T02:30:00.1209", "dba"),
    "a whole day of the clinic": ("started_lte=2025-03-08&started_gte=2025-01-10", "ba"),
    "a date's last moment": ("started_lte=2025-11-02", "fedba"),
    "an offset repaired": ("started_lte=2025-01-10T15:30:00+05:30", "ba"),
    "an empty range": ("started_gte=2025-03-10&started_lte=2025-03-09", ""),
}
REFUSED = {
    "too large": ("limit=101", "invalid_field", "limit"),
    "a plus": ("page=+5", "invalid_field", "page"),
    "case": ("status=Done", "invalid_field", "status"),
    "unknown": ("statsu=done", "unknown_parameter", "statsu"),
    "repeated": ("q=a&q=b", "repeated_parameter", "q"),
    "the first in the query": ("limit=0&page=0", "invalid_field", "limit"),
    "seventeen words": ("q=" + "+".join(["a"] * 17), "invalid_field", "q"),
    "a hundred and one tags": (
        "&".join(f"tags[]={n}" for n in range(101)),
        "invalid_field",
        "tags[]",
    ),
    "NUL": ("type=%00", "invalid_field", "type"),
    "no such day": ("started_gte=2025-02-29", "invalid_field", "started_gte"),
}


@pytest.mark.parametrize(("query", "expected"), COUNTED.values(), ids=COUNTED.keys())
def test_finds_what_was_counted_by_hand(query: str, expected: str) -> None:
    oracle = Oracle(SMALL_CALLS, SMALL_PATIENTS, SMALL_TAGS, "America/New_York")
    answer = oracle.answer(parse_qsl(query, keep_blank_values=True))
    assert answer == ("ok", tuple(expected), len(expected), False)


@pytest.mark.parametrize(("query", "code", "param"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses_what_was_judged_by_hand(query: str, code: str, param: str) -> None:
    oracle = Oracle(SMALL_CALLS, SMALL_PATIENTS, SMALL_TAGS)
    answer = oracle.answer(parse_qsl(query, keep_blank_values=True))
    assert answer == ("error", 422, code, param)


@pytest.mark.parametrize(
    ("page", "expected", "has_more"),
    [("1", "fedc", True), ("2", "ba", False), ("3", "", False), ("2147483647", "", False)],
)
def test_cuts_pages_as_counted_by_hand(page: str, expected: str, has_more: bool) -> None:
    oracle = Oracle(SMALL_CALLS, SMALL_PATIENTS, SMALL_TAGS)
    answer = oracle.answer([("limit", "4"), ("page", page)])
    assert answer == ("ok", tuple(expected), 6, has_more)


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        ("America/New_York", "2025-11-02", "2025-11-02T04:00+00:00", "2025-11-03T05:00+00:00"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00+00:00", "2018-11-05T02:00+00:00"),
        ("America/St_Johns", "2006-10-28", "2006-10-28T02:30+00:00", "2006-10-29T03:30+00:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00+00:00", "2011-12-30T10:00+00:00"),
    ],
)
def test_days_begin_and_end_with_the_clock(zone: str, day: str, first: str, last: str) -> None:
    bounds = day_bounds(date.fromisoformat(day), ZoneInfo(zone))
    begins, ends = (milliseconds(datetime.fromisoformat(text) - EPOCH) for text in (first, last))
    assert bounds == (begins, ends - 1)
