"""Calls: the table, its order and its named queries."""

from peewee import BlobField, FloatField, IntegerField, TextField, VirtualField

from app.models.base import Model

# Slots that one second has for its calls; position = seconds * SLOTS + slot.
SLOTS = 65_536
# A period is 2^22 seconds, about 48 days: a clinic's decade has 76 of them.
PERIOD = SLOTS << 22

# What a cell is made of, besides its period and whether the call ever started.
FACETS = ("status", "category", "type", "assistant_id", "sessions_scheduled")


def first_position(sort_at: int) -> int:
    """Give the least position of the second that an instant (milliseconds since 1970) lies in."""
    return sort_at // 1000 * SLOTS


def period_of(position: int) -> int:
    """Give the number of the period that a position lies in."""
    return position // PERIOD


class Call(Model):
    """One call; `position` is its place in time, `wire` its JSON in a list after `org_id`."""

    position = IntegerField(primary_key=True)
    id = TextField(unique=True)
    cell = IntegerField(null=True)
    deleted_at = IntegerField(null=True)
    version = IntegerField(default=1)
    created_at = IntegerField()
    updated_at = IntegerField()
    started_at = IntegerField(null=True)
    ended_at = IntegerField(null=True)
    assistant_id = TextField(null=True)
    phone_number_id = TextField(null=True)
    type = TextField(null=True)
    customer_number = TextField(null=True)
    number_key = TextField(null=True)
    status = TextField(default="pending")
    category = TextField(null=True)
    duration_min = FloatField(null=True)
    patient_id = TextField(null=True)
    language = TextField(null=True)
    sessions_scheduled = IntegerField(null=True)
    provider = TextField(null=True)
    external_id = TextField(null=True)
    recording_url = TextField(null=True)
    cost_usd = FloatField(null=True)
    ended_reason = TextField(null=True)
    origins = TextField(default="")
    seen = TextField(default="")
    posted = BlobField(null=True)
    wire = TextField()
    summary = TextField(null=True)
    notes = TextField(null=True)
    transcript = TextField(null=True)


COLUMNS = tuple(Call._meta.sorted_field_names)


class Period(Model):
    """A span of time that holds calls; `changed` is the revision that it last changed in."""

    number = IntegerField(primary_key=True)
    changed = IntegerField()


class Cell(Model):
    """How many calls of a period share the values of FACETS; a deleted call is in none."""

    id = IntegerField(primary_key=True)
    key = TextField(unique=True)
    period = IntegerField()
    status = TextField()
    category = TextField(null=True)
    type = TextField(null=True)
    assistant_id = TextField(null=True)
    sessions_scheduled = IntegerField(null=True)
    started = IntegerField()
    calls = IntegerField()


class CallSearch(Model):
    """The full-text index of the calls, one row for each that is not deleted, by its position."""

    rowid = IntegerField(primary_key=True)
    call_search = VirtualField()

    class Meta:
        table_name = "call_search"
