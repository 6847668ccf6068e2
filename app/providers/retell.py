"""Retell: `call_ended` with everything but the analysis, and `call_analyzed` with it too."""

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any

from app.providers.webhooks.delivery import CallDraft, Delivery
from app.providers.webhooks.events import call_id, event_name, proposals
from app.providers.webhooks.signatures import MINUTE_MS, any_signed
from app.providers.webhooks.times import from_ms, minutes
from app.providers.webhooks.values import dig, dollars, number, phone_call, present, text

SECRET = "RETELL_API_KEY"  # noqa: S105  the name of a setting
NEEDS_PUBLIC_URL = False

RANKS = {"call_ended": 1, "call_analyzed": 2}
SIGNATURE = re.compile(r"v=([0-9]{1,15}),d=([0-9a-f]{64})")
TOLERANCE_MS = 5 * MINUTE_MS


def verify(delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
    signature = SIGNATURE.fullmatch(delivery.headers.get("X-Retell-Signature", ""))
    if signature is None:
        return False
    stamp, digest = signature.groups()
    if abs(now_ms - int(stamp)) > TOLERANCE_MS:
        return False
    return any_signed([digest], secrets, chain(delivery.chunks(), [stamp.encode()]))


def read(delivery: Delivery) -> CallDraft | None:
    body = delivery.json_object()
    kind = event_name(body.get("event"))
    if kind not in RANKS:
        return None
    call = body.get("call")
    return CallDraft(
        provider="retell",
        external_id=call_id(dig(call, "call_id")),
        kind=kind,
        rank=RANKS[kind],
        values=_values(call),
        proposals=proposals(
            dig(call, "call_analysis", "custom_analysis_data"), dig(call, "metadata")
        ),
    )


def _values(call: object) -> dict[str, Any]:
    started_at = from_ms(number(dig(call, "start_timestamp")))
    return present(
        created_at=started_at,
        assistant_id=text(dig(call, "agent_id")),
        started_at=started_at,
        ended_at=from_ms(number(dig(call, "end_timestamp"))),
        summary=text(dig(call, "call_analysis", "call_summary")),
        duration_min=minutes(number(dig(call, "duration_ms")), per_minute=60_000),
        transcript=text(dig(call, "transcript")),
        recording_url=text(dig(call, "recording_url")),
        cost_usd=dollars(number(dig(call, "call_cost", "combined_cost")), per_dollar=100),
        ended_reason=text(dig(call, "disconnection_reason")),
        **_line(call),
    )


def _line(call: object) -> dict[str, Any]:
    match dig(call, "call_type"):
        case "web_call":
            return {"type": "webCall"}
        case "phone_call":
            numbers = dig(call, "from_number"), dig(call, "to_number")
            return phone_call(dig(call, "direction"), *numbers)
        case _:
            return {}
