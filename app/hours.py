"""When the clinic is open: how CLINIC_HOURS is written, and what follows from it."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_MIN = 24 * 60
_PART = re.compile(
    r"([A-Z][a-z]{2})(?:-([A-Z][a-z]{2}))? (\d\d):([0-5]\d)-(\d\d):([0-5]\d)", re.ASCII
)

# Weekday (Monday is 0), opening and closing in minutes since midnight; in order.
Week = tuple[tuple[int, int, int], ...]


def parse_hours(text: str) -> Week:
    """Read hours such as `Mon-Fri 08:00-18:00, Sat 09:00-13:00`. Raises ValueError."""
    if not text:
        return ()
    return tuple(sorted(span for part in text.split(",") for span in _spans(part.strip())))


def _spans(part: str) -> list[tuple[int, int, int]]:
    match = _PART.fullmatch(part)
    if not match or not {match[1], match[2] or match[1]} <= set(DAYS):
        raise ValueError("must look like Mon-Fri 08:00-18:00, Sat 09:00-13:00")
    opens, closes = int(match[3]) * 60 + int(match[4]), int(match[5]) * 60 + int(match[6])
    if not opens < closes <= DAY_MIN:
        raise ValueError("must close later than it opens on each day, at 24:00 at the latest")
    first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
    return [((first + n) % 7, opens, closes) for n in range((last - first) % 7 + 1)]


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a week, in the clinic's time zone; without any, nothing is out of hours."""

    week: Week
    zone: ZoneInfo

    def is_open(self, instant_ms: int) -> bool:
        """Tell whether the clinic is open at an instant, in milliseconds since 1970."""
        if not self.week:
            return True
        at = datetime.fromtimestamp(instant_ms / 1000, UTC).astimezone(self.zone)
        minute = at.hour * 60 + at.minute
        return any(
            day == at.weekday() and opens <= minute < closes for day, opens, closes in self.week
        )

    def opening_of(self, day: date) -> datetime | None:
        """Give when the clinic opens on a day, None where it stays closed or has no hours."""
        for weekday, opens, _ in self.week:
            if weekday == day.weekday():
                return datetime.combine(day, time(*divmod(opens, 60)), self.zone)
        return None

    def next_opening(self, day: date) -> datetime | None:
        """Give the first opening from a day on, None where there are no hours."""
        openings = (self.opening_of(day + timedelta(days=n)) for n in range(7))
        return next((opening for opening in openings if opening), None)
