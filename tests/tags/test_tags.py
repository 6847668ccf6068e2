"""/v1/tags: the shape of a tag, the order of the list, and which names are free."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.answers import error, read
from tests.support.people import create_tag

URL = "/v1/tags"


def listed(client: FlaskClient) -> list[str]:
    """Give the names in the list of tags."""
    return [tag["name"] for tag in read(client, URL)["data"]]


def test_gives_the_keys_in_order(client: FlaskClient) -> None:
    create_tag(client, " no-show risk ")
    (tag,) = read(client, URL)["data"]
    assert list(tag) == ["id", "name", "created_at", "updated_at", "version"]
    assert tag["name"] == "no-show risk"


def test_orders_by_name_without_case_and_accents(client: FlaskClient) -> None:
    for name in ("waitlist", "VIP", "Über 65", "telehealth"):
        create_tag(client, name)
    assert listed(client) == ["telehealth", "Über 65", "VIP", "waitlist"]


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
    "body",
    [{}, {"name": None}, {"name": " "}, {"name": "x" * 101}],
    ids=["missing", "null", "blank", "too long"],
)
def test_refuses_a_name(client: FlaskClient, body: dict[str, Any]) -> None:
    assert error(client.post(URL, json=body)) == (422, "invalid_field", "name")
    assert listed(client) == []


def test_a_change_to_a_taken_name_is_refused(client: FlaskClient) -> None:
    create_tag(client, "VIP")
    late = create_tag(client, "late")
    response = client.patch(f"{URL}/{late}", json={"version": 1, "name": "vip"})
    assert error(response) == (409, "already_exists", "name")
    assert listed(client) == ["late", "VIP"]
