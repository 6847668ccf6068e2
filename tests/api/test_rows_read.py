"""Bodies and rows of files are read the fast way, which must give what `load` gives."""

from typing import Any

import marshmallow as ma
import pytest
from flask import Flask

from app.problems import Problem
from app.schemas.base import RequestSchema, load, load_row
from app.schemas.calls import CallCreateSchema, CallImportSchema, CallPatchSchema
from app.schemas.patients import PatientCreateSchema, PatientImportSchema, PatientPatchSchema
from app.schemas.tags import TagCreateSchema, TagImportSchema, TagPatchSchema

SCHEMAS: list[type[RequestSchema]] = [
    *(CallCreateSchema, CallPatchSchema, CallImportSchema),
    *(PatientCreateSchema, PatientPatchSchema, PatientImportSchema),
    *(TagCreateSchema, TagPatchSchema, TagImportSchema),
]
ID = "3C90C3CC-0d44-4b50-8888-8dd25736052a"
ROWS: dict[str, tuple[type[RequestSchema], dict[str, Any]]] = {
    "a call": (CallImportSchema, {"org_id": 1, "type": " webCall ", "duration_min": 1.005}),
    "its instants": (CallCreateSchema, {"started_at": "2023-11-07T05:31:56Z", "ended_at": None}),
    "a patient": (PatientCreateSchema, {"last_name": " Bose ", "tags": [ID, ID], "email": " "}),
    "a tag": (TagPatchSchema, {"version": 1.0, "name": " VIP "}),
}
REFUSED: dict[str, tuple[type[RequestSchema], dict[str, Any]]] = {
    "an end before its start": (
        CallImportSchema,
        {"started_at": "2023-11-07T05:31:56Z", "ended_at": "2023-11-07T05:31:55Z"},
    ),
    "no version": (CallPatchSchema, {"status": "done"}),
    "no name": (PatientImportSchema, {"id": ID}),
    "null for a name": (TagCreateSchema, {"name": None}),
    "an unknown field": (TagCreateSchema, {"name": "VIP", "colour": "red"}),
    "too many tags": (PatientPatchSchema, {"version": 1, "tags": [ID] * 101}),
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_only_kinds_and_finish_judge_a_row(schema: type[RequestSchema]) -> None:
    fields = schema().load_fields.values()
    assert [f.name for f in fields if f.validators or f.load_default is not ma.missing] == []
    assert {name for names in schema._hooks.values() for name, *_ in names} == {"_finish"}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_is_read_alike_both_ways(app: Flask, name: str) -> None:
    schema, row = ROWS[name]
    assert load_row(schema(), row) == load(schema(), row)


@pytest.mark.parametrize("name", REFUSED)
def test_a_row_is_refused_alike_both_ways(app: Flask, name: str) -> None:
    schema, row = REFUSED[name]
    with pytest.raises(Problem) as slow:
        load(schema(), row)
    with pytest.raises(Problem) as fast:
        load_row(schema(), row)
    assert fast.value.detail() == slow.value.detail()
