"""Bland: the post-call body, which names no event because it is the only one."""

from collections.abc import Sequence

from app.providers.webhooks import making
from app.providers.webhooks.delivery import Delivery
from app.providers.webhooks.events import call_id, draft, proposals
from app.providers.webhooks.making import Row, Webhook
from app.providers.webhooks.signatures import any_signed, signature
from app.providers.webhooks.times import from_rfc3339, shifted
from app.providers.webhooks.values import dig, divided, number, numeral, phone_call
from app.services.drafts import Draft

SECRET = "BLAND_WEBHOOK_SECRET"  # noqa: S105  the name of a setting
NEEDS_PUBLIC_URL = False

DIRECTIONS = {True: "inbound", False: "outbound"}


def verify(delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
    given = delivery.headers.getlist("X-Webhook-Signature")
    return any_signed(given, secrets, delivery.chunks())


def read(delivery: Delivery) -> Draft | None:
    call = delivery.json_object()
    started_at = from_rfc3339(call.get("started_at"))
    seconds = numeral(call.get("corrected_duration"))
    inbound = call.get("inbound")
    direction = DIRECTIONS[inbound] if isinstance(inbound, bool) else None
    return draft(
        "bland",
        call_id(call.get("call_id"), call.get("c_id")),
        rank=1,
        created_at=from_rfc3339(call.get("created_at")),
        assistant_id=call.get("pathway_id"),
        started_at=started_at,
        ended_at=(shifted(started_at, seconds), from_rfc3339(call.get("end_at"))),
        summary=call.get("summary"),
        duration_min=(divided(seconds, 60), number(call.get("call_length"))),
        language=dig(call, "request_data", "language"),
        transcript=call.get("concatenated_transcript"),
        recording_url=call.get("recording_url"),
        cost_usd=number(call.get("price")),
        ended_reason=(call.get("call_ended_by"), call.get("error_message")),
        **phone_call(direction, call.get("from"), call.get("to")),
        **proposals(call.get("variables"), call.get("metadata")),
    )


def make(row: Row) -> list[Webhook]:
    caller, callee = making.numbers(row)
    seconds = None if row["started_at"] is None else making.whole_seconds(making.length_ms(row))
    call = {
        "call_id": row["external_id"],
        "c_id": row["external_id"],
        "pathway_id": row["assistant_id"],
        "created_at": row["created_at"],
        "started_at": row["started_at"],
        "end_at": row["ended_at"],
        "inbound": making.direction(row) == "inbound",
        "from": caller,
        "to": callee,
        "completed": seconds is not None,
        "corrected_duration": None if seconds is None else str(seconds),
        "call_length": None if seconds is None else seconds / 60,
        "price": row["cost_usd"],
        "summary": row["summary"],
        "concatenated_transcript": row["transcript"],
        "recording_url": row["recording_url"],
        "call_ended_by": "USER" if seconds is not None else None,
        "error_message": None if seconds is not None else row["ended_reason"],
        "request_data": {"language": row["language"]},
        "variables": making.collected(row),
        "metadata": {},
    }
    return [making.json_webhook(call)]


def sign(webhook: Webhook, secret: str, url: str) -> dict[str, str]:
    return {"X-Webhook-Signature": signature(secret, [webhook.body])}
