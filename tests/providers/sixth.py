"""A sixth provider in one file: a plain secret in a header, and of a call nothing but its id."""

from collections.abc import Sequence

from app.providers.webhooks.delivery import Delivery
from app.providers.webhooks.events import call_id, draft
from app.providers.webhooks.making import Row, Webhook, json_webhook
from app.services.drafts import Draft

SECRET = "SIXTH_SECRET"
NEEDS_PUBLIC_URL = False


def verify(delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
    return delivery.headers.get("X-Sixth-Secret") in secrets


def sign(webhook: Webhook, secret: str, url: str) -> dict[str, str]:
    return {"X-Sixth-Secret": secret}


def read(delivery: Delivery) -> Draft | None:
    return draft("sixth", call_id(delivery.json_object().get("id")), rank=1)


def make(row: Row) -> list[Webhook]:
    return [json_webhook({"id": row["external_id"]})]
