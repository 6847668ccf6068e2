"""What import and export know of each resource: its schema, its rows, how one is stored."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import marshmallow as ma

from app.problems import Problem
from app.schemas.base import RequestSchema, load_row
from app.schemas.calls import CallFileSchema, CallImportSchema
from app.schemas.fields import Amount, WholeNumber
from app.schemas.patients import PatientImportSchema, PatientSchema
from app.schemas.rows import rows_to_json
from app.schemas.tags import TagImportSchema, TagSchema
from app.services.calls import calls
from app.services.collection import Collection
from app.services.drafts import stated_call_id
from app.services.patients import patients
from app.services.tags import name_key, tags

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of row in a file: how it is read and written there, and where it is kept."""

    collection: Collection
    schema: RequestSchema
    shown: type[ma.Schema]
    unique_name: Callable[[Row], str | None] = lambda _: None
    unique_field: str = "name"

    def load(self, row: Row) -> Row:
        """Validate a row of a file. Raises Problem."""
        return load_row(self.schema, row)

    def identify(self, values: Row) -> str:
        """Give the id of a row. Raises Problem where it has none."""
        item_id = self.collection.identify(values)
        if item_id is None:
            raise Problem("invalid_field", "id is required.", "id")
        return str(item_id)

    def export(self, numbers: "array[int] | None" = None) -> Iterator[Row]:
        """Give every row, or those of some numbers, as it stands in a file."""
        model = self.collection.model
        rows = model.all_rows() if numbers is None else model.numbered_rows(numbers)
        return rows_to_json(rows, self.shown)

    @property
    def kinds(self) -> dict[str, str]:
        """Give each exported field's kind, which decides how a CSV cell is read."""
        return {name: _kind(field) for name, field in self.shown().dump_fields.items()}


def _kind(field: ma.fields.Field[Any]) -> str:
    if isinstance(field, ma.fields.List):
        return "list"
    if isinstance(field, ma.fields.Boolean):
        return "boolean"
    return "number" if isinstance(field, WholeNumber | Amount) else "text"


def settle_old(values: Row, done_before: int | None) -> Row:
    """Give the values of a call, done where it is open and of before an instant.

    Nobody calls back whoever rang before the clinic began to work with this service.
    """
    at = values.get("started_at") or values.get("created_at")
    is_old = done_before is not None and at is not None and at < done_before
    is_open = values.get("status") != "done"
    return values | {"status": "done"} if is_old and is_open else values


RESOURCES = {
    "calls": Resource(calls, CallImportSchema(), CallFileSchema, stated_call_id, "external_id"),
    "patients": Resource(patients, PatientImportSchema(), PatientSchema),
    "tags": Resource(tags, TagImportSchema(), TagSchema, lambda row: name_key(row["name"])),
}
