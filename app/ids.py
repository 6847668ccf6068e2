"""Ids: how new ones are made."""

import uuid_utils


def new_id() -> str:
    """Give a new UUIDv7, which grows with time."""
    return str(uuid_utils.uuid7())
