"""How single values of an event are read: what cannot be read is None, and nothing raises."""

import re
from decimal import Decimal
from typing import Any, TypeVar

T = TypeVar("T")

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
NUMERAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")


def dig(source: object, *path: str) -> Any:
    """Give what lies at the path of nested objects, None where one of them is no object."""
    for key in path:
        source = source.get(key) if isinstance(source, dict) else None
    return source


def first(*candidates: T | None) -> T | None:
    """Give the first candidate that is not None."""
    return next((candidate for candidate in candidates if candidate is not None), None)


def text(*candidates: object) -> str | None:
    """Give the first text that is not blank; what the database cannot hold becomes U+FFFD."""
    for candidate in candidates:
        if isinstance(candidate, str) and candidate.strip():
            return UNSTORABLE.sub("\ufffd", candidate)
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


def dollars(amount: Decimal | None, *, per_dollar: int = 1) -> float | None:
    return None if amount is None else float(amount / per_dollar)


def phone_call(direction: object, caller: object, callee: object) -> dict[str, Any]:
    """Give the type, the customer's and our own side's number; nothing without a direction."""
    customer, ours = (callee, caller) if direction == "outbound" else (caller, callee)
    call_type = phone_call_type(direction)
    if call_type is None:
        return {}
    return {"type": call_type, "customer_number": text(customer), "phone_number_id": text(ours)}


def phone_call_type(direction: object) -> str | None:
    return {"inbound": "inboundPhoneCall", "outbound": "outboundPhoneCall"}.get(
        text(direction) or ""
    )


def present(**fields: Any) -> dict[str, Any]:
    """Give the fields that hold a value; an end before its start is none."""
    values = {name: value for name, value in fields.items() if value is not None}
    if values.keys() >= {"started_at", "ended_at"} and values["ended_at"] < values["started_at"]:
        del values["ended_at"]
    return values
