"""Reading and writing points in time: RFC 3339 text outside, whole milliseconds UTC inside."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from time import gmtime, strftime, time
from zoneinfo import ZoneInfo

EARLIEST_MS = 0
LATEST_MS = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z
DAY_MS = 86_400_000
# After so many days the calendar and every clock repeat: four centuries, which are whole weeks.
_CYCLE_DAYS = 146_097
# From here on datetime may not reach to the end of a day in every zone.
_LATE_MS = LATEST_MS - _CYCLE_DAYS * DAY_MS

_EPOCH = datetime(1970, 1, 1)
_EPOCH_UTC = _EPOCH.replace(tzinfo=UTC)
_NO_SHIFT = timedelta()
# As everything here writes it; read the same way as all other forms, but faster.
_USUAL = re.compile(
    r"(?:19[7-9]|[2-9]\d\d)\d-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:[0-5]\d(?:\.\d{3})?Z", re.ASCII
)
_RFC3339 = re.compile(
    r"(\d{4,}-\d\d-\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?([Zz]|[+\- ]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)


class OutOfRange(ValueError):
    """An instant before 1970 or after 9999."""


class ClockError(OSError):
    """The clock stands where no instant of ours can be."""


def now_ms() -> int:
    """Give the present instant in milliseconds since 1970. Raises ClockError."""
    now = int(time() * 1000)
    if now < EARLIEST_MS:
        raise ClockError("The clock of this computer stands before 1970; set it.")
    return now


def format_instant(instant_ms: int) -> str:
    """Write milliseconds since 1970 as `2023-11-07T05:31:56Z`, with `.120` only where needed."""
    seconds, milliseconds = divmod(instant_ms, 1000)
    text = strftime("%Y-%m-%dT%H:%M:%S", gmtime(seconds))
    return f"{text}.{milliseconds:03d}Z" if milliseconds else f"{text}Z"


def parse_instant(text: str, zone: ZoneInfo | None = None, *, end_of_day: bool = False) -> int:
    """Give the milliseconds since 1970 that an RFC 3339 text means, finer parts cut off.

    An offset may also be `+0530` or `+05`, as strftime and PostgreSQL write it. Where the text has
    none it is read in `zone`, a date alone as its first moment there or, with `end_of_day`, as its
    last. Raises OutOfRange for other years than 1970 to 9999, ValueError for anything else.
    """
    if _USUAL.fullmatch(text):
        elapsed = datetime.fromisoformat(text) - _EPOCH_UTC
        return elapsed.days * DAY_MS + elapsed.seconds * 1000 + elapsed.microseconds // 1000
    match = _RFC3339.fullmatch(text)
    if not match:
        raise ValueError("not an RFC 3339 instant")
    day, hour, minute, second, fraction, offset = match.groups()
    if text < "1970" or len(day) > 10:
        raise OutOfRange
    if hour is None:
        if zone is None:
            raise ValueError("a date alone")
        return _edge_of_day(date.fromisoformat(day), zone, end_of_day)
    # A leap second (:60) is the first moment of the minute after it.
    leap = second == "60"
    local = datetime.fromisoformat(f"{day}T{hour}:{minute}:{'59' if leap else second or '00'}")
    milliseconds = int((fraction or "").ljust(3, "0")[:3]) + (1000 if leap else 0)
    if offset is None and zone is None:
        raise ValueError("no offset")
    return _utc_ms(local, offset, zone) + milliseconds


def _utc_ms(local: datetime, offset: str | None, zone: ZoneInfo | None) -> int:
    """Turn a local time into milliseconds since 1970, beyond the years of datetime too."""
    if offset is None:
        # fold=0: a time that a clock change skips or repeats has the offset before the change.
        shift = local.replace(tzinfo=zone, fold=0).utcoffset() or timedelta()
    elif offset in "Zz":
        shift = _NO_SHIFT
    else:
        hours, minutes = int(offset[1:3]), int(offset[3:].lstrip(":") or 0)
        if hours > 23 or minutes > 59:
            raise ValueError("no such offset")
        # A space is the plus sign that it was before the URL was decoded.
        shift = timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    elapsed = local - _EPOCH - shift
    return elapsed.days * DAY_MS + elapsed.seconds * 1000


def _edge_of_day(day: date, zone: ZoneInfo, end: bool) -> int:
    midnight = datetime.combine(day, time_of_day())
    if not end:
        return _utc_ms(midnight, None, zone)
    if day == date.max:
        return _utc_ms(midnight, None, zone) + DAY_MS - 1
    return _utc_ms(midnight + timedelta(days=1), None, zone) - 1


def steady_spans(begin: int, end: int, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """Cut the time between two instants where a zone's clock is changed.

    Gives the begin and end of each part, and how far the clock is ahead of UTC in it, in ms.
    """
    at, ahead = begin, _ahead_ms(begin, zone)
    while at < end:
        # No zone has ever changed its clock twice in a day.
        seen = min(at - at % DAY_MS + DAY_MS, end)
        if _ahead_ms(seen - 1, zone) != ahead:
            before, after = max(at - 1, begin), seen - 1
            while after - before > 1:
                middle = (before + after) // 2
                before, after = (
                    (middle, after) if _ahead_ms(middle, zone) == ahead else (before, middle)
                )
            yield begin, after, ahead
            begin, seen, ahead = after, after, _ahead_ms(after, zone)
        at = seen
    if begin < end:
        yield begin, end, ahead


def _ahead_ms(instant_ms: int, zone: ZoneInfo) -> int:
    """Give how far a zone's clock is ahead of UTC at an instant."""
    if instant_ms > _LATE_MS:
        instant_ms -= _CYCLE_DAYS * DAY_MS
    shift = (_EPOCH_UTC + timedelta(milliseconds=instant_ms)).astimezone(zone).utcoffset()
    return (shift or timedelta()) // timedelta(milliseconds=1)


def split_day(day: int) -> tuple[int, int, int]:
    """Give year, month and day of the month of a day, counted from 1970; beyond 9999 too."""
    later = 400 if day * DAY_MS > _LATE_MS else 0
    found = date.fromordinal(day + _EPOCH.toordinal() - (_CYCLE_DAYS if later else 0))
    return found.year + later, found.month, found.day


def today(zone: ZoneInfo) -> date:
    """Give the date of the present instant in a zone."""
    return datetime.now(UTC).astimezone(zone).date()


def ends_before_it_starts(started_at: int | None, ended_at: int | None) -> bool:
    """Say whether both instants are known and the end lies before the start."""
    return started_at is not None and ended_at is not None and ended_at < started_at


def duration_min(started_at: int | None, ended_at: int | None) -> float | None:
    """Give the minutes between two instants, two decimals, halves rounded up."""
    if started_at is None or ended_at is None:
        return None
    elapsed_ms = ended_at - started_at
    return (elapsed_ms * 200 + 60_000) // 120_000 / 100 if elapsed_ms >= 0 else None
