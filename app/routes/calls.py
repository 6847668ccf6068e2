"""/v1/calls."""

from typing import Any

import orjson
from flask import Response, current_app, g, request

from app import call_book
from app.api import Blueprint
from app.auth import requires
from app.call_list import find_page
from app.pagination import link_header
from app.schemas.calls import (
    CallCreateSchema,
    CallDetailSchema,
    CallListSchema,
    CallPatchSchema,
    CallQueryArgsSchema,
)
from app.wire import to_json

blp = Blueprint("Calls", __name__, url_prefix="/v1", description="Calls of the clinic.")

LINK = {
    "Link": {
        "description": "`first`, `prev`, `next` and `last` page with the same filters (RFC 8288).",
        "schema": {"type": "string"},
    }
}
LOCATION = {"Location": {"description": "The call's address.", "schema": {"type": "string"}}}
ETAG = {"ETag": {"description": "Stands for this version.", "schema": {"type": "string"}}}


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


@blp.post("/calls")
@blp.arguments(CallCreateSchema)
@blp.response(201, CallDetailSchema, headers=LOCATION)
@blp.alt_response(200, schema=CallDetailSchema, description="It was there already, the same.")
@blp.errors("already_exists")
@requires("write", "ingest")
def create_call(values: dict[str, Any]) -> Response:
    """Create a call

    The same `id` with the content that was first posted changes nothing and is 200. Where
    `patient_id` is left out, the call is linked to the one patient who has its number.
    """
    outcome, call = call_book.post_call(values, by_person="write" in g.scopes)
    response = _detail(call, 201 if outcome == "created" else 200)
    response.headers["Location"] = f"/v1/calls/{call['id']}"
    return response


@blp.get("/calls/<call_id>")
@blp.response(200, CallDetailSchema, headers=ETAG)
@requires("read")
def get_call(call_id: str) -> Response:
    """Get a call

    The sixteen keys of the list and all else that is known. `If-None-Match` with the `ETag` of an
    earlier answer is 304 as long as the call has not changed.
    """
    response = _detail(call_book.get_call(call_id))
    response.make_conditional(request)
    return response


@blp.patch("/calls/<call_id>")
@blp.arguments(CallPatchSchema)
@blp.response(200, CallDetailSchema, headers=ETAG)
@blp.errors("version_mismatch")
@requires("write")
def update_call(values: dict[str, Any], call_id: str) -> Response:
    """Change a call

    The body carries the current `version`. A field given here, null too, is the person's from then
    on: no provider's event changes it any more.
    """
    version = values.pop("version")
    return _detail(call_book.decide_call(call_id, version, values))


@blp.delete("/calls/<call_id>")
@blp.response(204)
@requires("write")
def delete_call(call_id: str) -> Response:
    """Delete a call

    It is kept, marked inactive, and seen by no list, search, count or get.
    """
    call_book.remove_call(call_id)
    return Response(status=204)


def _detail(call: dict[str, Any], status: int = 200) -> Response:
    org_id = current_app.config["CLINIC_ORG_ID"]
    body = orjson.dumps(to_json(call | {"org_id": org_id}, CallDetailSchema))
    response = Response(body, status, mimetype="application/json")
    response.set_etag(str(call["version"]))
    return response
