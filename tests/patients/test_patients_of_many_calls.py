"""The name of a patient of many calls is entered in short transactions, and always to the end."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.calls import note_renamed, renamed_patient
from app.models.engine import database, revision
from tests.conftest import MakeCall, Store
from tests.support import process
from tests.support.answers import read
from tests.support.application import application, new_client
from tests.support.files import numbered_ids
from tests.support.people import create_patient
from tests.support.resources import PATIENT_ID as ID
from tests.support.soundness import assert_sound

MANY = 3_000


@pytest.fixture
def five(client: FlaskClient, make_call: MakeCall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store a patient of five calls, so many that one transaction takes but one of them."""
    create_patient(client, id=ID)
    for _ in range(5):
        make_call(patient_id=ID)
    monkeypatch.setattr("app.services.calls.ENTERING_S", -1.0)


def rename(client: FlaskClient, version: int = 1, name: str = "Bose") -> None:
    answer = client.patch(f"/v1/patients/{ID}", json={"version": version, "last_name": name})
    assert answer.status_code == 200


def totals(client: FlaskClient, *words: str) -> list[int]:
    return [read(client, f"/v1/calls?q={word}")["pagination"]["total"] for word in words]


@pytest.mark.usefixtures("five")
def test_all_calls_are_found_once_the_answer_is_there(client: FlaskClient) -> None:
    assert totals(client, "okafor", "bose") == [5, 0]
    rename(client)
    assert totals(client, "okafor", "bose") == [0, 5]
    assert_sound()


@pytest.mark.usefixtures("five")
def test_each_transaction_is_short(client: FlaskClient) -> None:
    before = revision()
    rename(client)
    # The last one finds that there is nothing more.
    assert revision() - before == 6


@pytest.mark.usefixtures("five")
def test_another_name_meanwhile_is_entered_from_the_first_call_on(client: FlaskClient) -> None:
    with database.write():
        note_renamed(ID, 5)
        rename(client)
        rename(client, 2, "Li")
    assert totals(client, "okafor", "bose", "li") == [0, 0, 5]
    assert_sound()


@pytest.fixture
def renaming(
    app: Flask, client: FlaskClient, store: Store, tmp_path: Path
) -> Iterator[process.Process]:
    """Let another process enter the other name of a patient of many calls."""
    create_patient(client, id=ID, first_name="Ada")
    calls = [
        {"id": call_id, "patient_id": ID, "transcript": "Knee pain. " * 50}
        for call_id in numbered_ids(MANY)
    ]
    store("calls", calls)
    file = tmp_path / "patients.ndjson"
    file.write_text(json.dumps({"id": ID, "last_name": "Bose"}))
    path: Path = app.config["DATABASE_URL"]
    importing = process.start(path, "import", "patients", "--update", str(file))
    while renamed_patient() is None:
        assert importing.poll() is None
    yield importing
    importing.kill()
    importing.communicate()


def test_each_call_is_found_by_either_name_at_any_time(
    renaming: process.Process, client: FlaskClient
) -> None:
    seen: set[int] = set()
    while renaming.poll() is None:
        assert totals(client, "ada") == [MANY]
        seen.add(*totals(client, "bose"))
    assert len(seen) > 1
    assert totals(client, "okafor", "bose") == [0, MANY]


def test_what_a_killed_process_leaves_is_finished_by_the_next_that_opens(
    renaming: process.Process, app: Flask
) -> None:
    renaming.kill()
    renaming.wait()
    assert renamed_patient() is not None
    database.close_all()
    with application(app.config["DATABASE_URL"]) as reopened:
        assert renamed_patient() is None
        assert totals(new_client(reopened, "read"), "okafor", "bose") == [0, MANY]
        assert_sound()
