"""What became of a call or a patient: who, what, when, in the transaction of the change."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import connection, database
from app.problems import Problem
from app.services import desk
from app.services.calls import calls
from app.services.drafts import Draft
from app.services.history import COMMAND, Actor, History, acting
from app.services.patients import patients
from tests.conftest import MakeCall, Store
from tests.support.desk import BEN, entries
from tests.support.resources import CALL_ID

CALL = f"/v1/calls/{CALL_ID}"


def test_says_who_did_what_newest_first(client: FlaskClient) -> None:
    client.post("/v1/calls", json={"id": CALL_ID})
    client.patch(CALL, json={"version": 1, "status": "done", "notes": "Paid."})
    newest, oldest = entries(CALL_ID)
    assert (oldest["who"], oldest["action"], oldest["changes"]) == ("key:test", "created", {})
    assert (newest["who"], newest["action"], newest["version"]) == ("key:test", "changed", 2)
    assert newest["changes"] == {"status": ["pending", "done"], "notes": [None, "Paid."]}


def test_an_event_acts_for_its_provider(call: str) -> None:
    with acting(Actor("provider:retell")), database.write():
        calls.record_draft(Draft(call, {"summary": "x" * 201, "transcript": "y"}, rank=2))
    (entry, *_) = entries(call)
    assert (entry["who"], entry["action"]) == ("provider:retell", "changed")
    assert entry["changes"] == {"summary": [None, 201], "transcript": [None, "y"]}


def test_instants_are_as_the_api_writes_them(call: str) -> None:
    desk.save(call, 1, {"started_at": 1_700_000_060_000})
    (entry, *_) = entries(call)
    assert entry["changes"]["started_at"] == ["2023-11-14T22:13:20Z", "2023-11-14T22:14:20Z"]


def test_what_changes_nothing_has_no_entry(call: str) -> None:
    before = len(entries(call))
    desk.unflag(call, 1)
    with database.write():
        calls.record_draft(Draft(call, {"category": None}, rank=2, digest="0123456789abcdef"))
    assert len(entries(call)) == before


@pytest.mark.parametrize(
    ("name", "row"),
    [("calls", {"id": CALL_ID, "status": "done"}), ("patients", {"last_name": "Cruz"})],
)
def test_what_a_file_brings_has_no_entry_until_it_changes(
    app: Flask, store: Store, name: str, row: dict[str, Any]
) -> None:
    row = {"id": CALL_ID, **row}
    store(name, [row])
    assert connection().execute("SELECT count(*) FROM history").get == 0


def test_an_import_that_changes_a_call_is_a_commands(app: Flask, make_call: MakeCall) -> None:
    call_id = make_call(summary="Old.")
    with database.write():
        calls.record(call_id, {"summary": "New."}, update=True)
    (entry,) = entries(call_id)
    assert (entry["who"], entry["changes"]) == ("command", {"summary": ["Old.", "New."]})


def test_deleting_and_bringing_back_are_told(call: str) -> None:
    calls.remove(call)
    with acting(COMMAND):
        calls.undelete(call)
    told = [(entry["action"], entry["who"]) for entry in entries(call)]
    assert told == [("undeleted", "command"), ("deleted", "Ana"), ("created", "Ana")]


def test_patients_have_a_history_too(me: Actor) -> None:
    _, patient = patients.create({"last_name": "Okafor", "active": True})
    row = patients.change(patient["id"], 1, {"active": False})
    (entry, created) = History("patient", row).page({"page": 1, "limit": 50}).rows
    assert (created["action"], entry["changes"]) == ("created", {"active": [True, False]})


def test_is_not_written_where_the_change_is_not(call: str) -> None:
    before = entries(call)
    with pytest.raises(Problem):
        desk.done_all([(call, 1), (CALL_ID, 1)])
    assert entries(call) == before


def test_no_column_that_only_the_service_knows_is_told(call: str) -> None:
    desk.attempt(call, 1, "no_answer", due_at=1_900_000_000_000)
    (entry, *_) = entries(call)
    assert entry["changes"] == {"attempts": [0, 1], "due_at": [None, "2030-03-17T17:46:40Z"]}
    desk.save(call, 2, {"customer_number": "+12125550124"})
    (entry, *_) = entries(call)
    assert list(entry["changes"]) == ["customer_number"]


def test_tells_what_was_changed_after_a_version(call: str) -> None:
    desk.flag(call, 1)
    with acting(BEN):
        desk.take(call, 2)
        desk.done(call, 3)
    since = History("call", calls.get(call)).since(2)
    assert [(entry["who"], list(entry["changes"])) for entry in since] == [
        *(("Ben", ["status"]), ("Ben", ["assignee"]))
    ]
