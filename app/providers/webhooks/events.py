"""How an event becomes known: its name, its call's id, and what its assistant proposes."""

import re
from collections.abc import Mapping
from typing import Any

from app.providers.webhooks.delivery import Unreadable
from app.providers.webhooks.values import text
from app.schemas.calls import CATEGORIES

MAX_TEXT_LENGTH = 512
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,10}")


def event_name(value: object) -> str:
    """Give the name of an event. Raises Unreadable: without a name it may well end a call."""
    name = text(value)
    if name is None:
        raise Unreadable("The body does not name its event.")
    return name


def call_id(*candidates: object) -> str:
    """Give the provider's id of the call. Raises Unreadable."""
    found = text(*candidates)
    if found is None or len(found) > MAX_TEXT_LENGTH:
        raise Unreadable("The body has no readable call id.")
    return found


def proposals(*sources: object) -> dict[str, Any]:
    """Give the staff fields that the first source holding an allowed value proposes."""
    proposed: dict[str, Any] = {}
    for source in reversed(sources):
        if isinstance(source, Mapping):
            proposed |= _allowed(source)
    return proposed


def _allowed(source: Mapping[str, object]) -> dict[str, Any]:
    fields = {
        "category": source.get("category") if source.get("category") in CATEGORIES else None,
        "patient_id": _patient_id(source.get("patient_id")),
        "sessions_scheduled": _sessions(source.get("sessions_scheduled")),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _patient_id(value: object) -> str | None:
    # Ids are looked up without surrounding spaces.
    found = text(value)
    return found.strip() if found and len(found.strip()) <= MAX_TEXT_LENGTH else None


def _sessions(value: object) -> int | None:
    # Language models write 2.0 and "2" where 2 was asked for; a query string has only text.
    if isinstance(value, str) and WHOLE_NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, float) and value.is_integer() and -(2**31) <= value < 2**31:
        return int(value)
    return None
