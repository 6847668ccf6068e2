"""How providers write instants, read as milliseconds since 1970."""

from decimal import Decimal
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from app.instants import EARLIEST_MS, LATEST_MS, parse_instant

UTC = ZoneInfo("UTC")


def from_ms(milliseconds: Decimal | int | None) -> int | None:
    if milliseconds is None or not EARLIEST_MS <= milliseconds < LATEST_MS + 1:
        return None
    return int(milliseconds)


def from_seconds(seconds: Decimal | None) -> int | None:
    return None if seconds is None else from_ms(seconds * 1000)


def from_rfc3339(value: object) -> int | None:
    """Give the instant of a date with a time, in UTC where it has no offset."""
    if not isinstance(value, str) or ":" not in value:
        return None
    try:
        return from_ms(parse_instant(value, UTC))
    except ValueError:
        return None


def from_rfc2822(value: object) -> int | None:
    if not isinstance(value, str):
        return None
    try:
        moment = parsedate_to_datetime(value)
        # Naive for the offset -0000, which means UTC.
        return from_ms(int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()) * 1000)
    except (ValueError, OverflowError):
        return None


def shifted(instant_ms: int | None, seconds: Decimal | None) -> int | None:
    """Give the instant so many seconds later, None where either is unknown."""
    if instant_ms is None or seconds is None:
        return None
    return from_ms(instant_ms + seconds * 1000)
