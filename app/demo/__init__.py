"""The demo clinic: believable tags, patients and calls that depend on the arguments alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.calls import CallRows
from app.demo.chance import seeded
from app.demo.days import plan_days
from app.demo.patients import patient_rows, tag_rows
from app.demo.people import build_town
from app.demo.texts import table

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoClinic:
    """Rows in the shapes that the import takes."""

    tags: list[Row]
    patients: list[Row]
    # Makes them while they are read, oldest first, the same ones each time.
    calls: Callable[[], Iterator[Row]]


def staff() -> list[dict[str, str]]:
    """Give the `name` and `role` of the people who work at the clinic, a manager first."""
    return table("staff", "name")


def make_clinic(
    *,
    today: date,
    timezone: ZoneInfo,
    calls: int = 2000,
    patients: int = 300,
    days: int = 90,
    seed: int = 1,
    until: time | None = None,
    transcripts: bool = True,
    transcript_chars: int | None = None,
) -> DemoClinic:
    """Give a clinic with its last `days` days of calls before `today`, in `timezone`.

    `until` adds the calls of today that are over by that time of day. `transcript_chars` pads
    the transcripts to about so many characters.
    """
    town = build_town(patients, days, today, seed)
    tags = tag_rows(seed)

    def make_calls() -> Iterator[Row]:
        rows = CallRows(town, seed, transcripts=transcripts, transcript_chars=transcript_chars)
        draw = seeded(seed, "days").random
        for day in plan_days(calls, days, today, until, timezone, draw):
            yield from rows.of_day(day)

    return DemoClinic(tags, patient_rows(town.patients, tags, today, seed), make_calls)
