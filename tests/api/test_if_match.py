"""If-Match on PATCH and DELETE: nothing changes unless the row is still what was seen."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.base import Row
from app.models.engine import database
from app.services.calls import calls
from tests.conftest import MakeCall
from tests.support.answers import assert_error
from tests.support.resources import CALL_ID as ID

# resource → what is posted, and what is changed of it
RESOURCES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "calls": ({"cost_usd": 1, "sessions_scheduled": 1}, {"notes": "x"}),
    "patients": ({"last_name": "Okafor", "active": True}, {"active": False}),
    "tags": ({"name": "VIP"}, {"name": "late"}),
}
each_resource = pytest.mark.parametrize("name", RESOURCES)


def post(client: FlaskClient, name: str) -> tuple[str, str]:
    """Post a row; give its address and ETag."""
    response = client.post(f"/v1/{name}", json={"id": ID, **RESOURCES[name][0]})
    return f"/v1/{name}/{ID}", response.headers["ETag"]


@each_resource
def test_every_answer_about_a_row_has_the_etag_that_it_is_got_with(
    client: FlaskClient, name: str
) -> None:
    url, posted = post(client, name)
    assert client.get(url).headers["ETag"] == posted
    changed = client.patch(url, json={"version": 1, **RESOURCES[name][1]}).headers["ETag"]
    assert client.get(url).headers["ETag"] == changed != posted


@each_resource
def test_the_current_etag_lets_a_change_and_a_removal_pass(client: FlaskClient, name: str) -> None:
    url, etag = post(client, name)
    changed = client.patch(
        url, json={"version": 1, **RESOURCES[name][1]}, headers={"If-Match": etag}
    )
    assert changed.status_code == 200
    removed = client.delete(url, headers={"If-Match": changed.headers["ETag"]})
    assert removed.status_code == 204


@each_resource
def test_a_former_etag_changes_and_removes_nothing(client: FlaskClient, name: str) -> None:
    url, former = post(client, name)
    now = client.patch(url, json={"version": 1, **RESOURCES[name][1]}).headers["ETag"]
    body = {"version": 2, **RESOURCES[name][0]}
    headers = {"If-Match": former}
    assert_error(client.patch(url, json=body, headers=headers), 412, "version_mismatch")
    assert_error(client.delete(url, headers=headers), 412, "version_mismatch")
    assert client.get(url).headers["ETag"] == now


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ("*", 204),
        ("{etag}", 204),
        ('"another", {etag}', 204),
        ("W/{etag}", 412),
        ('"another", W/{etag}', 412),
        ('"another"', 412),
        ('""', 412),
        ("", 412),
    ],
)
def test_etags_are_compared_strongly(client: FlaskClient, if_match: str, status: int) -> None:
    url, etag = post(client, "calls")
    response = client.delete(url, headers={"If-Match": if_match.format(etag=etag)})
    assert response.status_code == status


def test_what_is_not_there_is_404_whatever_is_asked_for(client: FlaskClient) -> None:
    response = client.delete(f"/v1/calls/{ID}", headers={"If-Match": "*"})
    assert_error(response, 404, "not_found")


def test_the_etag_comes_before_the_version(client: FlaskClient, make_call: MakeCall) -> None:
    url = f"/v1/calls/{make_call()}"
    response = client.patch(url, json={"version": 9}, headers={"If-Match": '"another"'})
    assert_error(response, 412, "version_mismatch")


def test_it_is_decided_where_no_other_can_write(app: Flask, make_call: MakeCall) -> None:
    looks = []

    def is_current(row: Row) -> bool:
        looks.append((row["version"], database.raw().in_transaction))
        return True

    call_id = make_call()
    calls.change(call_id, 1, {"notes": "x"}, is_current)
    calls.remove(call_id, is_current)
    assert looks == [(1, True), (2, True)]
