"""/v1/tags."""

from typing import Any

from flask import Response

from app.auth import requires
from app.routes.answers import answer_delete, answer_page, answer_patch, answer_post, answer_row
from app.routes.api import Blueprint
from app.schemas.tags import (
    TagCreateSchema,
    TagListSchema,
    TagPatchSchema,
    TagQueryArgsSchema,
    TagSchema,
)
from app.services.tags import tags

blp = Blueprint("Tags", __name__, url_prefix="/v1", description="Labels on patients.")

# Bodies to try at /docs, as they stand.
NEW_TAG = {"name": "prefers e-mail"}
TAG_CHANGE = {"name": "prefers the telephone", "version": 1}


@blp.get("/tags")
@blp.arguments(TagQueryArgsSchema, location="query")
@blp.response(200, TagListSchema)
@requires("read")
def list_tags(args: dict[str, Any]) -> Response:
    """List tags

    By name, without regard to case, accents and punctuation; ties by `id`.
    """
    return answer_page(tags, args, TagSchema)


@blp.post("/tags")
@blp.arguments(TagCreateSchema, example=NEW_TAG)
@blp.response(201, TagSchema)
@blp.alt_response(200, schema=TagSchema, description="It was there already, the same.")
@requires("write")
def create_tag(values: dict[str, Any]) -> Response:
    """Create a tag

    The same `id` with the content that was first posted changes nothing and is 200. A name that
    another tag has, in whatever case, is 409 `already_exists`.
    """
    return answer_post(*tags.create(values), TagSchema)


@blp.get("/tags/<tag_id>")
@blp.response(200, TagSchema)
@requires("read")
def get_tag(tag_id: str) -> Response:
    """Get a tag

    A deleted tag is 404, as one that never was.
    """
    return answer_row(tags.get(tag_id), TagSchema)


@blp.patch("/tags/<tag_id>")
@blp.arguments(TagPatchSchema, example=TAG_CHANGE)
@blp.response(200, TagSchema)
@blp.errors("already_exists")
@requires("write")
def update_tag(values: dict[str, Any], tag_id: str) -> Response:
    """Change a tag

    The body carries the current `version`; another one is 409 `version_mismatch`.
    """
    return answer_patch(tags, tag_id, values, TagSchema)


@blp.delete("/tags/<tag_id>")
@blp.response(204)
@requires("write")
def delete_tag(tag_id: str) -> Response:
    """Delete a tag

    From then on no patient shows it, no filter finds by it, and another tag may take its name.
    """
    return answer_delete(tags, tag_id, TagSchema)
