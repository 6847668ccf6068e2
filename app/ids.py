"""Ids: how new ones are made."""

import uuid_utils

from app.instants import now_ms


def new_id() -> str:
    """Give a new UUIDv7, which grows with time. Raises ClockError."""
    now_ms()  # before 1970 uuid_utils panics, which no `except Exception` catches
    return str(uuid_utils.uuid7())


def id_bytes(text: str) -> bytes:
    """Give the 16 bytes of a UUID: less than half of its text, where very many are kept."""
    return bytes.fromhex(text.replace("-", ""))
