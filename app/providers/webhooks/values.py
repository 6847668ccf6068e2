"""How single values of an event are read: what cannot be read is None, and nothing raises."""

import re
from decimal import Decimal
from typing import Any, TypeVar

T = TypeVar("T")

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
TYPES = {"inbound": "inboundPhoneCall", "outbound": "outboundPhoneCall"}
NUMERAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")


def dig(source: object, *path: str) -> Any:
    """Give what lies at the path of nested objects, None where one of them is no object."""
    for key in path:
        source = source.get(key) if isinstance(source, dict) else None
    return source


def first(*candidates: T | None) -> T | None:
    """Give the first candidate that is not None."""
    return next((candidate for candidate in candidates if candidate is not None), None)


def text(value: object) -> str | None:
    """Give a text that is not blank; what the database cannot hold becomes U+FFFD."""
    if isinstance(value, str) and value.strip():
        return UNSTORABLE.sub("\ufffd", value)
    return None


def number(value: object) -> Decimal | None:
    """Give a finite number from zero up, with the digits it was written with."""
    if isinstance(value, float) and 0 <= value < float("inf"):
        return Decimal(repr(abs(value)))
    return None


def numeral(value: object) -> Decimal | None:
    """Give a number that may also be written as a text, in ASCII digits."""
    if isinstance(value, str) and NUMERAL.fullmatch(value):
        return Decimal(value)
    return number(value)


def divided(amount: Decimal | None, unit: int) -> Decimal | None:
    """Give how many units an amount is, such as minutes of 60 seconds."""
    return None if amount is None else amount / unit


def phone_call(direction: object, caller: object, callee: object) -> dict[str, Any]:
    """Give the type, the customer's and our own side's number; nothing without a direction."""
    customer, ours = (callee, caller) if direction == "outbound" else (caller, callee)
    call_type = phone_call_type(direction)
    if call_type is None:
        return {}
    return {"type": call_type, "customer_number": customer, "phone_number_id": ours}


def phone_call_type(direction: object) -> str | None:
    return TYPES.get(direction) if isinstance(direction, str) else None
