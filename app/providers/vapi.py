"""Vapi: the server message at the end of a call, with a plain secret, a bearer token or an HMAC."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from app import instants
from app.instants import duration_min, ends_before_it_starts
from app.providers.webhooks import making
from app.providers.webhooks.delivery import Delivery
from app.providers.webhooks.events import call_id, draft, event_name, proposals
from app.providers.webhooks.making import Row, Webhook
from app.providers.webhooks.signatures import (
    MINUTE_MS,
    any_secret,
    any_signed,
    signature,
    timestamp,
)
from app.providers.webhooks.times import from_rfc3339
from app.providers.webhooks.values import dig, divided, first, number
from app.services.drafts import Draft

SECRET = "VAPI_WEBHOOK_SECRET"  # noqa: S105  the name of a setting
NEEDS_PUBLIC_URL = False

END_OF_CALL = "end-of-call-report"
TOLERANCE_MS = 5 * MINUTE_MS
# As seconds this is the year 5138, as milliseconds 1973.
LEAST_MILLISECONDS = 10**11


def verify(delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
    headers = delivery.headers
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    plain = [headers.get("X-Vapi-Secret"), token.strip() if scheme.lower() == "bearer" else None]
    if any_secret(filter(None, plain), secrets):
        return True
    stamp = headers.get("X-Timestamp", "")
    if not _is_fresh(timestamp(stamp), now_ms):
        return False
    given = headers.getlist("X-Signature")
    return any_signed(given, secrets, _signed(stamp, delivery.chunks()))


def sign(webhook: Webhook, secret: str, url: str) -> dict[str, str]:
    stamp = str(instants.now_ms())
    digest = signature(secret, _signed(stamp, [webhook.body]))
    return {"x-timestamp": stamp, "x-signature": digest}


def _signed(stamp: str, body: Iterable[bytes]) -> Iterator[bytes]:
    return chain([f"{stamp}.".encode()], body)


def read(delivery: Delivery) -> Draft | None:
    message = delivery.json_object().get("message")
    if event_name(dig(message, "type")) != END_OF_CALL:
        return None
    call, artifact = dig(message, "call"), dig(message, "artifact")
    started_at = _either_instant(message, "startedAt")
    ended_at = _either_instant(message, "endedAt", earliest=started_at)
    # Where the instants give a duration, it is left to them.
    timed = duration_min(started_at, ended_at) is not None
    seconds = None if timed else number(dig(message, "durationSeconds"))
    return draft(
        "vapi",
        call_id(dig(call, "id")),
        rank=1,
        created_at=from_rfc3339(dig(call, "createdAt")),
        assistant_id=(dig(call, "assistantId"), dig(message, "assistant", "id")),
        phone_number_id=dig(call, "phoneNumberId"),
        type=dig(call, "type"),
        started_at=started_at,
        ended_at=ended_at,
        summary=(dig(message, "analysis", "summary"), dig(message, "summary")),
        customer_number=(dig(message, "customer", "number"), dig(call, "customer", "number")),
        duration_min=divided(seconds, 60),
        transcript=(dig(artifact, "transcript"), dig(message, "transcript")),
        recording_url=(
            dig(artifact, "recording", "mono", "combinedUrl"),
            dig(artifact, "recordingUrl"),
            dig(message, "recordingUrl"),
        ),
        cost_usd=number(dig(message, "cost")),
        ended_reason=dig(message, "endedReason"),
        **proposals(dig(message, "analysis", "structuredData")),
    )


def _is_fresh(stamp: int | None, now_ms: int) -> bool:
    if stamp is None:
        return False
    stamp_ms = stamp if stamp >= LEAST_MILLISECONDS else stamp * 1000
    return abs(now_ms - stamp_ms) <= TOLERANCE_MS


def _either_instant(message: object, name: str, earliest: int | None = None) -> int | None:
    told = from_rfc3339(dig(message, name)), from_rfc3339(dig(message, "call", name))
    return first(*(instant for instant in told if not ends_before_it_starts(earliest, instant)))


def make(row: Row) -> list[Webhook]:
    duration_ms = making.length_ms(row)
    call = {
        "id": row["external_id"],
        "type": row["type"],
        "createdAt": row["created_at"],
        "assistantId": row["assistant_id"],
        "phoneNumberId": row["phone_number_id"],
        "customer": {"number": row["customer_number"]} if row["customer_number"] else None,
    }
    message = {
        "type": END_OF_CALL,
        "endedReason": row["ended_reason"],
        "startedAt": row["started_at"],
        "endedAt": row["ended_at"],
        "durationSeconds": None if duration_ms is None else duration_ms / 1000,
        "cost": row["cost_usd"],
        "analysis": {"summary": row["summary"], "structuredData": making.collected(row)},
        "artifact": {"recordingUrl": row["recording_url"], "transcript": row["transcript"]},
        "call": making.without_nulls(call),
    }
    return [making.json_webhook({"message": making.without_nulls(message)})]
