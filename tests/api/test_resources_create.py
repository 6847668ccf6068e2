"""POST of calls, patients and tags alike: what is stored, and what posting twice does."""

import pytest
from flask.testing import FlaskClient

from tests.support.answers import error, read, total
from tests.support.resources import CALLS, PATIENTS, Resource, each


@each
def test_an_empty_list_has_a_page_of_nothing(client: FlaskClient, resource: Resource) -> None:
    body = read(client, resource.url)
    assert body["data"] == []
    assert body["pagination"] == {"has_more": False, "total": 0, "page": 1, "limit": 50}


@each
def test_creates_at_its_location(client: FlaskClient, resource: Resource) -> None:
    response = client.post(resource.url, json=resource.given)
    assert (response.status_code, response.headers["Location"]) == (201, resource.one)
    assert read(client, resource.one) == response.get_json()
    assert response.get_json()["version"] == 1


@each
def test_the_same_post_again_changes_nothing(client: FlaskClient, resource: Resource) -> None:
    first = client.post(resource.url, json=resource.given)
    again = client.post(
        resource.url, json=resource.given | resource.same | {"id": resource.id.upper()}
    )
    assert (again.status_code, again.headers["Location"]) == (200, resource.one)
    assert again.get_json() == first.get_json()
    assert total(client, resource.url) == 1


@each
def test_the_first_post_again_does_not_undo_a_change(
    client: FlaskClient, resource: Resource
) -> None:
    client.post(resource.url, json=resource.given)
    client.patch(resource.one, json={"version": 1, **resource.other})
    again = client.post(resource.url, json=resource.given)
    assert (again.status_code, again.get_json()[resource.text]) == (200, "Bose")


@each
def test_a_known_id_with_other_content_is_refused(client: FlaskClient, resource: Resource) -> None:
    client.post(resource.url, json=resource.given)
    response = client.post(resource.url, json=resource.given | resource.other)
    assert error(response) == (409, "already_exists", "id")
    assert read(client, resource.one)[resource.text] == "Okafor"


@each
def test_the_id_of_a_deleted_one_stays_taken(client: FlaskClient, resource: Resource) -> None:
    client.post(resource.url, json=resource.given)
    client.delete(resource.one)
    response = client.post(resource.url, json=resource.given)
    assert error(response) == (409, "already_exists", "id")
    assert total(client, resource.url) == 0


@pytest.mark.parametrize("resource", [CALLS, PATIENTS], ids=["calls", "patients"])
def test_the_same_content_without_an_id_is_another(client: FlaskClient, resource: Resource) -> None:
    content = {resource.text: "Okafor"}
    ids = {client.post(resource.url, json=content).get_json()["id"] for _ in range(2)}
    assert len(ids) == total(client, resource.url) == 2
