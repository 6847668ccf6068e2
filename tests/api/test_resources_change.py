"""GET, PATCH and DELETE of a call, a patient, a tag alike: versions, what changes and stays."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.answers import error, read, total
from tests.support.resources import Resource, each


@pytest.fixture
def before(client: FlaskClient, resource: Resource) -> Any:
    """Give one as it is before a change."""
    return client.post(resource.url, json=resource.given).get_json()


@each
def test_changes_what_is_given_and_nothing_else(
    client: FlaskClient, resource: Resource, before: Any
) -> None:
    changed = client.patch(resource.one, json={"version": 1, **resource.other}).get_json()
    assert changed == read(client, resource.one)
    assert changed["updated_at"] >= before["updated_at"]
    kept = before | {"updated_at": changed["updated_at"]}
    assert changed == kept | resource.other | {"version": 2}


@each
def test_list_and_get_show_a_change_alike(
    client: FlaskClient, resource: Resource, before: Any
) -> None:
    changed = client.patch(resource.one, json={"version": 1, **resource.other}).get_json()
    (listed,) = read(client, resource.url)["data"]
    assert listed == {name: changed[name] for name in listed}
    assert listed[resource.text] == "Bose"


@each
@pytest.mark.parametrize("version", [1, 3])
def test_another_version_changes_nothing(
    client: FlaskClient, resource: Resource, before: Any, version: int
) -> None:
    client.patch(resource.one, json={"version": 1, **resource.other})
    response = client.patch(resource.one, json={"version": version, resource.text: "Cruz"})
    assert error(response) == (409, "version_mismatch", "version")
    assert read(client, resource.one)[resource.text] == "Bose"


@each
def test_what_changes_nothing_leaves_the_version(
    client: FlaskClient, resource: Resource, before: Any
) -> None:
    same = {resource.text: "Okafor", **resource.same}
    response = client.patch(resource.one, json={"version": 1, **same})
    assert (response.status_code, response.get_json()) == (200, before)
    assert read(client, resource.one) == before


@each
def test_an_unchanged_one_is_not_sent_again(
    client: FlaskClient, resource: Resource, before: Any
) -> None:
    etag = client.get(resource.one).headers["ETag"]
    response = client.get(resource.one, headers={"If-None-Match": etag})
    assert (response.status_code, response.data) == (304, b"")


@each
def test_a_changed_one_has_another_etag(
    client: FlaskClient, resource: Resource, before: Any
) -> None:
    etag = client.get(resource.one).headers["ETag"]
    patched = client.patch(resource.one, json={"version": 1, **resource.other})
    response = client.get(resource.one, headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert response.headers["ETag"] == patched.headers["ETag"] != etag


@each
def test_an_id_is_found_in_capitals_too(
    client: FlaskClient, resource: Resource, before: Any
) -> None:
    assert read(client, f"{resource.url}/{resource.id.upper()}") == before


@each
def test_a_deleted_one_is_gone(client: FlaskClient, resource: Resource, before: Any) -> None:
    response = client.delete(resource.one)
    assert (response.status_code, response.data) == (204, b"")
    assert total(client, resource.url) == 0
    assert error(client.get(resource.one)) == (404, "not_found", None)


@each
def test_a_deleted_one_cannot_be_changed_or_deleted(
    client: FlaskClient, resource: Resource, before: Any
) -> None:
    client.delete(resource.one)
    assert error(client.patch(resource.one, json={"version": 2})) == (404, "not_found", None)
    assert error(client.delete(resource.one)) == (404, "not_found", None)
