"""How an event becomes a draft: its name, its call's id, and what its assistant proposes."""

import re
from typing import Any

from app.providers.webhooks.delivery import Unreadable
from app.providers.webhooks.values import dig, first, text
from app.schemas.fields import MAX_VALUE_LENGTH
from app.services.drafts import Draft, provider_call_id

WHOLE_NUMBER = re.compile(r"-?[0-9]{1,10}")


def draft(provider: str, external_id: str, *, rank: int, **told: Any) -> Draft:
    """Give the draft of a call of which an event tells these fields.

    Of two events of one call the one with the higher `rank`, 1 to 8, is right.
    """
    values = {**told, "provider": provider, "external_id": external_id}
    return Draft(provider_call_id(provider, external_id), values, rank=rank, link=True)


def event_name(value: object) -> str:
    """Give the name of an event. Raises Unreadable: without a name it may well end a call."""
    name = text(value)
    if name is None:
        raise Unreadable("The body does not name its event.")
    return name


def call_id(*candidates: object) -> str:
    """Give the first readable of the provider's ids of the call. Raises Unreadable."""
    ids = [found.strip() for found in map(text, candidates) if found]
    # One that is too long is not cut: two calls could then become one.
    found = first(*(found for found in ids if len(found) <= MAX_VALUE_LENGTH))
    if found is None:
        raise Unreadable("The body has no readable call id.")
    return found


def proposals(*sources: object) -> dict[str, tuple[object, ...]]:
    """Give what an assistant may propose, of each field what the sources hold, best first."""
    return {
        "category": tuple(dig(source, "category") for source in sources),
        "patient_id": tuple(dig(source, "patient_id") for source in sources),
        "sessions_scheduled": tuple(
            _whole_number(dig(source, "sessions_scheduled")) for source in sources
        ),
    }


def _whole_number(value: object) -> object:
    # Language models write "2" where 2 was asked for; a query string has only text.
    if isinstance(value, str) and WHOLE_NUMBER.fullmatch(value.strip()):
        return int(value)
    return value
