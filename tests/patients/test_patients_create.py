"""POST /v1/patients: what is stored, what is refused, what posting twice does."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.people import create_patient, create_tag, error, names, read

URL = "/v1/patients"
ID = "60908405-d45c-49a3-9ec3-53c162e917d3"
OKAFOR = {"id": ID, "first_name": "Ana", "last_name": "Okafor"}

REFUSED = {
    "a last name missing": ({"first_name": "Ana"}, "last_name"),
    "a last name blank": ({"last_name": " "}, "last_name"),
    "a last name of a number": ({"last_name": 5}, "last_name"),
    "a last name too long": ({"last_name": "x" * 201}, "last_name"),
    "a first name of null": ({"last_name": "O", "first_name": None}, "first_name"),
    "a NUL": ({"last_name": "O\0"}, "last_name"),
    "no UUID": ({"last_name": "O", "id": "7"}, "id"),
    "an id of null": ({"last_name": "O", "id": None}, "id"),
    "no day of the calendar": ({"last_name": "O", "date_of_birth": "2023-02-29"}, "date_of_birth"),
    "a date otherwise": ({"last_name": "O", "date_of_birth": "20230228"}, "date_of_birth"),
    "a birth to come": ({"last_name": "O", "date_of_birth": "9999-12-31"}, "date_of_birth"),
    "a date of a number": ({"last_name": "O", "date_of_birth": 1990}, "date_of_birth"),
    "no address": ({"last_name": "O", "email": "ana at mail.example"}, "email"),
    "tags of null": ({"last_name": "O", "tags": None}, "tags"),
    "tags not in a list": ({"last_name": "O", "tags": ID}, "tags"),
    "a tag that is no UUID": ({"last_name": "O", "tags": ["VIP"]}, "tags"),
    "an unknown tag": ({"last_name": "O", "tags": [ID]}, "tags"),
    "too many tags": ({"last_name": "O", "tags": [ID] * 101}, "tags"),
    "active as a number": ({"last_name": "O", "active": 1}, "active"),
    "active as text": ({"last_name": "O", "active": "true"}, "active"),
    "an unknown field": ({"last_name": "O", "colour": "red"}, "colour"),
    "a version": ({"last_name": "O", "version": 1}, "version"),
    "an instant of ours": ({"last_name": "O", "created_at": "2023-11-07T05:31:56Z"}, "created_at"),
}


def test_creates_a_patient_at_its_location(client: FlaskClient) -> None:
    response = client.post(URL, json=OKAFOR)
    assert response.status_code == 201
    assert response.headers["Location"] == f"{URL}/{ID}"
    assert read(client, response.headers["Location"]) == response.get_json()


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


@pytest.mark.parametrize(("body", "param"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(client: FlaskClient, body: dict[str, Any], param: str) -> None:
    assert error(client.post(URL, json=body)) == (422, "invalid_field", param)
    assert names(client) == []


def test_a_deleted_tag_is_unknown(client: FlaskClient) -> None:
    tag = create_tag(client, "VIP")
    client.delete(f"/v1/tags/{tag}")
    response = client.post(URL, json={"last_name": "Okafor", "tags": [tag]})
    assert error(response) == (422, "invalid_field", "tags")


def test_the_same_post_again_changes_nothing(client: FlaskClient) -> None:
    first = client.post(URL, json=OKAFOR)
    again = client.post(URL, json=OKAFOR | {"tags": [], "email": None})
    assert again.status_code == 200
    assert again.get_json() == first.get_json()
    assert names(client) == ["Okafor"]


def test_the_first_post_again_does_not_undo_a_change(client: FlaskClient) -> None:
    client.post(URL, json=OKAFOR)
    client.patch(f"{URL}/{ID}", json={"version": 1, "last_name": "Bose"})
    again = client.post(URL, json=OKAFOR)
    assert (again.status_code, again.get_json()["last_name"]) == (200, "Bose")


def test_a_known_id_with_other_content_is_refused(client: FlaskClient) -> None:
    client.post(URL, json=OKAFOR)
    response = client.post(URL, json=OKAFOR | {"first_name": "Eva"})
    assert error(response) == (409, "already_exists", "id")
    assert read(client, f"{URL}/{ID}")["first_name"] == "Ana"


def test_the_id_of_a_deleted_patient_is_refused(client: FlaskClient) -> None:
    client.post(URL, json=OKAFOR)
    client.delete(f"{URL}/{ID}")
    assert error(client.post(URL, json=OKAFOR)) == (409, "already_exists", "id")
    assert names(client) == []


def test_the_same_content_without_an_id_is_another_patient(client: FlaskClient) -> None:
    ids = {create_patient(client, first_name="Ana")["id"] for _ in range(2)}
    assert len(ids) == 2
