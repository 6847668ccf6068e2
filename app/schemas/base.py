"""What all schemas share: answers may gain fields, requests are read strictly, faults named."""

from collections.abc import Iterator, Mapping, Set
from typing import Any, ClassVar

import marshmallow as ma

from app.problems import Problem

Parsed = Any


class Schema(ma.Schema):
    """What is answered: all its fields, always, in the order of the schema."""

    class Meta:
        # A response may gain fields: its description must not forbid them.
        unknown = ma.EXCLUDE


class RequestSchema(Schema):
    """What is asked or sent: of its fields few must be there, and no others may be."""

    class Meta:
        unknown = ma.RAISE

    error_messages = {
        "unknown": "is not a field here.",
        "type": "The body must be a JSON object.",
    }
    # The fields that must be there, and those of the resource that may not.
    needed: ClassVar[Set[str]] = frozenset()
    barred: ClassVar[Set[str]] = frozenset()
    # Other names of query parameters.
    aliases: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **kwargs: Any) -> None:
        fields = self._declared_fields.items()
        optional = {name for name, field in fields if field.required and name not in self.needed}
        super().__init__(partial=optional, exclude=self.barred, **kwargs)

    def finish(self, values: dict[str, Any]) -> None:
        """Check and change what all fields gave together. Raises ValidationError."""

    @ma.post_load
    def _finish(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        self.finish(values)
        return values


def load(schema: ma.Schema, values: Any, problems: list[Problem] | None = None) -> Parsed:
    """Validate values by a schema, all faults in one Problem after those already found."""
    problems = list(problems or ())
    parsed: Parsed = None
    try:
        parsed = schema.load(values)
    except ma.ValidationError as error:
        messages = error.normalized_messages()
        if isinstance(values, dict):
            # marshmallow names the fields that it does not know in any order.
            unknown = messages.keys() - schema.load_fields.keys()
            messages |= {name: messages.pop(name) for name in values if name in unknown}
        problems.extend(_field_problems(messages))
    if problems:
        first = problems[0]
        others = problems[:100] if len(problems) > 1 else []
        raise Problem(first.code, first.message, first.param, others=others)
    return parsed


def load_row(schema: RequestSchema, row: dict[str, Any]) -> dict[str, Any]:
    """Give what `load` gives for a dict, several times faster where all of it is well.

    Only the kinds of the fields and `finish` are asked: a schema of rows has no defaults and no
    validators besides. Whatever they refuse goes to `load` for its errors.
    """
    fields: dict[str, Any] = schema.load_fields
    values = {}
    try:
        for name, value in row.items():
            if value is not None:
                values[name] = fields[name].read(value)
            elif fields[name].allow_none:
                values[name] = None
            else:
                return load(schema, row)
        schema.finish(values)
    except (KeyError, ma.ValidationError):
        return load(schema, row)
    return values if schema.needed <= row.keys() else load(schema, row)


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
