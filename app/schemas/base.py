"""What every schema does: it refuses what it does not know, and names every fault of a row."""

from collections.abc import Callable, Iterator
from typing import Any

import marshmallow as ma

from app.problems import Problem

# The longest value of a query parameter.
MAX_VALUE_LENGTH = 512

Parsed = Any


class Schema(ma.Schema):
    """Refuses unknown fields when it reads, keeps the page's order when it writes."""

    # Other names of query parameters.
    ALIASES: dict[str, str] = {}
    # What is left to do after the fields, for `load_row`; None where only `load` knows it.
    finish: Callable[[dict[str, Any]], dict[str, Any]] | None = None

    class Meta:
        unknown = ma.RAISE

    error_messages = {
        "unknown": "is not a field here.",
        "type": "The body must be a JSON object.",
    }


def load(schema: ma.Schema, values: Any, problems: list[Problem] | None = None) -> Parsed:
    """Validate values by a schema, all faults in one Problem after those already found."""
    problems = list(problems or ())
    parsed: Parsed = None
    try:
        parsed = schema.load(values)
    except ma.ValidationError as error:
        problems.extend(_field_problems(error.normalized_messages()))
    if problems:
        first = problems[0]
        others = problems[:100] if len(problems) > 1 else []
        raise Problem(first.code, first.message, first.param, others=others)
    return parsed


def load_row(schema: Schema, row: dict[str, Any]) -> dict[str, Any]:
    """Give what `load` gives for a dict, several times faster where all of it is well.

    Only the fields are asked, then the schema's `finish`, which must do what its hooks do and
    what it requires; whatever they refuse goes to `load` for its errors.
    """
    fields = schema.load_fields
    values = {}
    try:
        for name, value in row.items():
            if value is not None:
                values[name] = fields[name]._deserialize(value, name, row)
            elif fields[name].allow_none:
                values[name] = None
            else:
                return load(schema, row)
        return schema.finish(values) if schema.finish else values
    except (KeyError, ma.ValidationError):
        return load(schema, row)


def _field_problems(messages: Any, path: str = "") -> Iterator[Problem]:
    """Flatten marshmallow's messages, `{"tags": {0: ["…"]}}`, into problems that name the field."""
    if isinstance(messages, dict):
        for key, value in messages.items():
            inner = path if isinstance(key, int) or key == "_schema" else str(key)
            yield from _field_problems(value, inner)
        return
    param = shown(path) or None
    for message in messages:
        yield Problem("invalid_field", f"{param} {message}" if param else message, param)


def shown(name: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in name[:64])
