"""Dead letters: what providers sent and nobody could read, kept byte for byte."""

import uuid
from hashlib import sha256

from peewee import fn

from app.instants import now_ms
from app.models.dead_letters import DeadLetter
from app.models.engine import database


def list_dead_letters() -> list[DeadLetter]:
    """Give the dead letters, oldest first, without their bodies but with their `size` in bytes."""
    columns = (DeadLetter.id, DeadLetter.provider, DeadLetter.received_at, DeadLetter.reason)
    size = fn.length(DeadLetter.body).alias("size")
    order = (DeadLetter.received_at, DeadLetter.id)
    return list(DeadLetter.select(*columns, size).order_by(*order))


def keep_dead_letter(
    provider: str, body: bytes, *, url: str, content_type: str, reason: str
) -> str:
    """Keep what a provider sent and give its id; the same body again is the same letter."""
    content = sha256(url.encode() + b"\0" + body).hexdigest()
    letter_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{provider}:{content}"))
    with database.write():
        DeadLetter.insert(
            id=letter_id,
            provider=provider,
            received_at=now_ms(),
            reason=reason,
            url=url,
            content_type=content_type,
            body=body,
        ).on_conflict_ignore().execute()
    return letter_id
