"""The books of patients and tags as import and export use them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database
from app.problems import Problem
from app.schemas.base import load
from app.schemas.patients import PatientImportSchema, PatientSchema
from app.schemas.rows import to_json
from app.schemas.tags import TagImportSchema, TagSchema
from app.services.patients import patients
from app.services.tags import tags
from tests.support.people import create_patient, error, names

TAG = {"id": "6018366c-f658-47a7-9ed3-4fe53a096533", "name": "VIP"}
PATIENT = {
    "id": "60908405-d45c-49a3-9ec3-53c162e917d3",
    "first_name": "Åsa",
    "last_name": "Smith",
    "date_of_birth": "1978-04-23",
    "phone_number": "+17875550132",
    "email": None,
    "tags": [TAG["id"]],
}
EXPORTED = PATIENT | {
    "active": False,
    "created_at": "2023-11-07T05:31:56Z",
    "updated_at": "2024-02-01T00:00:00.500Z",
    "version": 7,
}

Record = Callable[..., str]


@pytest.fixture
def record(app: Flask) -> Record:
    """Store a row of a file of patients, its tag before it."""
    with database.write():
        tags.record(str(TAG["id"]), load(TagImportSchema(), TAG))

    def record(row: dict[str, Any], update: bool = False) -> str:
        values = load(PatientImportSchema(), row)
        judged = patients.check(values["id"], values, update)
        with database.write():
            assert patients.record(values["id"], values, update) == judged
        return judged

    return record


def exported() -> list[dict[str, Any]]:
    return [to_json(row, PatientSchema) for row in patients.all_rows()]


def test_an_exported_patient_comes_back_unchanged(record: Record) -> None:
    assert record(EXPORTED) == "created"
    assert exported() == [EXPORTED]


def test_an_exported_tag_comes_back_unchanged(app: Flask) -> None:
    times = {"created_at": "2023-11-07T05:31:56Z", "updated_at": "2024-02-01T00:00:00Z"}
    row = TAG | times | {"version": 3}
    with database.write():
        assert tags.record(str(TAG["id"]), load(TagImportSchema(), row)) == "created"
    assert [to_json(tag, TagSchema) for tag in tags.all_rows()] == [row]


def test_a_short_row_is_filled_in(record: Record) -> None:
    record({"id": PATIENT["id"], "last_name": "Smith"})
    assert exported()[0] | {"created_at": "", "updated_at": ""} == {
        **{"id": PATIENT["id"], "first_name": "", "last_name": "Smith", "date_of_birth": None},
        **{"phone_number": None, "email": None, "tags": [], "active": True, "version": 1},
        **{"created_at": "", "updated_at": ""},
    }


def test_the_same_row_again_is_skipped(record: Record) -> None:
    record(EXPORTED)
    assert record(EXPORTED) == "unchanged"
    assert record(PATIENT) == "unchanged"
    assert exported() == [EXPORTED]


def test_an_older_version_of_the_same_content_is_skipped(record: Record) -> None:
    record(EXPORTED)
    older = EXPORTED | {"version": 2, "updated_at": "2023-12-01T00:00:00Z"}
    assert record(older, update=True) == "unchanged"
    assert exported() == [EXPORTED]


def test_other_content_of_a_known_id_is_refused(record: Record) -> None:
    record(EXPORTED)
    with pytest.raises(Problem) as refused:
        record(EXPORTED | {"first_name": "Eva"})
    assert (refused.value.code, refused.value.param) == ("already_exists", "id")
    assert exported() == [EXPORTED]


def test_other_content_is_taken_over_when_asked_for(client: FlaskClient, record: Record) -> None:
    record(EXPORTED)
    assert record({"id": PATIENT["id"], "last_name": "Bose", "tags": []}, update=True) == "updated"
    patient = exported()[0]
    assert (patient["first_name"], patient["tags"], patient["version"]) == ("Åsa", [], 8)
    assert names(client, "q=bose") == ["Bose"]


@pytest.mark.parametrize("update", [False, True])
def test_the_id_of_a_deleted_patient_is_refused(
    client: FlaskClient, record: Record, update: bool
) -> None:
    record(PATIENT)
    client.delete(f"/v1/patients/{PATIENT['id']}")
    with pytest.raises(Problem, match="already_exists"):
        record(PATIENT, update=update)
    assert exported() == []


def test_an_unknown_tag_is_found_before_anything_is_stored(record: Record) -> None:
    values = load(PatientImportSchema(), PATIENT | {"tags": [PATIENT["id"]]})
    with pytest.raises(Problem) as refused:
        patients.check(values["id"], values)
    assert (refused.value.code, refused.value.param) == ("invalid_field", "tags")


def test_an_imported_patient_was_never_posted(client: FlaskClient, record: Record) -> None:
    record(PATIENT)
    assert error(client.post("/v1/patients", json=PATIENT)) == (409, "already_exists", "id")


def test_exports_in_the_order_of_the_list(client: FlaskClient) -> None:
    for name in ("Cruz", "Abel", "Bose"):
        create_patient(client, last_name=name)
    assert [patient["last_name"] for patient in exported()] == ["Abel", "Bose", "Cruz"]
