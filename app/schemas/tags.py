"""Tags on the wire, and how those of a patient are asked for."""

import re
from typing import Any

import marshmallow as ma

from app.schemas.base import RequestSchema, Schema
from app.schemas.fields import (
    UPDATED_AT,
    VERSION,
    Choice,
    Identifier,
    Instant,
    List,
    Name,
    PlainUuid,
)
from app.schemas.pagination import PageArgsSchema, page_of

MAX_NAME_LENGTH = 100
MAX_TAGS = 100
TAG_FILTER_MODES = ("any", "all", "exclude_any", "exclude_all")

_ONE_ID = r"""[^\u0000,()\[\]{}'"]*"""


class TagSchema(Schema):
    """A label on patients."""

    id = PlainUuid("The tag's id.", example="6018366c-f658-47a7-9ed3-4fe53a096533")
    name = Name(
        "Its name, without the spaces around it; no other tag has it in any case.",
        most=MAX_NAME_LENGTH,
        example="no-show risk",
    )
    created_at = Instant("When it was made.", example="2023-11-07T05:31:56Z")
    updated_at = UPDATED_AT
    version = VERSION


class TagCreateSchema(RequestSchema, TagSchema):
    """A new tag."""

    needed = {"name"}
    barred = {"created_at", "updated_at", "version"}


class TagPatchSchema(RequestSchema, TagSchema):
    """What changes of a tag, and the version that the change is based on."""

    needed = {"version"}
    barred = {"id", "created_at", "updated_at"}


class TagImportSchema(RequestSchema, TagSchema):
    """A tag in a file: as it is exported, or less."""

    needed = {"name"}


TagListSchema = page_of(TagSchema)


class TagQueryArgsSchema(PageArgsSchema):
    """Which page of the tags."""


class AskedTag(Identifier):
    """A tag's id in a query: one, never several in one value, whatever divides them."""

    default_error_messages = {"several": "takes one id at a time: repeat tags[] for several."}
    facts = {"pattern": f"^{_ONE_ID}$"}

    def read(self, value: Any) -> Any:
        text = super().read(value)
        if text and not re.fullmatch(_ONE_ID, text):
            raise self.make_error("several")
        return text


class TagFilterArgsSchema(RequestSchema):
    """How the tags of a patient are asked for."""

    aliases = {"tags": "tags[]"}

    tags = List(
        "Tag ids, repeatable, at most 100; an id that no tag has is held by nobody. `tags` is"
        " another name of this parameter.",
        of=AskedTag(),
        data_key="tags[]",
        facts={"maxItems": MAX_TAGS},
        example=["6018366c-f658-47a7-9ed3-4fe53a096533"],
    )
    tag_filter_mode = Choice(
        "How the patient's tags meet those asked for: `any` shares one, `all` holds all,"
        " `exclude_any` shares none, `exclude_all` does not hold all. A call without a patient"
        " has no tags. Without `tags[]` the mode changes nothing.",
        of=TAG_FILTER_MODES,
        name="TagFilterMode",
        load_default="any",
        example="any",
    )

    def finish(self, values: dict[str, Any]) -> None:
        values["tags"] = tuple(dict.fromkeys(values.get("tags", ())))
        if len(values["tags"]) > MAX_TAGS:
            raise ma.ValidationError(f"may name at most {MAX_TAGS} tags.", "tags[]")
