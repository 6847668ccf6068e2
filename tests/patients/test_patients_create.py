"""POST /v1/patients: what is stored."""

from flask.testing import FlaskClient

from tests.support.answers import error, read
from tests.support.people import create_patient, create_tag
from tests.support.resources import PATIENT_ID as ID

URL = "/v1/patients"


def test_fills_in_what_was_left_out(client: FlaskClient) -> None:
    created = create_patient(client)
    instants = {created.pop("created_at"), created.pop("updated_at")}
    del created["id"]
    assert len(instants) == 1
    assert created == {
        **{"first_name": "", "last_name": "Okafor", "date_of_birth": None, "email": None},
        **{"phone_number": None, "tags": [], "active": True, "version": 1},
    }


def test_writes_values_in_one_form(client: FlaskClient) -> None:
    created = create_patient(
        client,
        id=ID.upper(),
        first_name=" Ana ",
        phone_number="(787) 555-0179",
        email=" a@b.example",
    )
    assert (created["id"], created["first_name"]) == (ID, "Ana")
    assert created["phone_number"] == "+17875550179"
    assert created["email"] == "a@b.example"


def test_a_blank_number_or_address_is_null(client: FlaskClient) -> None:
    created = create_patient(client, phone_number=" ", email="")
    assert (created["phone_number"], created["email"]) == (None, None)


def test_takes_a_birth_of_today_and_of_a_leap_day(client: FlaskClient) -> None:
    today = create_patient(client)["created_at"][:10]
    assert create_patient(client, date_of_birth=today)["date_of_birth"] == today
    assert create_patient(client, date_of_birth="2000-02-29")["date_of_birth"] == "2000-02-29"


def test_keeps_tags_once_in_the_order_given(client: FlaskClient) -> None:
    vip, late = create_tag(client, "VIP"), create_tag(client, "late")
    created = create_patient(client, tags=[late, vip, late.upper()])
    assert created["tags"] == [late, vip]
    assert read(client, f"{URL}/{created['id']}")["tags"] == [late, vip]
    assert read(client, URL)["data"][0]["tags"] == [late, vip]


def test_a_deleted_tag_is_unknown(client: FlaskClient) -> None:
    tag = create_tag(client, "VIP")
    client.delete(f"/v1/tags/{tag}")
    response = client.post(URL, json={"last_name": "Okafor", "tags": [tag]})
    assert error(response) == (422, "invalid_field", "tags")
