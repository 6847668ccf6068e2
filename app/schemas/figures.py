"""Figures of calls on the wire: what may be asked, and the sums of each group."""

from app.schemas.base import Schema
from app.schemas.calls import CallFilterArgsSchema
from app.schemas.fields import Anything, Choice, Integer, List, Nested, Number

GROUPINGS = (
    *("day", "week", "month", "hour", "weekday"),
    *("category", "status", "type", "assistant_id", "language"),
)


class CallStatsArgsSchema(CallFilterArgsSchema):
    """Which calls, added up by what."""

    group_by = Choice(
        "What the calls are grouped by; without it `data` is empty.",
        of=GROUPINGS,
        name="CallGrouping",
        example="day",
    )


class CallSumsSchema(Schema):
    """What calls add up to."""

    calls = Integer("How many calls.", example=12)
    minutes = Number("Their `duration_min`, added up; two decimals.", example=31.25)
    cost_usd = Number("Their `cost_usd`, added up; four decimals.", example=4.8125)
    sessions_scheduled = Integer("Their `sessions_scheduled`, added up.", example=3)


class CallGroupSchema(CallSumsSchema):
    """What the calls of one group add up to."""

    group = Anything(
        "A day or the Monday of a week, `2026-11-23`; a month, `2026-11`; an hour, 0 to 23; a"
        " weekday, 1 (Monday) to 7; else the value that calls share, null where they have none.",
        facts={"type": ["string", "integer", "null"]},
        example="2026-11-23",
    )


class CallStatsSchema(Schema):
    """Calls added up, group by group and altogether."""

    data = List("The groups, in their order.", of=Nested(of=CallGroupSchema))
    totals = Nested("All calls that the filters find.", of=CallSumsSchema)
    group_by = Choice(
        "What was asked for.", of=GROUPINGS, name="CallGrouping", example="day", null=True
    )
