"""What each provider would send of a call: the reverse of app.providers, for simulated webhooks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from app.instants import parse_instant

Row = dict[str, Any]

OUR_NUMBER = "+12125550100"
LANGUAGE_CODES = {"english": "en", "spanish": "es", "russian": "ru"}
# Why a call never connected: Retell's words, and what Twilio and ElevenLabs say of the same.
FAILURES = {"dial_busy": "busy", "dial_no_answer": "no-answer"}


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request as a provider would send it, but for its signature; `query` is its URL's."""

    body: bytes
    content_type: str = "application/json"
    query: str = ""


def webhooks(provider: str, row: Row) -> list[Webhook]:
    """Give what a provider sends of a call in the shape of an import, in its order.

    The provider's id of it says that it is simulated.
    """
    return MAKERS[provider](row | {"external_id": f"simulated-{row['external_id']}"})


def _retell(row: Row) -> list[Webhook]:
    started_ms, ended_ms = _ms(row["started_at"]), _ms(row["ended_at"])
    phone: Row = {"call_type": "web_call"}
    if row["type"] != "webCall":
        caller, callee = _numbers(row)
        direction = _direction(row)
        phone = {"call_type": "phone_call", "direction": direction}
        phone |= {"from_number": caller, "to_number": callee}
    call = {
        "call_id": row["external_id"],
        "agent_id": row["assistant_id"],
        "call_status": "not_connected" if started_ms is None else "ended",
        **phone,
        "start_timestamp": started_ms,
        "end_timestamp": ended_ms,
        "duration_ms": _length_ms(row),
        "transcript": row["transcript"],
        "recording_url": row["recording_url"],
        "disconnection_reason": row["ended_reason"],
        "call_cost": {"combined_cost": _cents(row["cost_usd"])},
        "metadata": {},
    }
    analysis = {"call_summary": row["summary"], "custom_analysis_data": _collected(row)}
    analyzed = call | {"call_analysis": analysis}
    return [
        _json({"event": "call_ended", "call": _without_nulls(call)}),
        _json({"event": "call_analyzed", "call": _without_nulls(analyzed)}),
    ]


def _vapi(row: Row) -> list[Webhook]:
    length_ms = _length_ms(row)
    call = {
        "id": row["external_id"],
        "type": row["type"],
        "createdAt": row["created_at"],
        "assistantId": row["assistant_id"],
        "phoneNumberId": row["phone_number_id"],
        "customer": {"number": row["customer_number"]} if row["customer_number"] else None,
    }
    message = {
        "type": "end-of-call-report",
        "endedReason": row["ended_reason"],
        "startedAt": row["started_at"],
        "endedAt": row["ended_at"],
        "durationSeconds": None if length_ms is None else length_ms / 1000,
        "cost": row["cost_usd"],
        "analysis": {"summary": row["summary"], "structuredData": _collected(row)},
        "artifact": {"recordingUrl": row["recording_url"], "transcript": row["transcript"]},
        "call": _without_nulls(call),
    }
    return [_json({"message": _without_nulls(message)})]


def _elevenlabs(row: Row) -> list[Webhook]:
    created_s = (_ms(row["created_at"]) or 0) // 1000
    data = {"agent_id": row["assistant_id"], "conversation_id": row["external_id"]}
    if row["started_at"] is None:
        data |= {"failure_reason": FAILURES.get(row["ended_reason"], "unknown")}
        data |= {"metadata": {"type": "twilio", "body": {"To": row["customer_number"]}}}
        kind = "call_initiation_failure"
        return [_json({"type": kind, "event_timestamp": created_s, "data": data})]
    phone = {
        "direction": _direction(row),
        "phone_number_id": row["phone_number_id"],
        "external_number": row["customer_number"],
    }
    collected = {name: {"value": value} for name, value in _collected(row).items()}
    data |= {
        "status": "done",
        "transcript": [_turn(line) for line in (row["transcript"] or "").splitlines()],
        "metadata": {
            "start_time_unix_secs": (_ms(row["started_at"]) or 0) // 1000,
            "call_duration_secs": (_length_ms(row) or 0) // 1000,
            "cost_fiat": row["cost_usd"],
            "main_language": LANGUAGE_CODES.get(row["language"]),
            "phone_call": None if row["type"] == "webCall" else phone,
            "termination_reason": row["ended_reason"],
        },
        "analysis": {
            "transcript_summary": row["summary"],
            "data_collection_results": collected,
        },
    }
    return [_json({"type": "post_call_transcription", "event_timestamp": created_s, "data": data})]


def _bland(row: Row) -> list[Webhook]:
    caller, callee = _numbers(row)
    seconds = None if row["started_at"] is None else (_length_ms(row) or 0) // 1000
    call = {
        "call_id": row["external_id"],
        "c_id": row["external_id"],
        "pathway_id": row["assistant_id"],
        "created_at": row["created_at"],
        "started_at": row["started_at"],
        "end_at": row["ended_at"],
        "inbound": _direction(row) == "inbound",
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
        "variables": _collected(row),
        "metadata": {},
    }
    return [_json(call)]


def _twilio(row: Row) -> list[Webhook]:
    caller, callee = _numbers(row)
    ended_ms = _ms(row["ended_at"] or row["created_at"]) or 0
    connected = row["started_at"] is not None
    form = {
        "AccountSid": "AC00000000000000000000000000000000",
        "ApiVersion": "2010-04-01",
        "CallSid": row["external_id"],
        "CallStatus": "completed" if connected else FAILURES.get(row["ended_reason"], "failed"),
        "CallDuration": str((_length_ms(row) or 0) // 1000) if connected else "",
        "CallbackSource": "call-progress-events",
        "Direction": "inbound" if _direction(row) == "inbound" else "outbound-api",
        "From": caller or "",
        "To": callee or "",
        "RecordingUrl": row["recording_url"] or "",
        "SequenceNumber": "3",
        "Timestamp": format_datetime(datetime.fromtimestamp(ended_ms // 1000, UTC)),
    }
    form_type = "application/x-www-form-urlencoded"
    return [Webhook(urlencode(form).encode(), form_type, urlencode(_collected(row)))]


MAKERS: dict[str, Callable[[Row], list[Webhook]]] = {
    "bland": _bland,
    "elevenlabs": _elevenlabs,
    "retell": _retell,
    "twilio": _twilio,
    "vapi": _vapi,
}


def _json(content: Row) -> Webhook:
    return Webhook(orjson.dumps(content))


def _collected(row: Row) -> Row:
    """Give the staff fields that an assistant would have found out by itself."""
    return _without_nulls({name: row[name] for name in ("category", "sessions_scheduled")})


def _without_nulls(values: Row) -> Row:
    return {name: value for name, value in values.items() if value is not None}


def _direction(row: Row) -> str:
    return "outbound" if row["type"] == "outboundPhoneCall" else "inbound"


def _numbers(row: Row) -> tuple[str | None, str | None]:
    """Give the caller's and the callee's number."""
    numbers = row["customer_number"], OUR_NUMBER
    return numbers if _direction(row) == "inbound" else numbers[::-1]


def _turn(line: str) -> dict[str, str]:
    speaker, _, message = line.partition(": ")
    return {"role": "user" if speaker == "User" else "agent", "message": message}


def _ms(instant: str | None) -> int | None:
    return None if instant is None else parse_instant(instant)


def _length_ms(row: Row) -> int | None:
    started_ms, ended_ms = _ms(row["started_at"]), _ms(row["ended_at"])
    return None if started_ms is None or ended_ms is None else ended_ms - started_ms


def _cents(dollars: float | None) -> float | None:
    return None if dollars is None else round(dollars * 100, 4)
