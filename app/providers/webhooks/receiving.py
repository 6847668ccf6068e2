"""What providers send: proven, read and recorded, or kept as a dead letter; nothing is lost."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import IO, Any

import marshmallow as ma
from flask import Request, current_app
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge

from app.errors import log_place
from app.instants import now_ms
from app.models.dead_letters import DeadLetter
from app.models.engine import database
from app.problems import Problem
from app.providers import PROVIDERS, Provider
from app.providers.webhooks.delivery import Delivery, Unreadable
from app.providers.webhooks.values import first, text
from app.schemas.calls import CallDetailSchema
from app.schemas.fields import Instant, Text
from app.services.calls import calls
from app.services.dead_letters import keep_dead_letter
from app.services.drafts import Draft
from app.services.history import Actor, acting

MAX_BODY_BYTES = 25 * 1024 * 1024
MAX_IN_MEMORY_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery, and the id of the call or dead letter it became."""

    outcome: str
    id: str | None


def receive(name: str, request: Request) -> Receipt:
    """Take in one webhook. Raises Problem for a provider or a signature that is not right."""
    provider = PROVIDERS.get(name)
    if provider is None:
        raise Problem("not_found", "There is no such provider here.")
    if not is_set_up(provider, current_app.config):
        raise Problem("provider_not_configured")
    with tempfile.SpooledTemporaryFile(MAX_IN_MEMORY_BYTES) as body:
        _spool(request, body)
        # An address that nobody signed must not make a replayed body look like a new one.
        url = _public_address(request) if provider.NEEDS_PUBLIC_URL else ""
        delivery = Delivery(body, request.headers, url)
        if not provider.verify(delivery, current_app.config[provider.SECRET], now_ms()):
            raise Problem("invalid_signature")
        return accept(name, provider, delivery)


def is_set_up(provider: Provider, config: Mapping[str, Any]) -> bool:
    """Tell whether the settings are there that the webhooks of a provider need."""
    needed = [provider.SECRET, *(["PUBLIC_URL"] if provider.NEEDS_PUBLIC_URL else [])]
    return all(config.get(name) for name in needed)


def accept(name: str, provider: Provider, delivery: Delivery) -> Receipt:
    """Record a delivery that is genuine, in one transaction."""
    try:
        draft = read_call(provider, delivery)
    except Unreadable as error:
        return _keep(name, delivery, str(error))
    except Exception as error:
        # A fault of the reader's own: what was sent must not be lost for it.
        log_place("reading a webhook", error)
        return _keep(name, delivery, "The reader failed; the log says where.")
    if draft is None:
        return Receipt("ignored", None)
    with database.write(), acting(Actor(f"provider:{name}")):
        return Receipt(calls.record_draft(draft), calls.id_of(draft))


def read_call(provider: Provider, delivery: Delivery) -> Draft | None:
    """Give the call that a delivery ended, ready to be recorded. Raises Unreadable."""
    draft = provider.read(delivery)
    if draft is None:
        return None
    digest = draft.digest or _digest(delivery)
    return replace(draft, values=_readable(draft.values), digest=digest)


def replay(letter: DeadLetter) -> Receipt:
    """Read a dead letter again; once it can be read it is recorded and no longer kept."""
    headers = Headers({"Content-Type": letter.content_type})
    delivery = Delivery(BytesIO(letter.body), headers, letter.url)
    receipt = accept(letter.provider, PROVIDERS[letter.provider], delivery)
    if receipt.outcome != "kept":
        with database.write():
            letter.delete_instance()
    return receipt


def _keep(name: str, delivery: Delivery, reason: str) -> Receipt:
    letter_id = keep_dead_letter(
        name,
        b"".join(delivery.chunks()),
        url=delivery.url,
        content_type=delivery.headers.get("Content-Type", ""),
        reason=reason,
    )
    return Receipt("kept", letter_id)


def _public_address(request: Request) -> str:
    """Give the URL that the provider was told, which is the one it signs."""
    query = request.query_string.decode("ascii", "replace")
    return f"{current_app.config['PUBLIC_URL']}{request.path}{'?' if query else ''}{query}"


def _spool(request: Request, body: IO[bytes]) -> None:
    """Copy the body as it came, bytes above 1 MiB to the disk. Raises Problem above 25 MiB."""
    # One more than allowed: at exactly the limit werkzeug cannot tell a longer body of unknown
    # length from one that ends there, and refuses both.
    request.max_content_length = MAX_BODY_BYTES + 1
    try:
        while chunk := request.stream.read(64 * 1024):
            body.write(chunk)
            if body.tell() > MAX_BODY_BYTES:
                raise RequestEntityTooLarge
    except RequestEntityTooLarge:
        raise Problem(
            "body_too_large", f"The body is larger than {MAX_BODY_BYTES} bytes."
        ) from None


def _digest(delivery: Delivery) -> str:
    """Give what stands for a body among those already seen of a call: 64 bits of its SHA-256."""
    sum_of_body = sha256(delivery.url.encode())
    for chunk in delivery.chunks():
        sum_of_body.update(chunk)
    return sum_of_body.hexdigest()[:16]


def _readable(told: dict[str, Any]) -> dict[str, Any]:
    """Give the values that can be read, as they are stored."""
    found = {name: _first_readable(name, value) for name, value in told.items()}
    return {name: value for name, value in found.items() if value is not None}


def _first_readable(name: str, told: object) -> Any:
    """Give the first candidate that can be read as it is, else the first cut to its limit."""
    field, candidates = _FIELDS[name], told if isinstance(told, tuple) else (told,)
    if isinstance(field, Text) and name not in _NEVER_CUT:
        texts = [text.strip() for text in candidates if isinstance(text, str)]
        most = field.most
        candidates += tuple(t if len(t) <= most else f"{t[: most - 1]}…" for t in texts)
    return first(*(_stored(field, candidate) for candidate in candidates))


def _stored(field: ma.fields.Field[Any], value: object) -> Any:
    """Give a value as it is stored, None where it cannot be read."""
    if isinstance(value, str):
        value = text(value)
    elif isinstance(value, Decimal):
        value = float(value)
    if value is None or (isinstance(field, Instant) and isinstance(value, int)):
        return value
    try:
        return field.deserialize(value)
    except ma.ValidationError:
        return None


# Cut, these would lead elsewhere or nowhere.
_NEVER_CUT = {"patient_id", "recording_url"}
_FIELDS = CallDetailSchema().fields
