"""Addresses: none sends a client elsewhere, and those in answers are right from outside."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import MakeCall
from tests.support.answers import assert_error
from tests.support.resources import CALL_ID as ID

ODD_HOSTS = ['a"b', "a b", "a>; rel=next, <http://evil", "a/b", "a,b", "ä", "", "a:99999"]


@pytest.mark.parametrize(
    "path", ["/v1//calls", "/v1/calls//", f"/v1/calls//{ID}", "/v1//ingest/retell"]
)
def test_slashes_in_a_row_are_no_address(client: FlaskClient, path: str) -> None:
    response = client.get(path, base_url="http://evil.example")
    assert_error(response, 404, "not_found")
    assert "Location" not in response.headers


@pytest.mark.parametrize("path", ["/static//docs.js", "/docs/"])
def test_nothing_else_redirects_either(anonymous: FlaskClient, path: str) -> None:
    assert anonymous.get(path).status_code == 404


def test_no_route_ends_in_a_slash(app: Flask) -> None:
    # To one that does, werkzeug would redirect.
    assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith("/")] == ["/"]


@pytest.mark.parametrize("settings", [{"PUBLIC_URL": "https://clinic.example/book"}])
def test_addresses_keep_the_path_of_the_public_url(client: FlaskClient) -> None:
    posted = client.post("/v1/calls", json={"id": ID})
    assert posted.headers["Location"] == f"https://clinic.example/book/v1/calls/{ID}"
    link = client.get("/v1/calls").headers["Link"]
    assert link.startswith("<https://clinic.example/book/v1/calls?page=1>")


@pytest.mark.parametrize("host", ODD_HOSTS)
def test_an_odd_host_is_in_no_link(client: FlaskClient, make_call: MakeCall, host: str) -> None:
    make_call()
    response = client.get("/v1/calls", headers={"Host": host})
    first, last = '</v1/calls?page=1>; rel="first"', '</v1/calls?page=1>; rel="last"'
    assert response.headers["Link"] == f"{first}, {last}"
