"""What a change of patients or tags does to the list of calls, at once."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import MakeCall
from tests.support.answers import read
from tests.support.people import create_patient, create_tag
from tests.support.resources import PATIENT_ID as ID


@pytest.fixture
def vip(client: FlaskClient, make_call: MakeCall) -> Any:
    """Store a call of Ana Okafor, who bears a tag; give the tag's id."""
    tag = create_tag(client, "VIP")
    create_patient(client, id=ID, first_name="Ana", tags=[tag])
    make_call(patient_id=ID)
    return tag


def total(client: FlaskClient, query: str) -> Any:
    """Give how many calls a query finds."""
    return read(client, f"/v1/calls?{query}")["pagination"]["total"]


def test_calls_are_found_by_the_new_name(client: FlaskClient, vip: str) -> None:
    assert total(client, "q=ana+okafor") == 1
    client.patch(f"/v1/patients/{ID}", json={"version": 1, "last_name": "Bose"})
    assert total(client, "q=ana+bose") == 1
    assert total(client, "q=okafor") == 0


def test_calls_are_found_by_the_name_of_a_patient_who_came_later(
    client: FlaskClient, make_call: MakeCall
) -> None:
    make_call(patient_id=ID)
    assert total(client, "q=okafor") == 0
    create_patient(client, id=ID)
    assert total(client, "q=okafor") == 1


def test_a_deleted_patients_calls_stay(client: FlaskClient, vip: str) -> None:
    client.delete(f"/v1/patients/{ID}")
    assert read(client, "/v1/calls")["data"][0]["patient_id"] == ID
    assert total(client, f"patient_id={ID}") == 1
    assert total(client, "q=okafor") == 0


def test_a_deleted_patient_has_no_tags(client: FlaskClient, vip: str) -> None:
    client.delete(f"/v1/patients/{ID}")
    assert total(client, f"tags[]={vip}") == 0
    assert total(client, f"tags[]={vip}&tag_filter_mode=exclude_any") == 1


def test_a_deleted_tag_is_held_by_nobody(client: FlaskClient, vip: str) -> None:
    assert total(client, f"tags[]={vip}") == 1
    client.delete(f"/v1/tags/{vip}")
    assert total(client, f"tags[]={vip}") == 0
    assert total(client, f"tags[]={vip}&tag_filter_mode=exclude_all") == 1


def test_a_new_tag_of_the_patient_counts(client: FlaskClient, vip: str) -> None:
    late = create_tag(client, "late")
    client.patch(f"/v1/patients/{ID}", json={"version": 1, "tags": [vip, late]})
    assert total(client, f"tags[]={vip}&tags[]={late}&tag_filter_mode=all") == 1
    client.patch(f"/v1/patients/{ID}", json={"version": 2, "tags": [late]})
    assert total(client, f"tags[]={vip}") == 0
