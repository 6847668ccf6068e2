"""assignee and due_at: people's own, set by PATCH, shown by GET."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database
from tests.conftest import Store
from tests.support.answers import error, read
from tests.support.desk import add_person
from tests.support.resources import CALL_ID as ID

CALL = f"/v1/calls/{ID}"
DUE = "2030-11-07T14:00:00Z"


@pytest.fixture(autouse=True)
def people(app: Flask) -> None:
    with database.write():
        add_person("Ana Ruiz")
        add_person("Eve", ended_at=1)


@pytest.fixture
def posted(client: FlaskClient) -> Any:
    return client.post("/v1/calls", json={"id": ID}).get_json()


@pytest.mark.usefixtures("posted")
def test_a_call_ends_with_who_has_it_and_when_it_is_due(client: FlaskClient) -> None:
    call = read(client, CALL)
    assert list(call)[-3:] == ["assignee", "due_at", "attempts"]
    assert (call["assignee"], call["due_at"], call["attempts"]) == (None, None, 0)
    assert "assignee" not in read(client, "/v1/calls")["data"][0]


@pytest.mark.usefixtures("posted")
def test_somebody_gets_it_and_gives_it_back(client: FlaskClient) -> None:
    given = client.patch(CALL, json={"version": 1, "assignee": " Ana Ruiz", "due_at": DUE})
    assert given.get_json()["assignee"] == "Ana Ruiz"
    assert read(client, CALL)["due_at"] == DUE
    client.patch(CALL, json={"version": 2, "assignee": None, "due_at": None})
    assert (read(client, CALL)["assignee"], read(client, CALL)["due_at"]) == (None, None)


@pytest.mark.usefixtures("posted")
@pytest.mark.parametrize("name", ["Eve", "ana ruiz", "nobody"])
def test_only_who_signs_in_here_gets_it(client: FlaskClient, name: str) -> None:
    response = client.patch(CALL, json={"version": 1, "assignee": name})
    assert error(response) == (422, "invalid_field", "assignee")
    assert read(client, CALL)["version"] == 1


@pytest.mark.usefixtures("posted")
def test_done_has_no_time_any_more(client: FlaskClient) -> None:
    client.patch(CALL, json={"version": 1, "assignee": "Ana Ruiz", "due_at": DUE})
    done = client.patch(CALL, json={"version": 2, "status": "done"}).get_json()
    assert (done["status"], done["due_at"], done["assignee"]) == ("done", None, "Ana Ruiz")


@pytest.mark.usefixtures("posted")
def test_a_person_who_ended_may_keep_what_is_changed_otherwise(client: FlaskClient) -> None:
    client.patch(CALL, json={"version": 1, "assignee": "Ana Ruiz"})
    with database.write():
        database.raw().execute("UPDATE person SET ended_at = 1 WHERE name = 'Ana Ruiz'")
    changed = client.patch(CALL, json={"version": 2, "notes": "x", "assignee": "Ana Ruiz"})
    assert changed.status_code == 200


@pytest.mark.parametrize("field", [{"assignee": "Ana Ruiz"}, {"due_at": DUE}, {"attempts": 1}])
def test_what_is_posted_knows_none_of_it(client: FlaskClient, field: dict[str, Any]) -> None:
    (name,) = field
    assert error(client.post("/v1/calls", json=field)) == (422, "invalid_field", name)


def test_a_call_made_as_done_did_not_become_so(store: Store, client: FlaskClient) -> None:
    store("calls", [{"id": ID, "status": "done"}])
    client.post("/v1/calls", json={"status": "done"})
    found = database.raw().execute("SELECT count(*) FROM call WHERE done_at IS NOT NULL")
    assert found.get == 0
