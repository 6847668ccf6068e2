"""The history of a call or a patient on the wire."""

import marshmallow as ma

from app.schemas.base import Schema
from app.schemas.calls import OUTCOMES
from app.schemas.fields import VERSION, Choice, Instant, Kind, String
from app.schemas.pagination import page_of

ACTIONS = ("created", "changed", "attempted", "undone", "deleted", "undeleted", "expired")


class Changes(Kind, ma.fields.Dict):
    """Fields by name, each with its value before and after."""

    facts = {"additionalProperties": {"type": "array", "items": {}, "minItems": 2, "maxItems": 2}}


class ChangeSchema(Schema):
    """What somebody did with a call or a patient."""

    at = Instant("When it was done.", example="2023-11-07T05:31:56Z")
    who = String(
        "A person's name, `key:` with the name of a key, `provider:` with that of a provider, or"
        " `command`.",
        example="key:front-desk",
    )
    action = Choice("What was done.", of=ACTIONS, name="HistoryAction", example="changed")
    changes = Changes(
        "Each field with its value before and after; a text of over 200 characters as its length.",
        example={"status": ["pending", "done"]},
    )
    outcome = Choice(
        "How an attempt went.",
        of=OUTCOMES,
        name="AttemptOutcome",
        example="left_message",
        null=True,
    )
    note = String("What was said of an attempt.", example="With her son.", null=True)
    version = VERSION


ChangeListSchema = page_of(ChangeSchema)
