"""The error envelope, as the API's description shows it."""

import marshmallow as ma

from app.problems import CODES


class ErrorItemSchema(ma.Schema):
    """What went wrong with one field."""

    class Meta:
        unknown = ma.EXCLUDE

    type = ma.fields.String(
        required=True, metadata={"description": "The kind of error.", "example": "validation_error"}
    )
    code = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(list(CODES)),
        metadata={"description": "The exact error, for programs.", "example": "invalid_field"},
    )
    message = ma.fields.String(
        required=True,
        metadata={
            "description": "What a person can do about it.",
            "example": "limit must be a whole number from 1 to 100.",
        },
    )
    param = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The field at fault, if it is one.", "example": "limit"},
    )


class ErrorDetailSchema(ErrorItemSchema):
    """What went wrong, with every failing field where there are several."""

    errors = ma.fields.List(
        ma.fields.Nested(ErrorItemSchema),
        metadata={"description": "All fields at fault; `detail` itself speaks of the first."},
    )


class ErrorSchema(ma.Schema):
    """The envelope of every error."""

    class Meta:
        unknown = ma.EXCLUDE

    detail = ma.fields.Nested(ErrorDetailSchema, required=True)
