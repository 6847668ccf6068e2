"""To which patient a new call belongs: to the one who has its number, unless it is said."""

import pytest
from flask.testing import FlaskClient

from tests.support.people import create_patient
from tests.support.resources import CALLS

NUMBER = "+12125550123"


def patient_of_new_call(client: FlaskClient, **values: object) -> object:
    """Give the patient that a new call from the number has."""
    call = client.post("/v1/calls", json={"customer_number": NUMBER, **values}).get_json()
    return call["patient_id"]


def test_is_linked_to_the_one_patient_with_its_number(client: FlaskClient) -> None:
    patient = create_patient(client, phone_number=NUMBER)
    assert patient_of_new_call(client, customer_number="(212) 555-0123") == patient["id"]


def test_stays_open_where_two_patients_have_its_number(client: FlaskClient) -> None:
    for _ in range(2):
        create_patient(client, phone_number=NUMBER)
    assert patient_of_new_call(client) is None


def test_a_deleted_patient_has_no_number(client: FlaskClient) -> None:
    patient = create_patient(client, phone_number=NUMBER)
    client.delete(f"/v1/patients/{patient['id']}")
    assert patient_of_new_call(client) is None


@pytest.mark.parametrize("patient_id", [None, "somebody else"])
def test_a_given_patient_counts_for_more_than_the_number(
    client: FlaskClient, patient_id: str | None
) -> None:
    create_patient(client, phone_number=NUMBER)
    assert patient_of_new_call(client, patient_id=patient_id) == patient_id


def test_a_change_of_the_number_links_nobody(client: FlaskClient) -> None:
    create_patient(client, phone_number=NUMBER)
    client.post("/v1/calls", json=CALLS.given)
    call = client.patch(CALLS.one, json={"version": 1, "customer_number": NUMBER}).get_json()
    assert (call["customer_number"], call["patient_id"]) == (NUMBER, None)
