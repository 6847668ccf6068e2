"""Answers `GET /v1/calls` and `/v1/calls/stats` from plain rows, by brute force.

It is what the service is held against.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import phonenumbers

Record = Mapping[str, Any]
Pair = tuple[str, str]
Fault = tuple[str, str]
Words = tuple[str, ...]
Answer = tuple[Literal["ok"], tuple[str, ...], int, bool] | tuple[Literal["error"], int, str, str]

NUMBERS = {
    "page": (1, 2147483647),
    "limit": (1, 100),
    "sessions_scheduled_min": (-2147483648, 2147483647),
}
CHOICES = {
    "status": ("pending", "done", "follow_up_needed"),
    "category": (
        "client_support",
        "miscellaneous",
        "billing",
        "new_appointment",
        "existing_appointment",
        "rescheduling",
        "cancellation",
        "authorization",
        "appointment_inquiry",
    ),
    "tag_filter_mode": ("any", "all", "exclude_any", "exclude_all"),
    "sort": ("started_at", "-started_at"),
}
EXACT = ("assistant_id", "type", "patient_id")
STARTED = ("started_gte", "started_lte")
TAGS = ("tags[]", "tags")
KNOWN = (*NUMBERS, *CHOICES, *EXACT, *STARTED, *TAGS, "q", "customer_number")
TEXTS = ("summary", "notes", "transcript")
VALUES = ("category", "status", "type", "assistant_id", "language")
GROUPINGS = ("day", "week", "month", "hour", "weekday", *VALUES)
OF_STATS = (*(set(KNOWN) - {"page", "limit", "sort"}), "group_by")
MAX_GROUPS = 3700
Sums = tuple[int, float, float, int]
Stats = tuple[Literal["ok"], list[tuple[Any, Sums]], Sums] | tuple[Literal["error"], int, str, str]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
# Four Gregorian centuries are a whole number of weeks: every clock rule repeats after them.
FOUR_CENTURIES = timedelta(days=146097)
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
STAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?([Zz]|[-+ ]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
# A quote that has no partner is punctuation like any other.
CHUNK = re.compile(r'"([^"]*)"|((?:[^\s"]|"(?![^"]*"))+)')


class Term(NamedTuple):
    """What must be found of one word or quoted phrase of `q`."""

    words: Words
    whole: bool
    digits: str


class Row(NamedTuple):
    """One call, with all that the filters look at worked out beforehand."""

    id: str
    call: Record
    moment: int
    started: int | None
    number: str | None
    digits: str
    fields: tuple[Words, ...]
    tags: frozenset[str]


def fold(text: str) -> str:
    """Give the text without case and marks."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if unicodedata.category(c)[0] != "M").casefold()


@cache
def cut(text: str) -> Words:
    """Give the folded runs of letters and digits of a text."""
    plain = (c if unicodedata.category(c)[0] in "LN" else " " for c in fold(text))
    return tuple("".join(plain).split())


def terms(q: str) -> tuple[list[Term], int]:
    """Give what `q` asks for, and how many words it has."""
    found, count = [], 0
    for quoted, chunk in CHUNK.findall(q):
        words = cut(quoted or chunk)
        if not words:
            continue
        count += sum(bool(cut(part)) for part in quoted.split()) if quoted else 1
        digits = "".join(words)
        is_number = not quoted and digits.isdecimal() and len(digits) >= 3
        found.append(Term(words, bool(quoted), digits if is_number else ""))
    return found, count


def stands_in(term: Term, field: Words) -> bool:
    """Tell whether the words stand together in a field, the last as a beginning if not whole."""
    *head, tail = term.words
    for end, word in enumerate(field[len(head) :], start=len(head)):
        ends = word == tail if term.whole else word.startswith(tail)
        if ends and field[end - len(head) : end] == tuple(head):
            return True
    return False


def e164(text: str, region: str) -> str | None:
    """Give the telephone number in E.164, None for what cannot be read as one."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if number.extension or reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def asked_number(value: str, region: str) -> str:
    """Give what a `customer_number` of a query is compared by."""
    written = "+" + value.strip() if value.startswith(" ") else value
    return e164(written, region) or value.strip().casefold()


def milliseconds(since_epoch: timedelta) -> int:
    """Give whole milliseconds, finer parts cut."""
    return since_epoch // MILLISECOND


@cache
def day_bounds(day: date, zone: tzinfo) -> tuple[int, int]:
    """Give the first and the last millisecond of a date, by reading the clock at every minute."""
    if day.year > 9000:
        first, last = day_bounds(day.replace(year=day.year - 400), zone)
        return first + milliseconds(FOUR_CENTURIES), last + milliseconds(FOUR_CENTURIES)

    def shows(at: datetime) -> date:
        return at.astimezone(zone).date()

    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    minutes = [midnight + timedelta(minutes=minute) for minute in range(-16 * 60, 40 * 60)]
    begins = next(minute for minute in minutes if shows(minute) >= day)
    ends = next(minute for minute in reversed(minutes) if shows(minute) <= day)
    # Some clocks are off by odd seconds, so the edges are looked at second by second.
    seconds = [timedelta(seconds=second) for second in range(60)]
    first_second = min(begins - s for s in seconds if shows(begins - s) >= day)
    last_second = max(ends + s for s in seconds if shows(ends + s) <= day)
    return milliseconds(first_second - EPOCH), milliseconds(last_second - EPOCH) + 999


def instant(value: str, zone: tzinfo, *, last: bool = False) -> int | None:
    """Give milliseconds since 1970; of a date alone its first or last; None if unreadable."""
    try:
        if found := DATE.fullmatch(value):
            day = date(*map(int, found.groups()))
            return day_bounds(day, zone)[last] if day.year >= 1970 else None
        if found := STAMP.fullmatch(value):
            year, month, day_of, hour, minute = map(int, found.groups()[:5])
            second, fraction, offset = found.groups("")[5:]
            # RFC 3339 knows the 60th second; it is read as the one after the 59th.
            leap = second == "60"
            clock = datetime(year, month, day_of, hour, minute, 59 if leap else int(second or 0))
            local = clock.replace(tzinfo=zone).utcoffset()
            ahead = distance(offset) if offset else local
            assert ahead is not None
            since = milliseconds(clock.replace(tzinfo=UTC) - EPOCH - ahead)
            since += 1000 * leap + int(fraction.ljust(3, "0")[:3])
            return since if year >= 1970 else None
    except ValueError:
        pass
    return None


def distance(offset: str) -> timedelta:
    """Give how far a written offset is ahead of UTC; its `+` may have become a space."""
    if offset in "Zz":
        return timedelta()
    hours, minutes = int(offset[1:3]), int(offset[3:].replace(":", "") or 0)
    if hours > 23 or minutes > 59:
        raise ValueError(offset)
    ahead = timedelta(hours=hours, minutes=minutes)
    return -ahead if offset[0] == "-" else ahead


def meets(mode: str, held: frozenset[str], asked: frozenset[str]) -> bool:
    """Tell whether the tags that are held meet those asked for."""
    if mode == "any":
        return bool(held & asked)
    if mode == "all":
        return held >= asked
    if mode == "exclude_any":
        return not held & asked
    return not held >= asked


ALWAYS = {"hour": range(24), "weekday": range(1, 8)}


def between(by: str, names: Iterable[str]) -> set[str]:
    """Give the days, Mondays or months that lie between these."""
    days = {date.fromisoformat(name if by != "month" else f"{name}-01") for name in names}
    step = timedelta(days=7 if by == "week" else 1)
    found = set()
    for first, last in pairwise(sorted(days)):
        while (first := first + step) < last:
            found.add(first.isoformat() if by != "month" else f"{first:%Y-%m}")
    return found


def place(by: str, name: Any, calls: int) -> tuple[Any, ...]:
    """Give what groups are sorted by: time, or calls and then name, null last."""
    return (name is None, -calls, name or "") if by in VALUES else (name,)


def sums(rows: Iterable[Row]) -> Sums:
    """Give calls, minutes, dollars and sessions, added up without any rounding on the way."""
    calls = [row.call for row in rows]
    minutes, dollars = (
        sum((Decimal(str(call.get(name) or 0)) for call in calls), Decimal())
        for name in ("duration_min", "cost_usd")
    )
    booked = sum(call["sessions_scheduled"] or 0 for call in calls)
    cents = dollars.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return len(calls), float(minutes), float(cents), booked


class Oracle:
    """The calls of one clinic, and what the service must say about them."""

    def __init__(
        self,
        calls: Iterable[Record],
        patients: Iterable[Record],
        tags: Iterable[Record],
        timezone: str = "UTC",
        region: str = "US",
    ) -> None:
        self.zone = ZoneInfo(timezone)
        self.region = region
        self.patients = {patient["id"]: patient for patient in patients}
        self.tags = frozenset(tag["id"] for tag in tags)
        rows = (self.row(call) for call in calls)
        self.newest_first = sorted(rows, key=lambda row: (row.moment, row.id), reverse=True)

    def row(self, call: Record) -> Row:
        patient = self.patients.get(call["patient_id"])
        name = f"{patient['first_name'] or ''} {patient['last_name'] or ''}" if patient else ""
        texts = [name, *(call.get(field) for field in TEXTS)]
        written = call["customer_number"]
        number = written and (e164(written, self.region) or written.strip().casefold())
        moment = instant(call["started_at"] or call["created_at"], self.zone)
        assert moment is not None
        return Row(
            id=call["id"],
            call=call,
            moment=moment,
            started=moment if call["started_at"] else None,
            number=number,
            digits="".join(c for c in number or "" if c.isdecimal()),
            fields=tuple(words for text in texts if (words := cut(text or ""))),
            tags=self.tags.intersection(patient["tags"]) if patient else frozenset(),
        )

    def answer(self, pairs: Sequence[Pair]) -> Answer:
        """Give ("ok", ids, total, has_more) or ("error", status, code, param)."""
        faults = self.faults(pairs)
        if faults:
            return "error", 422, *faults[0]
        given = {name: value for name, value in pairs if value.strip()}
        page, limit = int(given.get("page", "1")), int(given.get("limit", "50"))
        ids = self.matching(pairs)
        return (
            "ok",
            tuple(ids[(page - 1) * limit : page * limit]),
            len(ids),
            page * limit < len(ids),
        )

    def stats(self, pairs: Sequence[Pair]) -> Stats:
        """Give ("ok", groups, totals) or ("error", status, code, param)."""
        faults = self.faults(pairs, OF_STATS)
        if faults:
            return "error", 422, *faults[0]
        found = frozenset(self.matching(pairs))
        rows = [row for row in self.newest_first if row.id in found]
        by = next((value for name, value in pairs if name == "group_by" and value.strip()), None)
        if by is None:
            return "ok", [], sums(rows)
        members: dict[Any, list[Row]] = {name: [] for name in ALWAYS.get(by, ())}
        for row in rows:
            members.setdefault(self.group(by, row), []).append(row)
        if by in ("day", "week", "month"):
            for name in between(by, members):
                members.setdefault(name, [])
        if len(members) > MAX_GROUPS:
            return "error", 422, "invalid_field", "group_by"
        names = sorted(members, key=lambda name: place(by, name, len(members[name])))
        return "ok", [(name, sums(members[name])) for name in names], sums(rows)

    def group(self, by: str, row: Row) -> Any:
        """Give the group that a call belongs to."""
        if by in VALUES:
            return row.call.get(by)
        local = (EPOCH + timedelta(milliseconds=row.moment)).astimezone(self.zone)
        if by in ALWAYS:
            return local.hour if by == "hour" else local.isoweekday()
        if by == "week":
            return (local.date() - timedelta(days=local.weekday())).isoformat()
        return local.date().isoformat() if by == "day" else f"{local:%Y-%m}"

    def faults(self, pairs: Sequence[Pair], known: Sequence[str] = KNOWN) -> list[Fault]:
        """Give (code, param) of all that is wrong, in the order of the query."""
        times = Counter(name for name, value in pairs if value.strip())
        asked = {value.strip() for name, value in pairs if name in TAGS and value.strip()}
        found = []
        for name, value in pairs:
            if name not in known:
                found.append(("unknown_parameter", name))
                continue
            if not value.strip():
                continue
            if times[name] > 1 and name not in TAGS:
                found.append(("repeated_parameter", name))
            if self.is_bad(name, value) or (name in TAGS and len(asked) > 100):
                found.append(("invalid_field", name))
        return list(dict.fromkeys(found))

    def is_bad(self, name: str, value: str) -> bool:
        if len(value) > 512 or any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
            return True
        if name in NUMBERS:
            least, most = NUMBERS[name]
            return not (re.fullmatch(r"-?[0-9]+", value) and least <= int(value) <= most)
        if name in CHOICES:
            return value not in CHOICES[name]
        if name == "group_by":
            return value not in GROUPINGS
        if name in STARTED:
            return instant(value, self.zone) is None
        if name in TAGS:
            return not set(value).isdisjoint(",()[]{}'\"")
        return name == "q" and terms(value)[1] > 16

    def matching(self, pairs: Sequence[Pair]) -> list[str]:
        """Give the ids of all calls that a faultless query finds, in its order."""
        given = {name: value for name, value in pairs if value.strip()}
        # q looks at the most, so it comes last.
        names = sorted(given.keys() - set(TAGS), key=lambda name: (name == "q", name))
        tests = [self.test(name, given[name]) for name in names]
        asked = frozenset(v.strip() for name, v in pairs if name in TAGS and v.strip())
        if asked:
            mode = given.get("tag_filter_mode", "any")
            tests.insert(0, lambda row: meets(mode, row.tags, asked))
        rows = self.newest_first
        for test in tests:
            rows = [row for row in rows if test(row)]
        ids = [row.id for row in rows]
        return ids[::-1] if given.get("sort") == "started_at" else ids

    def test(self, name: str, value: str) -> Callable[[Row], bool]:
        """Give what tells of a call whether this parameter lets it pass."""
        if name == "q":
            return self.q_test(value)
        if name in EXACT or name in ("status", "category"):
            exact = value.strip()
            return lambda row: row.call[name] == exact
        if name == "customer_number":
            number = asked_number(value, self.region)
            return lambda row: row.number == number
        if name == "sessions_scheduled_min":
            least = int(value)
            return lambda row: (row.call["sessions_scheduled"] or 0) >= least
        if name in STARTED:
            return self.started_test(name, value)
        return lambda row: True

    def started_test(self, name: str, value: str) -> Callable[[Row], bool]:
        edge = instant(value, self.zone, last=name == "started_lte")
        assert edge is not None
        if name == "started_gte":
            return lambda row: row.started is not None and row.started >= edge
        return lambda row: row.started is not None and row.started <= edge

    def q_test(self, value: str) -> Callable[[Row], bool]:
        wanted = terms(value)[0]
        everything = frozenset(wanted)

        # Many calls share a summary or a patient: each text is looked at once a query.
        @cache
        def missing(field: Words) -> frozenset[Term]:
            return frozenset(term for term in wanted if not stands_in(term, field))

        def found(row: Row) -> bool:
            rest = everything.intersection(*map(missing, row.fields))
            return all(term.digits and term.digits in row.digits for term in rest)

        return found if wanted else lambda row: False
