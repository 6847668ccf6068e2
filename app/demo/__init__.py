"""The demo clinic: believable tags, patients and calls that depend on the arguments alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.calls import CallBook
from app.demo.chance import seeded
from app.demo.days import plan_days
from app.demo.patients import patient_rows, tag_rows
from app.demo.people import Town, build_town

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """How many calls, when, and what is written down of them."""

    calls: int
    days: int
    today: date
    until: time | None
    timezone: ZoneInfo
    seed: int
    transcripts: bool
    transcript_chars: int | None


@dataclass(frozen=True, slots=True)
class DemoClinic:
    """Rows in the shapes that the import takes; calls are made while they are read."""

    tags: list[Row]
    patients: list[Row]
    town: Town
    plan: Plan

    def calls(self) -> Iterator[Row]:
        """Give the calls, oldest first, the same ones each time."""
        plan = self.plan
        book = CallBook(
            self.town,
            plan.seed,
            transcripts=plan.transcripts,
            transcript_chars=plan.transcript_chars,
        )
        draw = seeded(plan.seed, "days").random
        for day in plan_days(plan.calls, plan.days, plan.today, plan.until, plan.timezone, draw):
            yield from book.calls_of(day)


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
    plan = Plan(calls, days, today, until, timezone, seed, transcripts, transcript_chars)
    return DemoClinic(tags, patient_rows(town.patients, tags, today, seed), town, plan)
