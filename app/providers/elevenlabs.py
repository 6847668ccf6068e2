"""ElevenLabs: a conversation's transcription, or its failure to start; never its audio."""

import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain
from typing import Any

from app import instants
from app.providers.webhooks import making
from app.providers.webhooks.delivery import Delivery
from app.providers.webhooks.events import call_id, draft, event_name, proposals
from app.providers.webhooks.making import Row, Webhook
from app.providers.webhooks.signatures import MINUTE_MS, any_signed, signature, timestamp
from app.providers.webhooks.times import from_seconds, shifted
from app.providers.webhooks.values import dig, divided, number, phone_call_type, text
from app.services.drafts import Draft

SECRET = "ELEVENLABS_WEBHOOK_SECRET"  # noqa: S105  the name of a setting
NEEDS_PUBLIC_URL = False

TRANSCRIPTION = "post_call_transcription"
FAILURE = "call_initiation_failure"
AUDIO = "post_call_audio"
LANGUAGE_CODES = {"english": "en", "spanish": "es", "russian": "ru"}
RANKS = {FAILURE: 1, TRANSCRIPTION: 2}

OLDEST_MS = 30 * MINUTE_MS
FARTHEST_AHEAD_MS = 5 * MINUTE_MS

LARGE_BYTES = 1024 * 1024
BASE64_RUN = re.compile(rb"([A-Za-z0-9+/=_-]{8})[A-Za-z0-9+/=_-]{56,}")


def verify(delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
    header = delivery.headers.get("ElevenLabs-Signature", "")
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    stamp = timestamp(stamps[0]) if len(stamps) == 1 else None
    if stamp is None or not -FARTHEST_AHEAD_MS <= now_ms - stamp * 1000 <= OLDEST_MS:
        return False
    signatures = [value for name, _, value in parts if name == "v0"]
    return any_signed(signatures, secrets, _signed(stamps[0], delivery.chunks()))


def sign(webhook: Webhook, secret: str, url: str) -> dict[str, str]:
    stamp = str(instants.now_ms() // 1000)
    digest = signature(secret, _signed(stamp, [webhook.body]))
    return {"ElevenLabs-Signature": f"t={stamp},v0={digest}"}


def _signed(stamp: str, body: Iterable[bytes]) -> Iterator[bytes]:
    return chain([f"{stamp}.".encode()], body)


def read(delivery: Delivery) -> Draft | None:
    if delivery.size > LARGE_BYTES and _is_audio(delivery):
        return None
    body = delivery.json_object()
    kind = event_name(body.get("type"))
    if kind not in RANKS:
        return None
    data = body.get("data")
    return draft(
        "elevenlabs",
        call_id(dig(data, "conversation_id")),
        rank=RANKS[kind],
        **(_failure(body) if kind == FAILURE else _transcription(data)),
        **proposals(_collected(data)),
    )


def _is_audio(delivery: Delivery) -> bool:
    """Tell a call's audio by the rest of its body: a parser would hold the audio whole.

    A body is still the same JSON otherwise when its runs of base64 are cut: 8 bytes outlast any
    escape (`\\u0041`) that began before the run.
    """
    rest = b"".join(BASE64_RUN.sub(rb"\1", chunk) for chunk in delivery.chunks())
    return Delivery(BytesIO(rest)).json_object().get("type") == AUDIO


def _transcription(data: object) -> dict[str, Any]:
    metadata, agent = dig(data, "metadata"), dig(data, "conversation_initiation_client_data")
    phone = dig(metadata, "phone_call")
    started_at = from_seconds(number(dig(metadata, "start_time_unix_secs")))
    seconds = number(dig(metadata, "call_duration_secs"))
    return {
        "created_at": started_at,
        "assistant_id": dig(data, "agent_id"),
        "phone_number_id": dig(phone, "phone_number_id"),
        "type": phone_call_type(dig(phone, "direction")) if isinstance(phone, dict) else "webCall",
        "started_at": started_at,
        "ended_at": shifted(started_at, seconds),
        "summary": dig(data, "analysis", "transcript_summary"),
        "customer_number": dig(phone, "external_number"),
        "duration_min": divided(seconds, 60),
        "language": (
            dig(metadata, "main_language"),
            dig(agent, "conversation_config_override", "agent", "language"),
        ),
        "transcript": _transcript(dig(data, "transcript")),
        "cost_usd": number(dig(metadata, "cost_fiat")),
        "ended_reason": dig(metadata, "termination_reason"),
    }


def _failure(body: dict[str, Any]) -> dict[str, Any]:
    data = body.get("data")
    # Twilio's own callback, or what the SIP trunk said.
    callback = dig(data, "metadata", "body")
    return {
        "created_at": from_seconds(number(body.get("event_timestamp"))),
        "assistant_id": dig(data, "agent_id"),
        "type": phone_call_type("outbound"),
        "customer_number": (dig(callback, "To"), dig(callback, "to_number")),
        "ended_reason": dig(data, "failure_reason"),
    }


def _transcript(turns: object) -> str | None:
    """Give the turns as lines, without those in which nothing was said."""
    if not isinstance(turns, list):
        return None
    said = [(text(dig(turn, "role")), text(dig(turn, "message"))) for turn in turns]
    lines = [f"{role}: {message}" if role else message for role, message in said if message]
    return "\n".join(lines)


def _collected(data: object) -> dict[str, Any]:
    results = dig(data, "analysis", "data_collection_results")
    if not isinstance(results, dict):
        return {}
    return {name: dig(result, "value") for name, result in results.items()}


def make(row: Row) -> list[Webhook]:
    event = {
        "type": FAILURE if row["started_at"] is None else TRANSCRIPTION,
        "event_timestamp": making.whole_seconds(making.milliseconds(row["created_at"])),
    }
    data = {"agent_id": row["assistant_id"], "conversation_id": row["external_id"]}
    if row["started_at"] is None:
        data |= {"failure_reason": making.FAILURES.get(row["ended_reason"], "unknown")}
        data |= {"metadata": {"type": "twilio", "body": {"To": row["customer_number"]}}}
    else:
        data |= _conversation(row)
    return [making.json_webhook(event | {"data": data})]


def _conversation(row: Row) -> Row:
    phone = {
        "direction": making.direction(row),
        "phone_number_id": row["phone_number_id"],
        "external_number": row["customer_number"],
    }
    results = {name: {"value": value} for name, value in making.collected(row).items()}
    return {
        "status": "done",
        "transcript": [_turn(line) for line in (row["transcript"] or "").splitlines()],
        "metadata": {
            "start_time_unix_secs": making.whole_seconds(making.milliseconds(row["started_at"])),
            "call_duration_secs": making.whole_seconds(making.length_ms(row)),
            "cost_fiat": row["cost_usd"],
            "main_language": LANGUAGE_CODES.get(row["language"]),
            "phone_call": None if row["type"] == "webCall" else phone,
            "termination_reason": row["ended_reason"],
        },
        "analysis": {
            "transcript_summary": row["summary"],
            "data_collection_results": results,
        },
    }


def _turn(line: str) -> dict[str, str]:
    speaker, _, message = line.partition(": ")
    return {"role": "user" if speaker == "User" else "agent", "message": message}
