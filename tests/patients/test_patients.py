"""GET /v1/patients: the shape of a patient, and the order of the list."""

from flask.testing import FlaskClient

from tests.support.answers import read
from tests.support.people import create_patient
from tests.support.resources import NOBODY


def test_gives_the_keys_in_order(client: FlaskClient) -> None:
    create_patient(client)
    assert list(read(client, "/v1/patients")["data"][0]) == [
        *("id", "first_name", "last_name", "date_of_birth", "phone_number", "email", "tags"),
        *("active", "created_at", "updated_at", "version"),
    ]


def test_orders_by_last_name_first_name_and_id(client: FlaskClient) -> None:
    low, high = (NOBODY.replace("00000000-", f"0000000{n}-") for n in "12")
    for patient_id, first_name, last_name in [
        (high, "Zoë", "berg"),
        (low, "ZOE", "Berg"),
        (None, "Ánna", "Berg"),
        (None, "Aaron", "Berg Olsen"),
        (None, "", "Ärm"),
    ]:
        given = {"id": patient_id} if patient_id else {}
        create_patient(client, first_name=first_name, last_name=last_name, **given)
    listed = read(client, "/v1/patients")["data"]
    assert [patient["first_name"] for patient in listed] == ["", "Ánna", "ZOE", "Zoë", "Aaron"]
    assert [patient["id"] for patient in listed[2:4]] == [low, high]


def test_links_to_the_other_pages_with_the_same_filters(client: FlaskClient) -> None:
    for name in ("Okafor", "Okafor", "Bose"):
        create_patient(client, last_name=name)
    link = client.get("/v1/patients?q=oka&limit=1").headers["Link"]
    base = "<http://localhost/v1/patients?q=oka&limit=1&page"
    assert link == f'{base}=1>; rel="first", {base}=2>; rel="next", {base}=2>; rel="last"'
