"""What import does with a call that is known otherwise, or has no patient."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.models.engine import database
from app.services.calls import calls
from app.services.drafts import Draft
from tests.support.files import ID, OTHER_ID, THIRD_ID, Export, Import, csv_text
from tests.support.resources import CALLS


def call(client: FlaskClient, call_id: str = ID) -> Any:
    return client.get(f"/v1/calls/{call_id}").get_json()


def total() -> int:
    return int(database.raw().execute("SELECT count(*) FROM call").get)


@pytest.mark.parametrize(
    "change", [{"started_at": "2024-11-15T09:07:28Z"}, {"ended_at": "2024-11-15T09:01:53Z"}]
)
def test_update_that_puts_the_end_before_the_start_is_a_bad_row(
    load: Import, client: FlaskClient, change: dict[str, str]
) -> None:
    load([CALLS.whole])
    result = load([{"id": ID} | change], "--update")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("line 1: ended_at must not be before started_at.")
    assert call(client)["started_at"] == CALLS.whole["started_at"]


def test_calls_of_events_come_back_however_their_instants_disagree(
    load: Import, export: Export
) -> None:
    load([CALLS.whole])
    with database.write():
        calls.record_draft(Draft(ID, {"started_at": 2_000_000_000_000}, rank=1))
    exported = export()
    assert load(exported, "--dry-run").stdout == "0 to store, 1 known. Nothing was stored.\n"


RETELL = {"provider": "retell", "external_id": "Jabr9TXY"}


@pytest.mark.parametrize("options", [[], ["--update"]])
@pytest.mark.parametrize(("known", "row"), [({}, {"id": ID}), ({"id": ID}, {"id": OTHER_ID})])
def test_call_of_a_provider_that_is_known_under_another_id_is_a_bad_row(
    load: Import, known: dict[str, str], row: dict[str, str], options: list[str]
) -> None:
    load([RETELL | known])
    result = load([{"id": THIRD_ID}, RETELL | row], *options)
    assert (result.exit_code, result.stdout, total()) == (1, "", 1)
    assert "line 2: provider and external_id belong to a call with another id." in result.stderr


def test_update_that_makes_a_second_call_of_one_at_a_provider_is_a_bad_row(load: Import) -> None:
    load([RETELL, {"id": ID}])
    result = load([RETELL | {"id": ID}], "--update")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "line 1: provider and external_id belong" in result.stderr


def test_call_of_a_provider_under_two_ids_in_a_file_is_a_bad_row(load: Import) -> None:
    result = load([RETELL, {"id": OTHER_ID}, RETELL | {"id": ID}])
    assert (result.exit_code, total()) == (1, 0)
    assert "line 3: has the external_id of line 1, with other content." in result.stderr


def test_call_of_a_provider_under_its_own_id_comes_back(load: Import, export: Export) -> None:
    load([RETELL | {"id": ID}])
    assert load(export()).stdout == "0 created, 0 updated, 1 known.\n"


@pytest.fixture
def patient_id(client: FlaskClient) -> str:
    """Give the id of the one patient who has the telephone number of `numbered`."""
    patient = {"last_name": "Okafor", "phone_number": "+12125550123"}
    return str(client.post("/v1/patients", json=patient).get_json()["id"])


def numbered(**columns: str) -> str:
    return csv_text({"id": ID, "customer_number": "(212) 555-0123", **columns})


def test_csv_without_a_column_of_patients_links_by_the_number(
    load: Import, client: FlaskClient, patient_id: str
) -> None:
    load(numbered(), ending="csv")
    assert call(client)["patient_id"] == patient_id
    assert load(numbered(), ending="csv").stdout == "0 created, 0 updated, 1 known.\n"


@pytest.mark.usefixtures("patient_id")
@pytest.mark.parametrize("stated", ["", "somebody else"])
def test_csv_with_a_column_of_patients_is_taken_as_it_stands(
    load: Import, client: FlaskClient, stated: str
) -> None:
    load(numbered(patient_id=stated), ending="csv")
    assert call(client)["patient_id"] == (stated or None)


@pytest.mark.usefixtures("patient_id")
def test_csv_links_no_call_that_was_known(load: Import, client: FlaskClient) -> None:
    load([{"id": ID}])
    assert load(numbered(), "--update", ending="csv").exit_code == 0
    assert call(client)["patient_id"] is None
