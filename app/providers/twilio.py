"""Twilio: the form-encoded status callback, signed together with the public URL it went to."""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, urlencode

from app.providers.webhooks import making
from app.providers.webhooks.delivery import Delivery
from app.providers.webhooks.events import call_id, draft, event_name, proposals
from app.providers.webhooks.making import Row, Webhook
from app.providers.webhooks.signatures import any_match, digests, signature
from app.providers.webhooks.times import from_rfc2822, shifted
from app.providers.webhooks.values import divided, numeral, phone_call
from app.services.drafts import Draft

SECRET = "TWILIO_AUTH_TOKEN"  # noqa: S105  the name of a setting
NEEDS_PUBLIC_URL = True

TERMINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
# A callback is 1 KiB with 40 fields. It has to be decoded before it is known to be genuine,
# and a stranger's form of 25 MiB would take gigabytes.
MAX_FORM_BYTES = 1024 * 1024
MAX_FORM_FIELDS = 1000
PORT = re.compile(r"^(https?://[^/?#]*?)(?::[0-9]*)?(?=[/?#]|$)")


def verify(delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
    if not delivery.url or not _is_small(delivery):
        return False
    form = _form(delivery)
    expected = [mac for url in _spellings(delivery.url) for mac in _signatures(secrets, url, form)]
    return any_match(delivery.headers.getlist("X-Twilio-Signature"), expected)


def sign(webhook: Webhook, secret: str, url: str) -> dict[str, str]:
    form = _pairs(webhook.body.decode())
    return {"X-Twilio-Signature": _signatures([secret], webhook.address(url), form)[0].decode()}


def _signatures(secrets: Sequence[str], url: str, form: Iterable[tuple[str, str]]) -> list[bytes]:
    return [base64.b64encode(mac) for mac in digests(secrets, [_signed(url, form)], "sha1")]


def _signed(url: str, form: Iterable[tuple[str, str]]) -> bytes:
    fields = "".join(name + value for name, value in sorted(set(form)))
    return (url + fields).encode("utf-8", "surrogateescape")


def read(delivery: Delivery) -> Draft | None:
    fields = _form(delivery)
    form = dict(fields)
    if event_name(form.get("CallStatus")) not in TERMINAL:
        return None
    ended_at = from_rfc2822(form.get("Timestamp"))
    seconds = numeral(form.get("CallDuration"))
    # Besides inbound there are outbound-api and outbound-dial.
    direction = form.get("Direction", "").partition("-")[0]
    told = draft(
        "twilio",
        call_id(form.get("CallSid")),
        rank=_rank(form),
        started_at=shifted(ended_at, None if seconds is None else -seconds),
        ended_at=ended_at,
        duration_min=divided(seconds, 60),
        recording_url=form.get("RecordingUrl"),
        ended_reason=form.get("CallStatus"),
        **phone_call(direction, form.get("From"), form.get("To")),
        **proposals(dict(_pairs(delivery.url.partition("?")[2]))),
    )
    # In another order of its fields it is the same event, with the same signature.
    return replace(told, digest=signature("", [_signed(delivery.url, fields)])[:16])


def _is_small(delivery: Delivery) -> bool:
    if delivery.size > MAX_FORM_BYTES:
        return False
    return sum(chunk.count(b"&") for chunk in delivery.chunks()) < MAX_FORM_FIELDS


def _form(delivery: Delivery) -> list[tuple[str, str]]:
    return _pairs(b"".join(delivery.chunks()).decode("utf-8", "surrogateescape"))


def _pairs(encoded: str) -> list[tuple[str, str]]:
    # Bytes that are not UTF-8 go through as surrogates, as the signature is over them too.
    return parse_qsl(encoded, keep_blank_values=True, errors="surrogateescape")


def _spellings(url: str) -> list[str]:
    """Give the URL as it is, without its port, and with the default one."""
    default_port = ":443" if url.startswith("https:") else ":80"
    return [url, PORT.sub(r"\1", url), PORT.sub(rf"\g<1>{default_port}", url)]


def _rank(form: Mapping[str, str]) -> int:
    """Give 1 to 8 by SequenceNumber: callbacks overtake each other and tell it only by that."""
    number = form.get("SequenceNumber", "")
    return min(int(number), 7) + 1 if re.fullmatch(r"[0-9]{1,9}", number) else 1


def make(row: Row) -> list[Webhook]:
    caller, callee = making.numbers(row)
    ended_s = making.whole_seconds(making.milliseconds(row["ended_at"] or row["created_at"]))
    connected = row["started_at"] is not None
    failure = making.FAILURES.get(row["ended_reason"], "failed")
    form = {
        "AccountSid": "AC00000000000000000000000000000000",
        "ApiVersion": "2010-04-01",
        "CallSid": row["external_id"],
        "CallStatus": "completed" if connected else failure,
        "CallDuration": str(making.whole_seconds(making.length_ms(row))) if connected else "",
        "CallbackSource": "call-progress-events",
        "Direction": "inbound" if making.direction(row) == "inbound" else "outbound-api",
        "From": caller or "",
        "To": callee or "",
        "RecordingUrl": row["recording_url"] or "",
        "SequenceNumber": "3",
        "Timestamp": format_datetime(datetime.fromtimestamp(ended_s, UTC)),
    }
    form_type = "application/x-www-form-urlencoded"
    return [Webhook(urlencode(form).encode(), form_type, query=urlencode(making.collected(row)))]
