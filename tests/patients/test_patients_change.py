"""PATCH and DELETE of a patient: tags and names, and by what the patient is found then."""

import pytest
from flask.testing import FlaskClient

from tests.support.answers import read
from tests.support.people import create_patient, create_tag, names
from tests.support.resources import NOBODY


@pytest.fixture
def url(client: FlaskClient) -> str:
    """Give the address of a patient named Ana Okafor."""
    created = create_patient(client, first_name="Ana", email="ana@mail.example")
    return f"/v1/patients/{created['id']}"


def test_an_address_can_be_taken_back(client: FlaskClient, url: str) -> None:
    changed = client.patch(url, json={"version": 1, "active": False, "email": None}).get_json()
    assert (changed["active"], changed["email"], changed["first_name"]) == (False, None, "Ana")


def test_tags_change_as_a_whole(client: FlaskClient, url: str) -> None:
    vip, late = create_tag(client, "VIP"), create_tag(client, "late")
    client.patch(url, json={"version": 1, "tags": [vip]})
    client.patch(url, json={"version": 2, "tags": [late, vip]})
    assert read(client, url)["tags"] == [late, vip]
    assert client.patch(url, json={"version": 3, "tags": []}).get_json()["tags"] == []
    assert names(client, f"tags[]={vip}") == []


def test_another_order_of_the_tags_is_a_change(client: FlaskClient, url: str) -> None:
    vip, late = create_tag(client, "VIP"), create_tag(client, "late")
    client.patch(url, json={"version": 1, "tags": [vip, late]})
    changed = client.patch(url, json={"version": 2, "tags": [late, vip]}).get_json()
    assert (changed["tags"], changed["version"]) == ([late, vip], 3)


def test_a_new_name_takes_its_place_in_the_order(client: FlaskClient, url: str) -> None:
    create_patient(client, last_name="Bose")
    client.patch(url, json={"version": 1, "last_name": "Abel"})
    assert names(client) == ["Abel", "Bose"]


def test_a_refused_change_leaves_nothing_behind(client: FlaskClient, url: str) -> None:
    body = {"version": 1, "last_name": "Bose", "tags": [create_tag(client, "VIP"), NOBODY]}
    assert client.patch(url, json=body).status_code == 422
    assert names(client) == ["Okafor"]
    assert names(client, "q=bose") == []


def test_is_found_by_what_a_change_made_of_the_patient(client: FlaskClient, url: str) -> None:
    client.patch(url, json={"version": 1, "last_name": "Zola", "phone_number": "2125550999"})
    client.patch(url, json={"version": 2, "phone_number": "2125550123"})
    assert names(client, "q=zola+0123") == ["Zola"]
    assert names(client, "q=okafor") == []
    assert names(client, "q=0999") == []


def test_a_deleted_patient_is_not_found(client: FlaskClient, url: str) -> None:
    tag = create_tag(client, "VIP")
    client.patch(url, json={"version": 1, "tags": [tag]})
    found = names(client, "q=ana"), names(client, f"tags[]={tag}")
    client.delete(url)
    assert found == (["Okafor"], ["Okafor"])
    assert (names(client, "q=ana"), names(client, f"tags[]={tag}")) == ([], [])
