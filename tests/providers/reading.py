"""What becomes of an event that is read: the draft of its call, its values as they are stored."""

import io
import json
from typing import Any

from flask import Flask

from app.providers import PROVIDERS
from app.providers.webhooks.delivery import Delivery
from app.providers.webhooks.receiving import read_call
from app.services.drafts import Draft
from tests.support.webhooks import SAMPLES

# A telephone number is read in the clinic's region.
CLINIC = Flask(__name__)
CLINIC.config["CLINIC_REGION"] = "US"

FILES = {
    "bland": "bland-post-call.json",
    "elevenlabs": "elevenlabs-post-call-transcription.json",
    "retell": "retell-call-analyzed.json",
    "twilio": "twilio-status-callback.form",
    "vapi": "vapi-end-of-call-report.json",
}


def sample(provider: str) -> bytes:
    """Give the provider's own sample of an event that ends a call."""
    return (SAMPLES / FILES[provider]).read_bytes().strip()


def read(provider: str, event: Any, url: str = "") -> Draft | None:
    """Read an event, as bytes or as what becomes JSON."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    with CLINIC.app_context():
        return read_call(PROVIDERS[provider], Delivery(io.BytesIO(body), url=url))


def draft_of(provider: str, event: Any, url: str = "") -> Draft:
    """Read an event that ended a call."""
    draft = read(provider, event, url)
    assert draft is not None
    return draft


def values_of(provider: str, event: Any, url: str = "") -> dict[str, Any]:
    """Give what an event says of a call besides whose it is and its id."""
    return {
        name: value
        for name, value in draft_of(provider, event, url).values.items()
        if name not in {"provider", "external_id"}
    }
