"""Retell: `call_ended` with everything but the analysis, and `call_analyzed` with it too."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from app import instants
from app.providers.webhooks import making
from app.providers.webhooks.delivery import Delivery
from app.providers.webhooks.events import call_id, draft, event_name, proposals
from app.providers.webhooks.making import Row, Webhook
from app.providers.webhooks.signatures import MINUTE_MS, any_signed, signature
from app.providers.webhooks.times import from_ms
from app.providers.webhooks.values import dig, divided, number, phone_call
from app.services.drafts import Draft

SECRET = "RETELL_API_KEY"  # noqa: S105  the name of a setting
NEEDS_PUBLIC_URL = False

RANKS = {"call_ended": 1, "call_analyzed": 2}
HEADER = re.compile(r"v=([0-9]{1,15}),d=([0-9a-f]{64})")
TOLERANCE_MS = 5 * MINUTE_MS


def verify(delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
    header = HEADER.fullmatch(delivery.headers.get("X-Retell-Signature", ""))
    if header is None:
        return False
    stamp, digest = header.groups()
    if abs(now_ms - int(stamp)) > TOLERANCE_MS:
        return False
    return any_signed([digest], secrets, _signed(stamp, delivery.chunks()))


def sign(webhook: Webhook, secret: str, url: str) -> dict[str, str]:
    stamp = str(instants.now_ms())
    digest = signature(secret, _signed(stamp, [webhook.body]))
    return {"X-Retell-Signature": f"v={stamp},d={digest}"}


def _signed(stamp: str, body: Iterable[bytes]) -> Iterator[bytes]:
    return chain(body, [stamp.encode()])


def read(delivery: Delivery) -> Draft | None:
    body = delivery.json_object()
    kind = event_name(body.get("event"))
    if kind not in RANKS:
        return None
    call = body.get("call")
    started_at = from_ms(number(dig(call, "start_timestamp")))
    return draft(
        "retell",
        call_id(dig(call, "call_id")),
        rank=RANKS[kind],
        created_at=started_at,
        assistant_id=dig(call, "agent_id"),
        started_at=started_at,
        ended_at=from_ms(number(dig(call, "end_timestamp"))),
        summary=dig(call, "call_analysis", "call_summary"),
        duration_min=divided(number(dig(call, "duration_ms")), 60_000),
        transcript=dig(call, "transcript"),
        recording_url=dig(call, "recording_url"),
        cost_usd=divided(number(dig(call, "call_cost", "combined_cost")), 100),
        ended_reason=dig(call, "disconnection_reason"),
        **_line(call),
        **proposals(dig(call, "call_analysis", "custom_analysis_data"), dig(call, "metadata")),
    )


def _line(call: object) -> dict[str, Any]:
    line = phone_call(dig(call, "direction"), dig(call, "from_number"), dig(call, "to_number"))
    call_type = dig(call, "call_type")
    if call_type == "phone_call":
        return line
    return line | {"type": "webCall" if call_type == "web_call" else None}


def make(row: Row) -> list[Webhook]:
    started_ms, cost_usd = making.milliseconds(row["started_at"]), row["cost_usd"]
    call = {
        "call_id": row["external_id"],
        "agent_id": row["assistant_id"],
        "call_status": "not_connected" if started_ms is None else "ended",
        **_phone(row),
        "start_timestamp": started_ms,
        "end_timestamp": making.milliseconds(row["ended_at"]),
        "duration_ms": making.length_ms(row),
        "transcript": row["transcript"],
        "recording_url": row["recording_url"],
        "disconnection_reason": row["ended_reason"],
        "call_cost": {"combined_cost": None if cost_usd is None else round(cost_usd * 100, 4)},
        "metadata": {},
    }
    analysis = {"call_summary": row["summary"], "custom_analysis_data": making.collected(row)}
    calls = {"call_ended": call, "call_analyzed": call | {"call_analysis": analysis}}
    return [
        making.json_webhook({"event": event, "call": making.without_nulls(said)})
        for event, said in calls.items()
    ]


def _phone(row: Row) -> Row:
    if row["type"] == "webCall":
        return {"call_type": "web_call"}
    caller, callee = making.numbers(row)
    line = {"from_number": caller, "to_number": callee}
    return {"call_type": "phone_call", "direction": making.direction(row), **line}
