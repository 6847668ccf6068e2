"""The JSON that is answered is what the schemas would dump."""

import json

from flask import Flask
from flask.testing import FlaskClient

from app.schemas.calls import CallDetailSchema, CallSchema
from app.schemas.rows import to_json
from app.services.calls import calls
from app.transfer.files import Importer, read_rows
from app.transfer.resources import RESOURCES
from tests.support import DATA

CALLS = DATA / "clinic" / "calls.ndjson"


def import_calls() -> None:
    importer = Importer(RESOURCES["calls"])
    with CALLS.open("rb") as file:
        importer.check(read_rows(file, "ndjson", RESOURCES["calls"]))
    importer.store()
    importer.close()


def test_every_stored_call_is_what_the_schemas_dump(app: Flask) -> None:
    import_calls()
    for row in calls.all_rows():
        shown = row | {"org_id": "clinic"}
        for schema in (CallSchema, CallDetailSchema):
            assert list(to_json(row, schema).items()) == list(schema().dump(shown).items())


def test_an_imported_call_is_listed_as_it_came(client: FlaskClient) -> None:
    import_calls()
    came = {row["id"]: row for row in map(json.loads, CALLS.read_text("utf-8").splitlines())}
    listed = [
        call
        for page in range(1, 41)
        for call in client.get(f"/v1/calls?limit=100&page={page}").get_json()["data"]
    ]
    assert len(listed) == 4000
    assert all(call == came[call["id"]] for call in listed)
