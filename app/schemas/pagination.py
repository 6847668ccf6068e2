"""Lists: what may be asked of each of them, and what a page of one is."""

from app.schemas.base import RequestSchema, Schema
from app.schemas.fields import INT32, Integer, List, Nested, QueryNumber, YesNo

DEFAULT_LIMIT = 50
MAX_LIMIT = 100


class PageArgsSchema(RequestSchema):
    """Which page of a list."""

    page = QueryNumber(
        "Page, counted from 1. Beyond the end `data` is empty and `total` true.",
        least=1,
        most=INT32[1],
        load_default=1,
        example=1,
    )
    limit = QueryNumber(
        "Items on a page, 1 to 100; anything else is refused, never clamped.",
        least=1,
        most=MAX_LIMIT,
        load_default=DEFAULT_LIMIT,
        example=20,
    )


class PaginationSchema(Schema):
    """Pagination information for list responses."""

    has_more = YesNo("Whether more items exist beyond this page.")
    total = Integer("Items across all pages.", example=123)
    page = Integer("This page, counted from 1.", example=1)
    limit = Integer("Items on a page.", example=50)


def page_of(schema: type[Schema]) -> type[Schema]:
    """Give the schema of a page of rows: CallListSchema for CallSchema."""
    thing = schema.__name__.removesuffix("Schema")
    return type(
        f"{thing}ListSchema",
        (Schema,),
        {
            "__doc__": f"A page of {thing.lower()}s.",
            "data": List(of=Nested(of=schema)),
            "pagination": Nested(of=PaginationSchema),
        },
    )
