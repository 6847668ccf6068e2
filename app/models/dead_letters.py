"""Dead letters: what providers sent and nobody could read, kept byte for byte."""

import uuid
from hashlib import sha256

from peewee import BlobField, IntegerField, TextField, fn

from app.instants import now_ms
from app.models import Model
from app.providers.webhooks.delivery import Delivery


class DeadLetter(Model):
    """One genuine delivery without a readable body or call id; `size` is known in a list."""

    size: int
    id = TextField(primary_key=True)
    provider = TextField()
    received_at = IntegerField()
    reason = TextField()
    url = TextField()
    content_type = TextField()
    body = BlobField()

    class Meta:
        table_name = "dead_letter"


def list_dead_letters() -> list[DeadLetter]:
    """Give the dead letters, oldest first, without their bodies but with their `size` in bytes."""
    columns = (DeadLetter.id, DeadLetter.provider, DeadLetter.received_at, DeadLetter.reason)
    size = fn.length(DeadLetter.body).alias("size")
    order = (DeadLetter.received_at, DeadLetter.id)
    return list(DeadLetter.select(*columns, size).order_by(*order))


def keep_dead_letter(provider: str, delivery: Delivery, reason: str) -> str:
    """Keep a delivery and give its id; the same body again is the same letter."""
    body = b"".join(delivery.chunks())
    content = sha256(delivery.url.encode() + b"\0" + body).hexdigest()
    letter_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{provider}:{content}"))
    DeadLetter.insert(
        id=letter_id,
        provider=provider,
        received_at=now_ms(),
        reason=reason,
        url=delivery.url,
        content_type=delivery.headers.get("Content-Type", ""),
        body=body,
    ).on_conflict_ignore().execute()
    return letter_id
