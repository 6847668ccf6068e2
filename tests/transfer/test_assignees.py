"""Who has a call and when it is due travel in files; attempts and history do not."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database
from app.services import desk
from tests.support.answers import read, total
from tests.support.desk import add_person
from tests.support.files import Export, Import, from_ndjson
from tests.support.resources import CALL_ID as ID

CALL = f"/v1/calls/{ID}"
DUE = "2030-11-07T14:00:00Z"
TAKEN = {"id": ID, "assignee": "Ana Ruiz", "due_at": DUE}


@pytest.fixture(autouse=True)
def people(app: Flask) -> None:
    with database.write():
        add_person("Ana Ruiz")
        add_person("Eve", ended_at=1)


def test_both_come_from_a_file_and_go_into_one(
    client: FlaskClient, load: Import, export: Export
) -> None:
    load([TAKEN])
    desk.attempt(ID, 1, "no_answer", due_at=1_900_000_000_000)
    (row,) = from_ndjson(export())
    assert list(row)[-2:] == ["assignee", "due_at"]
    assert (row["assignee"], row["due_at"]) == ("Ana Ruiz", "2030-03-17T17:46:40Z")
    assert load([row]).stdout == "0 created, 0 updated, 1 known.\n"


def test_attempts_do_not_travel(load: Import) -> None:
    result = load([TAKEN | {"attempts": 1}])
    assert (result.exit_code, result.stderr.startswith("line 1: attempts is not")) == (1, True)


def test_a_file_of_before_them_changes_nothing_of_them(client: FlaskClient, load: Import) -> None:
    load([TAKEN])
    load([{"id": ID, "summary": "Moved."}], "--update")
    call = read(client, CALL)
    assert (call["summary"], call["assignee"], call["due_at"]) == ("Moved.", "Ana Ruiz", DUE)


@pytest.mark.parametrize("status", ["pending", "follow_up_needed"])
def test_an_open_call_of_who_does_not_sign_in_here_is_a_bad_row(
    client: FlaskClient, load: Import, status: str
) -> None:
    result = load([TAKEN | {"assignee": "Eve", "status": status}])
    assert result.stderr.startswith("line 1: assignee must be the name of a person who signs in")
    assert total(client, "/v1/calls") == 0


def test_who_had_a_call_that_is_done_is_a_record(client: FlaskClient, load: Import) -> None:
    load([TAKEN | {"assignee": "Somebody elsewhere", "status": "done"}])
    assert read(client, CALL)["assignee"] == "Somebody elsewhere"
