"""The answer to a webhook."""

import marshmallow as ma


class ReceiptSchema(ma.Schema):
    """What became of a delivery."""

    outcome = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(["created", "updated", "unchanged", "ignored", "kept"]),
        metadata={
            "description": "`ignored` ended no call or a deleted one; `kept` could not be read and"
            " waits among the dead letters.",
            "example": "created",
        },
    )
    id = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The call's id, or the dead letter's."},
    )
