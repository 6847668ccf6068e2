"""/v1/tags: list, get, create, change."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.people import create_tag, error, read

URL = "/v1/tags"
ID = "6018366c-f658-47a7-9ed3-4fe53a096533"


def listed(client: FlaskClient) -> list[str]:
    """Give the names in the list of tags."""
    return [tag["name"] for tag in read(client, URL)["data"]]


def test_creates_a_tag_at_its_location(client: FlaskClient) -> None:
    response = client.post(URL, json={"id": ID, "name": " no-show risk "})
    tag = response.get_json()
    assert (response.status_code, response.headers["Location"]) == (201, f"{URL}/{ID}")
    assert list(tag) == ["id", "name", "created_at", "updated_at", "version"]
    assert (tag["name"], tag["version"]) == ("no-show risk", 1)


def test_list_and_get_show_a_tag_alike(client: FlaskClient) -> None:
    tag = client.post(URL, json={"name": "VIP"}).get_json()
    assert read(client, f"{URL}/{tag['id']}") == tag
    assert read(client, URL)["data"] == [tag]


def test_orders_by_name_without_case_and_accents(client: FlaskClient) -> None:
    for name in ("waitlist", "VIP", "Über 65", "telehealth"):
        create_tag(client, name)
    assert listed(client) == ["telehealth", "Über 65", "VIP", "waitlist"]


def test_cuts_the_list_into_pages(client: FlaskClient) -> None:
    for name in "cab":
        create_tag(client, name)
    response = client.get(f"{URL}?limit=2&page=1")
    body: Any = response.get_json()
    assert [tag["name"] for tag in body["data"]] == ["a", "b"]
    assert body["pagination"] == {"has_more": True, "total": 3, "page": 1, "limit": 2}
    assert f'<http://localhost{URL}?limit=2&page=2>; rel="next"' in response.headers["Link"]


def test_refuses_an_unknown_parameter(client: FlaskClient) -> None:
    assert error(client.get(f"{URL}?name=VIP")) == (422, "unknown_parameter", "name")


@pytest.mark.parametrize("name", ["VIP", "vip", " Vip\t"])
def test_a_name_is_taken_in_any_case(client: FlaskClient, name: str) -> None:
    create_tag(client, "Vip")
    assert error(client.post(URL, json={"name": name})) == (409, "already_exists", "name")
    assert listed(client) == ["Vip"]


def test_a_name_is_taken_however_its_letters_are_composed(client: FlaskClient) -> None:
    create_tag(client, "caf\u00e9 STRASSE")
    response = client.post(URL, json={"name": "CAFE\u0301 straße"})
    assert error(response) == (409, "already_exists", "name")


def test_an_accent_makes_another_name(client: FlaskClient) -> None:
    create_tag(client, "resume")
    assert create_tag(client, "résumé")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "name"),
        ({"name": None}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "VIP", "id": "VIP"}, "id"),
        ({"name": "VIP", "version": 1}, "version"),
        ({"name": "VIP", "colour": "red"}, "colour"),
    ],
)
def test_refuses(client: FlaskClient, body: dict[str, Any], param: str) -> None:
    assert error(client.post(URL, json=body)) == (422, "invalid_field", param)
    assert listed(client) == []


def test_the_same_post_again_changes_nothing(client: FlaskClient) -> None:
    first = client.post(URL, json={"id": ID, "name": "VIP"})
    again = client.post(URL, json={"id": ID, "name": "VIP "})
    assert (again.status_code, again.get_json()) == (200, first.get_json())


def test_a_known_id_with_other_content_is_refused(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID, "name": "VIP"})
    response = client.post(URL, json={"id": ID, "name": "late"})
    assert error(response) == (409, "already_exists", "id")
    assert listed(client) == ["VIP"]


def test_changes_the_name(client: FlaskClient) -> None:
    tag = create_tag(client, "VIP")
    changed = client.patch(f"{URL}/{tag}", json={"version": 1, "name": "Vip"}).get_json()
    assert (changed["name"], changed["version"]) == ("Vip", 2)
    assert read(client, f"{URL}/{tag}") == changed


def test_another_version_changes_nothing(client: FlaskClient) -> None:
    tag = create_tag(client, "VIP")
    response = client.patch(f"{URL}/{tag}", json={"version": 2, "name": "late"})
    assert error(response) == (409, "version_mismatch", "version")
    assert listed(client) == ["VIP"]


def test_what_changes_nothing_leaves_the_version(client: FlaskClient) -> None:
    tag = create_tag(client, "VIP")
    response = client.patch(f"{URL}/{tag}", json={"version": 1, "name": " VIP "})
    assert (response.status_code, response.get_json()["version"]) == (200, 1)


def test_a_change_to_a_taken_name_is_refused(client: FlaskClient) -> None:
    create_tag(client, "VIP")
    late = create_tag(client, "late")
    response = client.patch(f"{URL}/{late}", json={"version": 1, "name": "vip"})
    assert error(response) == (409, "already_exists", "name")
    assert listed(client) == ["late", "VIP"]


def test_writing_needs_the_scope_write(make_client: Callable[..., FlaskClient]) -> None:
    client, refused = make_client("read"), (403, "missing_scope", None)
    assert error(client.post(URL, json={"name": "VIP"})) == refused
    assert error(client.patch(f"{URL}/{ID}", json={"version": 1})) == refused
    assert error(client.delete(f"{URL}/{ID}")) == refused


def test_reading_needs_the_scope_read(make_client: Callable[..., FlaskClient]) -> None:
    client = make_client("ingest")
    assert error(client.get(URL)) == (403, "missing_scope", None)
    assert error(client.get(f"{URL}/{ID}")) == (403, "missing_scope", None)
