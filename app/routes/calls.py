"""/v1/calls."""

from typing import Any

from flask import Response, g

from app.auth import requires
from app.routes.answers import (
    answer_created,
    answer_delete,
    answer_page,
    answer_patch,
    answer_post,
    answer_row,
    answer_stats,
)
from app.routes.api import Blueprint
from app.schemas.calls import (
    AttemptCreateSchema,
    CallCreateSchema,
    CallDetailSchema,
    CallListSchema,
    CallPatchSchema,
    CallQueryArgsSchema,
    CallSchema,
)
from app.schemas.figures import CallStatsArgsSchema, CallStatsSchema
from app.schemas.history import ChangeListSchema, ChangeSchema
from app.schemas.pagination import PageArgsSchema
from app.services import desk
from app.services.calls import calls
from app.services.history import History

blp = Blueprint("Calls", __name__, url_prefix="/v1", description="Calls of the clinic.")

# Bodies to try at /docs: they are taken as they stand, on a row that nobody has changed yet.
NEW_CALL = {
    "type": "inboundPhoneCall",
    "started_at": "2023-11-07T05:31:56Z",
    "ended_at": "2023-11-07T05:34:26Z",
    "summary": "Moved Thursday's visit to Friday at 10.",
    "customer_number": "+12125550123",
    "category": "rescheduling",
    "language": "english",
}
CALL_CHANGE = {"category": "billing", "notes": "Forms sent by e-mail.", "version": 1}
ATTEMPT = {"outcome": "left_message", "note": "With her son.", "version": 1}


@blp.get("/calls")
@blp.arguments(CallQueryArgsSchema, location="query")
@blp.response(200, CallListSchema)
@requires("read")
def list_calls(args: dict[str, Any]) -> Response:
    """List Calls

    Newest first: by `started_at`, or by `created_at` for a call that never started; ties by `id`,
    descending. An empty value is the same as an absent one; an unknown parameter is refused.
    `If-None-Match` with the `ETag` of an earlier answer is 304 as long as nothing has changed.
    """
    return answer_page(calls, args, CallSchema)


@blp.post("/calls")
@blp.arguments(CallCreateSchema, example=NEW_CALL)
@blp.response(201, CallDetailSchema)
@blp.alt_response(200, schema=CallDetailSchema, description="It was there already.")
@blp.errors("already_exists")
@requires("write", "ingest")
def create_call(values: dict[str, Any]) -> Response:
    """Create a call

    The same `id` with the content that was first posted changes nothing and is 200. Where
    `patient_id` is left out, the call is linked to the one patient who has its number.
    """
    return answer_post(*calls.create(values, by_person="write" in g.scopes), CallDetailSchema)


@blp.get("/calls/stats")
@blp.arguments(CallStatsArgsSchema, location="query")
@blp.response(200, CallStatsSchema)
@requires("read")
def call_stats(args: dict[str, Any]) -> Response:
    """Add up calls, group by group

    Every filter of the list. Times are those that order the list, on the clinic's clock. Days,
    weeks and months without calls in between are there with zeros, hours and weekdays always all;
    other groups come by calls, descending, then by name, and `null`, those without a value, last.
    At most 3,700 groups. `If-None-Match` with the `ETag` of an earlier answer is 304 as long as
    nothing has changed.
    """
    return answer_stats(args)


@blp.get("/calls/<call:call_id>")
@blp.response(200, CallDetailSchema)
@requires("read")
def get_call(call_id: str) -> Response:
    """Get a call

    The sixteen keys of the list and all else that is known. `If-None-Match` with the `ETag` of an
    earlier answer is 304 as long as the call has not changed.
    """
    return answer_row(calls.get(call_id), CallDetailSchema)


@blp.patch("/calls/<call:call_id>")
@blp.arguments(CallPatchSchema, example=CALL_CHANGE)
@blp.response(200, CallDetailSchema)
@blp.errors("version_mismatch")
@requires("write")
def update_call(values: dict[str, Any], call_id: str) -> Response:
    """Change a call

    The body carries the current `version`. A field given here, null too, is the person's from then
    on: no provider's event changes it any more.
    """
    return answer_patch(calls, call_id, values, CallDetailSchema)


@blp.delete("/calls/<call:call_id>")
@blp.response(204)
@requires("write")
def delete_call(call_id: str) -> Response:
    """Delete a call

    It is kept, marked inactive, and seen by no list, search, count or get.
    """
    return answer_delete(calls, call_id, CallDetailSchema)


@blp.post("/calls/<call:call_id>/attempts")
@blp.arguments(AttemptCreateSchema, example=ATTEMPT)
@blp.response(201, CallDetailSchema)
@blp.errors("version_mismatch")
@requires("write")
def create_attempt(values: dict[str, Any], call_id: str) -> Response:
    """Note an attempt to reach the caller

    A change of the call, with a new version and an entry in its history; neither status nor
    assignee change. `due_at` becomes what is given here, null where nothing is.
    """
    version = values.pop("version", None)
    row = desk.attempt(call_id, version, **values)
    return answer_created(row, f"/v1/calls/{row['id']}", CallDetailSchema)


@blp.get("/calls/<call:call_id>/history")
@blp.arguments(PageArgsSchema, location="query")
@blp.response(200, ChangeListSchema)
@requires("read")
def list_call_history(args: dict[str, Any], call_id: str) -> Response:
    """List what became of a call

    Newest first. A call that an import or a pull brought has no entry until it changes.
    """
    return answer_page(History("call", calls.get(call_id)), args, ChangeSchema)
