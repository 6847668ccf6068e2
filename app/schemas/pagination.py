"""Pages: which part of a list is asked for, and which part it is."""

import marshmallow as ma

from app.schemas.base import Schema
from app.schemas.fields import INT32, QueryNumber

DEFAULT_LIMIT = 50
MAX_LIMIT = 100


class PageArgsSchema(Schema):
    """Which page of a list."""

    page = QueryNumber(
        1,
        INT32[1],
        load_default=1,
        metadata={
            "description": "Page, counted from 1. Beyond the end `data` is empty and `total` true.",
            "example": 1,
        },
    )
    limit = QueryNumber(
        1,
        MAX_LIMIT,
        load_default=DEFAULT_LIMIT,
        metadata={
            "description": "Items on a page, 1 to 100; anything else is refused, never clamped.",
            "example": 20,
        },
    )


class PaginationSchema(ma.Schema):
    """Pagination information for list responses."""

    class Meta:
        unknown = ma.EXCLUDE

    has_more = ma.fields.Boolean(
        required=True, metadata={"description": "Whether more items exist beyond this page."}
    )
    total = ma.fields.Integer(
        required=True, metadata={"description": "Items across all pages.", "example": 123}
    )
    page = ma.fields.Integer(
        required=True, metadata={"description": "This page, counted from 1.", "example": 1}
    )
    limit = ma.fields.Integer(
        required=True, metadata={"description": "Items on a page.", "example": 50}
    )
