"""The answer to a webhook."""

from marshmallow.validate import OneOf

from app.schemas.base import Schema
from app.schemas.fields import String


class ReceiptSchema(Schema):
    """What became of a delivery."""

    outcome = String(
        "`ignored` ended no call or a deleted one; `kept` could not be read and waits among the"
        " dead letters.",
        example="created",
        validate=OneOf(["created", "updated", "unchanged", "ignored", "kept"]),
    )
    id = String("The call's id, or the dead letter's.", null=True)
