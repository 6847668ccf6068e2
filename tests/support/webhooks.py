"""Signed webhooks of a test: the formulas are the providers', written here once more."""

import base64
import hmac
import time
import uuid
from typing import Any
from urllib.parse import parse_qsl

import orjson
from flask.testing import FlaskClient

from tests.support import DATA

SAMPLES = DATA / "providers"
PUBLIC_URL = "https://calls.clinic.example"
# As settings; each secret is named for its provider.
SETTINGS = {
    "VAPI_WEBHOOK_SECRET": "vapi-secret",
    "RETELL_API_KEY": "retell-secret",
    "ELEVENLABS_WEBHOOK_SECRET": "elevenlabs-secret",
    "BLAND_WEBHOOK_SECRET": "bland-secret",
    "TWILIO_AUTH_TOKEN": "twilio-secret",
    "PUBLIC_URL": PUBLIC_URL,
}
FORM = "application/x-www-form-urlencoded"


def signed(
    provider: str, body: bytes, *, query: str = "", secret: str = "", age_s: int = 0
) -> dict[str, str]:
    """Give the headers with which a provider proves a body, sent `age_s` seconds ago."""
    key = (secret or f"{provider}-secret").encode()
    stamp = int(time.time()) - age_s
    match provider:
        case "vapi":
            digest = _hex(key, b"%d." % stamp + body)
            return {"X-Timestamp": str(stamp), "X-Signature": digest}
        case "retell":
            digest = _hex(key, body + b"%d000" % stamp)
            return {"X-Retell-Signature": f"v={stamp}000,d={digest}"}
        case "elevenlabs":
            digest = _hex(key, b"%d." % stamp + body)
            return {"ElevenLabs-Signature": f"t={stamp},v0={digest}"}
        case "bland":
            return {"X-Webhook-Signature": _hex(key, body)}
        case _:
            return {"X-Twilio-Signature": _twilio(key, body, query)}


def _hex(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, "sha256").hexdigest()


def _twilio(key: bytes, body: bytes, query: str) -> str:
    url = f"{PUBLIC_URL}/v1/ingest/twilio{query and '?'}{query}"
    fields = sorted(parse_qsl(body.decode(), keep_blank_values=True))
    message = url + "".join(name + value for name, value in fields)
    return base64.b64encode(hmac.new(key, message.encode(), "sha1").digest()).decode()


def deliver(client: FlaskClient, provider: str, event: Any, *, query: str = "", **how: Any) -> Any:
    """Send an event, as bytes or as what becomes JSON, and give the response."""
    body = event if isinstance(event, bytes) else orjson.dumps(event)
    headers = signed(provider, body, query=query, **how)
    content_type = FORM if provider == "twilio" else "application/json"
    url = f"/v1/ingest/{provider}{query and '?'}{query}"
    return client.post(url, data=body, headers=headers, content_type=content_type)


def outcome(response: Any) -> str:
    """Give what became of a delivery that was taken in."""
    assert response.status_code == 200, response.text
    return str(response.get_json()["outcome"])


def call_url(provider: str, external_id: str) -> str:
    """Give the address of a provider's call."""
    return f"/v1/calls/{uuid.uuid5(uuid.NAMESPACE_URL, f'{provider}:{external_id}')}"


def retell(event: str = "call_ended", **fields: Any) -> dict[str, Any]:
    """Give an event of Retell about the call Jabr9TXY."""
    return {"event": event, "call": {"call_id": "Jabr9TXY", **fields}}


RETELL_CALL = call_url("retell", "Jabr9TXY")
