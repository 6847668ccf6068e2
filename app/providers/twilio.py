"""Twilio: the form-encoded status callback, signed together with the public URL it went to."""

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from app.providers.webhooks.delivery import CallDraft, Delivery
from app.providers.webhooks.events import call_id, event_name, proposals
from app.providers.webhooks.signatures import any_match, digests
from app.providers.webhooks.times import from_rfc2822, minutes, shifted
from app.providers.webhooks.values import numeral, phone_call, present, text

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
    fields = "".join(name + value for name, value in sorted(set(_form(delivery))))
    expected = [
        base64.b64encode(digest)
        for url in _spellings(delivery.url)
        for digest in digests(secrets, [_sent(url + fields)], "sha1")
    ]
    return any_match(delivery.headers.getlist("X-Twilio-Signature"), expected)


def read(delivery: Delivery) -> CallDraft | None:
    form = dict(_form(delivery))
    if event_name(form.get("CallStatus")) not in TERMINAL:
        return None
    return CallDraft(
        provider="twilio",
        external_id=call_id(form.get("CallSid")),
        kind="status_callback",
        rank=_rank(form),
        values=_values(form),
        proposals=proposals(dict(_pairs(delivery.url.partition("?")[2]))),
    )


def _is_small(delivery: Delivery) -> bool:
    if delivery.size > MAX_FORM_BYTES:
        return False
    return sum(chunk.count(b"&") for chunk in delivery.chunks()) < MAX_FORM_FIELDS


def _form(delivery: Delivery) -> list[tuple[str, str]]:
    return _pairs(b"".join(delivery.chunks()).decode("utf-8", "surrogateescape"))


def _pairs(encoded: str) -> list[tuple[str, str]]:
    # Bytes that are not UTF-8 go through as surrogates, as the signature is over them too.
    return parse_qsl(encoded, keep_blank_values=True, errors="surrogateescape")


def _sent(signed: str) -> bytes:
    return signed.encode("utf-8", "surrogateescape")


def _spellings(url: str) -> list[str]:
    """Give the URL as it is, without its port, and with the default one."""
    default_port = ":443" if url.startswith("https:") else ":80"
    return [url, PORT.sub(r"\1", url), PORT.sub(rf"\g<1>{default_port}", url)]


def _rank(form: Mapping[str, str]) -> int:
    """Give 1 to 8 by SequenceNumber: callbacks overtake each other and tell it only by that."""
    number = form.get("SequenceNumber", "")
    return min(int(number), 7) + 1 if re.fullmatch(r"[0-9]{1,9}", number) else 1


def _values(form: Mapping[str, str]) -> dict[str, Any]:
    ended_at = from_rfc2822(form.get("Timestamp"))
    seconds = numeral(form.get("CallDuration"))
    # Besides inbound there are outbound-api and outbound-dial.
    direction = form.get("Direction", "").partition("-")[0]
    return present(
        started_at=shifted(ended_at, None if seconds is None else -seconds),
        ended_at=ended_at,
        duration_min=minutes(seconds),
        recording_url=text(form.get("RecordingUrl")),
        ended_reason=text(form.get("CallStatus")),
        **phone_call(direction, form.get("From"), form.get("To")),
    )
