"""The JSON written with a call is what its schema would dump."""

import json

import orjson
from flask import Flask
from flask.testing import FlaskClient

from app.schemas.calls import CallDetailSchema, CallSchema
from app.schemas.rows import to_json, to_wire
from app.services import calls as call_book
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
    for row in call_book.all_rows():
        shown = row | {"org_id": "clinic"}
        assert to_json(shown, CallDetailSchema) == CallDetailSchema().dump(shown)
        dumped = CallSchema().dump(shown)
        assert to_wire(row) == row["wire"]
        assert list(orjson.loads(f"{{{row['wire']}").items()) == list(dumped.items())[2:]


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
