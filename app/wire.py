"""The JSON text of a call in a list, written once when the call is written.

It begins after `org_id`, which is a setting. CallSchema is the one definition of its keys; a test
holds this equal to what the schema dumps.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from app.instants import format_instant
from app.schemas.calls import CallSchema
from app.schemas.fields import Instant

_FIELDS = {
    name: isinstance(field, Instant)
    for name, field in CallSchema().dump_fields.items()
    if name not in ("id", "org_id")
}


def to_wire(row: Mapping[str, Any]) -> str:
    """Write the fields of a call from `created_at` on, up to the closing brace."""
    content = {
        name: format_instant(row[name]) if is_instant and row[name] is not None else row[name]
        for name, is_instant in _FIELDS.items()
    }
    return orjson.dumps(content).decode()[1:]
