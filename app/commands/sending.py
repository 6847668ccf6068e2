"""Simulated webhooks: believable calls, signed as their provider would, sent to a server."""

import hmac
import random
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import requests

from app.demo import make_clinic
from app.instants import now_ms
from app.providers.webhooks.payloads import Webhook, webhooks

TIMEOUTS_S = (5, 60)
# With --shuffle: how many webhooks come twice.
SHARE_OF_DUPLICATES = 0.3


@dataclass(slots=True)
class Answers:
    """How often the server gave each outcome, and each refusal: its status and code."""

    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: Counter[tuple[int, str]] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.outcomes.total() + self.refusals.total()

    def add(self, response: requests.Response) -> None:
        try:
            content = response.json()
        except requests.JSONDecodeError:
            content = None
        if not isinstance(content, dict):
            content = {}
        if response.status_code == 200 and "outcome" in content:
            self.outcomes[content["outcome"]] += 1
        else:
            code = str(content.get("detail", {}).get("code", ""))
            self.refusals[response.status_code, code] += 1


def plan(
    provider: str, *, count: int, seed: int, shuffle: bool, today: date, timezone: ZoneInfo
) -> list[Webhook]:
    """Give the webhooks of `count` calls before today, each time the same for the same arguments.

    With `shuffle` some come twice, and all in any order.
    """
    days = min(90, 1 + count // 100)
    clinic = make_clinic(calls=count, days=days, seed=seed, today=today, timezone=timezone)
    planned = [webhook for row in clinic.calls() for webhook in webhooks(provider, row)]
    if shuffle:
        chance = random.Random(seed)  # noqa: S311
        planned += [webhook for webhook in planned if chance.random() < SHARE_OF_DUPLICATES]
        chance.shuffle(planned)
    return planned


def send(
    planned: list[Webhook],
    url: str,
    sign: Callable[[Webhook], dict[str, str]],
    rate: float,
    answers: Answers,
) -> Iterator[None]:
    """Send webhooks, at most `rate` a second, and yield after each answer."""
    began = time.monotonic()
    with requests.Session() as session:
        for number, webhook in enumerate(planned):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            response = session.post(
                f"{url}?{webhook.query}" if webhook.query else url,
                webhook.body,
                headers={"Content-Type": webhook.content_type, **sign(webhook)},
                timeout=TIMEOUTS_S,
                allow_redirects=False,
            )
            answers.add(response)
            yield


def signer(provider: str, secret: str, url: str) -> Callable[[Webhook], dict[str, str]]:
    """Give what signs webhooks as a provider does that was given the secret and the public URL."""
    sign = _SIGNERS[provider]
    return lambda webhook: sign(webhook, secret, url)


def _hexdigest(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, "sha256").hexdigest()


def _sign_vapi(webhook: Webhook, secret: str, url: str) -> dict[str, str]:
    stamp = str(now_ms())
    signature = _hexdigest(secret, f"{stamp}.".encode() + webhook.body)
    return {"x-timestamp": stamp, "x-signature": signature}


def _sign_retell(webhook: Webhook, secret: str, url: str) -> dict[str, str]:
    stamp = str(now_ms())
    return {
        "X-Retell-Signature": f"v={stamp},d={_hexdigest(secret, webhook.body + stamp.encode())}"
    }


def _sign_elevenlabs(webhook: Webhook, secret: str, url: str) -> dict[str, str]:
    stamp = str(now_ms() // 1000)
    signature = _hexdigest(secret, f"{stamp}.".encode() + webhook.body)
    return {"ElevenLabs-Signature": f"t={stamp},v0={signature}"}


def _sign_bland(webhook: Webhook, secret: str, url: str) -> dict[str, str]:
    return {"X-Webhook-Signature": _hexdigest(secret, webhook.body)}


def _sign_twilio(webhook: Webhook, secret: str, url: str) -> dict[str, str]:
    fields = parse_qsl(webhook.body.decode(), keep_blank_values=True)
    signed = f"{url}?{webhook.query}" if webhook.query else url
    signed += "".join(name + value for name, value in sorted(fields))
    digest = hmac.new(secret.encode(), signed.encode(), "sha1").digest()
    return {"X-Twilio-Signature": b64encode(digest).decode()}


_SIGNERS = {
    "bland": _sign_bland,
    "elevenlabs": _sign_elevenlabs,
    "retell": _sign_retell,
    "twilio": _sign_twilio,
    "vapi": _sign_vapi,
}
