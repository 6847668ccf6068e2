"""What import and export know of each resource: its schema, its rows, how one is stored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import marshmallow as ma
from flask import current_app

from app.problems import Problem
from app.schemas.base import load, load_row
from app.schemas.calls import CallDetailSchema, CallImportSchema
from app.schemas.fields import Amount, WholeNumber
from app.schemas.patients import PatientImportSchema, PatientSchema
from app.schemas.rows import to_json
from app.schemas.tags import TagImportSchema, TagSchema
from app.services import calls as call_book
from app.services.calls import Draft
from app.services.collection import Book
from app.services.patients import patients
from app.services.tags import name_key, tags

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of row in a file.

    `check(id, values, update)` says what `record` would do, or raises Problem; `record` does it.
    """

    schema: ma.Schema
    load: Callable[[Row], Row]
    identify: Callable[[Row], str]
    check: Callable[[str, Row, bool], str]
    record: Callable[[str, Row, bool], str]
    export: Callable[[], Iterator[Row]]
    export_schema: ma.Schema
    unique_name: Callable[[Row], str | None] = lambda _: None

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
        raise _NO_ID
    return str(call_id)


def _identify(values: Row) -> str:
    if "id" not in values:
        raise _NO_ID
    return str(values["id"])


_NO_ID = Problem("invalid_field", "id is required.", "id")


def _check_call(call_id: str, values: Row, update: bool) -> str:
    row = call_book.find_row(call_id)
    if row is None:
        return "created"
    if row["deleted_at"] is not None:
        raise Problem("already_exists", "The id belongs to a deleted call.", "id")
    if not _differences(row, values):
        return "unchanged"
    if not update:
        raise Problem("already_exists", "The id belongs to a call with other content.", "id")
    return "updated"


def _differences(row: Row, values: Row) -> Row:
    """Give what an imported call would change.

    When it was last changed is no difference, nor is a duration that follows from its instants.
    """
    return {
        name: value
        for name, value in values.items()
        if row[name] != value
        and name not in ("id", "version", "updated_at")
        and not (name == "duration_min" and value is None)
    }


def _record_call(call_id: str, values: Row, update: bool) -> str:
    ranks = call_book.stated_ranks(values)
    row = call_book.find_row(call_id)
    if row is None:
        call_book.insert_call(Draft(call_id, values, ranks=ranks))
        return "created"
    if not update or row["deleted_at"] is not None:
        return "unchanged"
    return call_book.correct_call(row, _differences(row, values), ranks)


def _export_calls() -> Iterator[Row]:
    org_id = current_app.config["CLINIC_ORG_ID"]
    for row in call_book.all_rows():
        yield to_json(row | {"org_id": org_id}, CallDetailSchema)


def _of_book(
    book: Book,
    schema: type[ma.Schema],
    shown: type[ma.Schema],
    unique_name: Callable[[Row], str | None] = lambda _: None,
) -> Resource:
    return Resource(
        schema=schema(),
        load=partial(load, schema()),
        identify=_identify,
        check=book.check,
        record=book.record,
        export=lambda: (to_json(row, shown) for row in book.all_rows()),
        export_schema=shown(),
        unique_name=unique_name,
    )


_CALLS = CallImportSchema()

RESOURCES = {
    "calls": Resource(
        schema=_CALLS,
        load=partial(load_row, _CALLS),
        identify=_identify_call,
        check=_check_call,
        record=_record_call,
        export=_export_calls,
        export_schema=CallDetailSchema(),
    ),
    "patients": _of_book(patients, PatientImportSchema, PatientSchema),
    "tags": _of_book(tags, TagImportSchema, TagSchema, lambda row: name_key(row["name"])),
}
