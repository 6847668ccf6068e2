"""The error envelope, as the API's description shows it."""

from marshmallow.validate import OneOf

from app.problems import WIRE_CODES
from app.schemas.base import Schema
from app.schemas.fields import List, Nested, String


class ErrorItemSchema(Schema):
    """What went wrong with one field."""

    type = String("The kind of error.", example="validation_error")
    code = String(
        "The exact error, for programs.",
        example="invalid_field",
        validate=OneOf(list(dict.fromkeys(WIRE_CODES.values()))),
    )
    message = String(
        "What a person can do about it.", example="limit must be a whole number from 1 to 100."
    )
    param = String("The field at fault, if it is one.", example="limit", null=True)


class ErrorDetailSchema(ErrorItemSchema):
    """What went wrong, with every failing field where there are several."""

    errors = List(
        "All fields at fault; `detail` itself speaks of the first.",
        of=Nested(of=ErrorItemSchema),
        required=False,
    )


class ErrorSchema(Schema):
    """The envelope of every error."""

    detail = Nested(of=ErrorDetailSchema)
