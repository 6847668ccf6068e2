"""Tags on the wire."""

from typing import Any

import marshmallow as ma

from app.schemas.base import Schema
from app.schemas.fields import INT32, Instant, Text, UuidText, WholeNumber
from app.schemas.pagination import PageArgsSchema, PaginationSchema
from app.schemas.requests import RequestSchema

MAX_NAME_LENGTH = 100


class Name(Text):
    """A name, without the spaces around it; with `blank` there may be none."""

    def __init__(self, *, blank: bool = False, **kwargs: Any) -> None:
        # What is blank to Python: four control characters too.
        pattern = {} if blank else {"pattern": r"[^\s\x1c-\x1f]"}
        kwargs["metadata"] = pattern | kwargs.get("metadata", {})
        super().__init__(blank=blank, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, attr, data, **kwargs).strip()


class TagSchema(Schema):
    """A label on patients."""

    id = UuidText(
        required=True,
        metadata={
            "description": "The tag's id.",
            "example": "6018366c-f658-47a7-9ed3-4fe53a096533",
        },
    )
    name = Name(
        required=True,
        most=MAX_NAME_LENGTH,
        metadata={
            "description": "Its name, without the spaces around it; no other tag has it in any"
            " case.",
            "example": "no-show risk",
        },
    )
    created_at = Instant(
        required=True,
        metadata={"description": "When it was made.", "example": "2023-11-07T05:31:56Z"},
    )
    updated_at = Instant(
        required=True,
        metadata={"description": "When it last changed.", "example": "2023-11-07T05:31:56Z"},
    )
    version = WholeNumber(
        1,
        INT32[1],
        required=True,
        metadata={"description": "Grows by one with each change.", "example": 1},
    )


class TagCreateSchema(RequestSchema, TagSchema):
    """A new tag."""

    needed = ("name",)

    class Meta(Schema.Meta):
        exclude = ("created_at", "updated_at", "version")


class TagPatchSchema(RequestSchema, TagSchema):
    """What changes of a tag, and the version that the change is based on."""

    needed = ("version",)

    class Meta(Schema.Meta):
        exclude = ("id", "created_at", "updated_at")


class TagImportSchema(RequestSchema, TagSchema):
    """A tag in a file: as it is exported, or less."""

    needed = ("name",)


class TagQueryArgsSchema(PageArgsSchema):
    """Which page of the tags."""


class TagListSchema(ma.Schema):
    """A page of tags."""

    class Meta:
        unknown = ma.EXCLUDE

    data = ma.fields.List(ma.fields.Nested(TagSchema(unknown=ma.EXCLUDE)), required=True)
    pagination = ma.fields.Nested(PaginationSchema, required=True)
