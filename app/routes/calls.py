"""/v1/calls."""

from typing import Any

import orjson
from flask import Response

from app.api import Blueprint
from app.auth import requires
from app.call_list import find_page
from app.pagination import link_header
from app.schemas.calls import CallListSchema, CallQueryArgsSchema

blp = Blueprint("Calls", __name__, url_prefix="/v1", description="Calls of the clinic.")

LINK = {
    "Link": {
        "description": "`first`, `prev`, `next` and `last` page with the same filters (RFC 8288).",
        "schema": {"type": "string"},
    }
}


@blp.get("/calls")
@blp.arguments(CallQueryArgsSchema, location="query")
@blp.response(200, CallListSchema, headers=LINK)
@requires("read")
def list_calls(args: dict[str, Any]) -> Response:
    """List Calls

    Newest first: by `started_at`, or by `created_at` for a call that never started; ties by `id`,
    descending. An empty value is the same as an absent one; an unknown parameter is refused.
    """
    page = find_page(args)
    pagination = orjson.dumps(
        {
            "has_more": args["page"] * args["limit"] < page.total,
            "total": page.total,
            "page": args["page"],
            "limit": args["limit"],
        }
    )
    return Response(
        b'{"data":[%b],"pagination":%b}' % (page.calls, pagination),
        headers={"Link": link_header(args["page"], args["limit"], page.total)},
        mimetype="application/json",
    )
