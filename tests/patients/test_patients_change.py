"""PATCH and DELETE /v1/patients/{id}: versions, what changes and what stays."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.people import create_patient, create_tag, error, names, read

NOBODY = "/v1/patients/00000000-0000-4000-8000-000000000000"


@pytest.fixture
def url(client: FlaskClient) -> str:
    """Give the address of a patient named Ana Okafor."""
    created = create_patient(client, first_name="Ana", email="ana@mail.example")
    return f"/v1/patients/{created['id']}"


def test_changes_what_is_given_and_nothing_else(client: FlaskClient, url: str) -> None:
    before = read(client, url)
    changed = client.patch(url, json={"version": 1, "active": False, "email": None}).get_json()
    assert changed == read(client, url)
    assert changed["updated_at"] >= before["updated_at"]
    kept = before | {"updated_at": changed["updated_at"]}
    assert changed == kept | {"version": 2, "active": False, "email": None}


def test_another_version_changes_nothing(client: FlaskClient, url: str) -> None:
    client.patch(url, json={"version": 1, "first_name": "Eva"})
    response = client.patch(url, json={"version": 1, "first_name": "Ida"})
    assert error(response) == (409, "version_mismatch", "version")
    assert read(client, url)["first_name"] == "Eva"


def test_what_changes_nothing_leaves_the_version(client: FlaskClient, url: str) -> None:
    before = read(client, url)
    response = client.patch(url, json={"version": 1, "first_name": " Ana", "tags": []})
    assert response.status_code == 200
    assert response.get_json() == before
    assert read(client, url) == before


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


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"first_name": "Eva"}, "version"),
        ({"version": None}, "version"),
        ({"version": "1"}, "version"),
        ({"version": 1, "id": "60908405-d45c-49a3-9ec3-53c162e917d3"}, "id"),
        ({"version": 1, "updated_at": "2023-11-07T05:31:56Z"}, "updated_at"),
        ({"version": 1, "deleted_at": None}, "deleted_at"),
        ({"version": 1, "last_name": ""}, "last_name"),
        ({"version": 1, "tags": ["60908405-d45c-49a3-9ec3-53c162e917d3"]}, "tags"),
    ],
)
def test_refuses(client: FlaskClient, url: str, body: dict[str, Any], param: str) -> None:
    assert error(client.patch(url, json=body)) == (422, "invalid_field", param)
    assert read(client, url)["version"] == 1


def test_a_refused_change_leaves_nothing_behind(client: FlaskClient, url: str) -> None:
    unknown = "60908405-d45c-49a3-9ec3-53c162e917d3"
    body = {"version": 1, "last_name": "Bose", "tags": [create_tag(client, "VIP"), unknown]}
    assert client.patch(url, json=body).status_code == 422
    assert names(client) == ["Okafor"]
    assert names(client, "q=bose") == []


def test_a_deleted_patient_is_gone(client: FlaskClient, url: str) -> None:
    response = client.delete(url)
    assert (response.status_code, response.data) == (204, b"")
    assert names(client) == []
    assert error(client.get(url)) == (404, "not_found", None)


def test_a_deleted_patient_cannot_be_changed(client: FlaskClient, url: str) -> None:
    client.delete(url)
    assert error(client.patch(url, json={"version": 2})) == (404, "not_found", None)
    assert error(client.delete(url)) == (404, "not_found", None)


def test_an_unknown_patient_cannot_be_changed(client: FlaskClient) -> None:
    assert error(client.patch(NOBODY, json={"version": 1})) == (404, "not_found", None)
    assert error(client.delete(NOBODY)) == (404, "not_found", None)
