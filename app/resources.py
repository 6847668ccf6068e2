"""What import and export know of each resource: its schema, its rows, how one is stored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from flask import current_app

from app import call_book
from app.call_book import Draft
from app.errors import ApiError
from app.schemas.calls import CallDetailSchema, CallImportSchema
from app.schemas.fields import Amount, WholeNumber
from app.wire import to_json

Row = dict[str, Any]


class Conflict(Exception):
    """A known id with other content."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of row in a file.

    `check(id, values, update)` says what `record` would do, or raises Conflict; `record` does it.
    """

    schema: ma.Schema
    identify: Callable[[Row], str]
    check: Callable[[str, Row, bool], str]
    record: Callable[[str, Row, bool], str]
    export: Callable[[], Iterator[Row]]
    export_schema: ma.Schema

    @property
    def kinds(self) -> dict[str, str]:
        """Give each exported field's kind, which decides how a CSV cell is read."""
        return {name: _kind(field) for name, field in self.export_schema.dump_fields.items()}


def _kind(field: ma.fields.Field[Any]) -> str:
    if isinstance(field, ma.fields.List):
        return "list"
    if isinstance(field, ma.fields.Boolean):
        return "boolean"
    return "number" if isinstance(field, WholeNumber | Amount) else "text"


def _identify_call(values: Row) -> str:
    call_id = values.get("id") or call_book.stated_call_id(values)
    if call_id is None:
        raise ApiError("invalid_field", "id is required.", "id")
    return str(call_id)


def _check_call(call_id: str, values: Row, update: bool) -> str:
    row = call_book.find_row(call_id)
    if row is None:
        return "created"
    if not row["active"]:
        raise Conflict("has the id of a deleted call.")
    if not _differences(row, values):
        return "unchanged"
    if not update:
        raise Conflict("has a known id with other content; --update would take it over.")
    return "updated"


def _differences(row: Row, values: Row) -> Row:
    """Give what an imported call would change; when it was last changed is no difference."""
    return {
        name: value
        for name, value in values.items()
        if name not in ("id", "version", "updated_at") and row[name] != value
    }


def _record_call(call_id: str, values: Row, update: bool) -> str:
    ranks = call_book.stated_ranks(values)
    row = call_book.find_row(call_id)
    if row is None:
        return call_book.record_call(Draft(call_id, values, ranks=ranks))
    if not update or not row["active"]:
        return "unchanged"
    return call_book.correct_call(row, _differences(row, values), ranks)


def _export_calls() -> Iterator[Row]:
    org_id = current_app.config["CLINIC_ORG_ID"]
    for row in call_book.all_rows():
        yield to_json(row | {"org_id": org_id}, CallDetailSchema)


RESOURCES = {
    "calls": Resource(
        schema=CallImportSchema(),
        identify=_identify_call,
        check=_check_call,
        record=_record_call,
        export=_export_calls,
        export_schema=CallDetailSchema(),
    ),
}
