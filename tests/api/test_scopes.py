"""Every address declares who may use it: closed unless it says otherwise."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.auth import PUBLIC
from app.headers import is_page
from app.services.keys import SCOPES
from tests.support.answers import error
from tests.support.resources import CALLS, NOBODY

MakeClient = Callable[..., FlaskClient]

# What is open to everybody. To add to this is a decision, not an oversight.
OPEN = {
    "/health",
    "/openapi.json",
    "/docs",
    "/favicon.ico",
    "/static/<path:filename>",
    "/v1/ingest/<provider>",
}
READING = {"GET", "HEAD"}
ARRIVING = {("POST", "/v1/calls")}


def scopes_of(app: Flask, rule: Rule) -> frozenset[str]:
    return getattr(app.view_functions[rule.endpoint], "scopes", frozenset())


def guarded(app: Flask) -> Iterator[tuple[str, str]]:
    """Give method and path of everything of the API that is not open to everybody."""
    for rule in app.url_map.iter_rules():
        if is_page(rule.rule):
            continue
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<{name}>", NOBODY)
        for method in sorted(rule.methods or ()):
            if PUBLIC not in scopes_of(app, rule):
                yield method, path


def test_every_route_declares_a_scope(app: Flask) -> None:
    undeclared = [rule.rule for rule in app.url_map.iter_rules() if not scopes_of(app, rule)]
    assert undeclared == []


def test_every_declared_scope_is_one_that_a_key_can_have(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if not is_page(rule.rule)]
    declared = {scope for rule in rules for scope in scopes_of(app, rule)}
    assert declared == {*SCOPES, PUBLIC} - {"admin"}


def test_nothing_is_open_but_what_is_meant_to_be(app: Flask) -> None:
    found = {rule.rule for rule in app.url_map.iter_rules() if PUBLIC in scopes_of(app, rule)}
    assert found == OPEN


def test_all_else_needs_a_key(app: Flask, anonymous: FlaskClient) -> None:
    statuses = {
        (method, path): anonymous.open(path, method=method).status_code
        for method, path in guarded(app)
    }
    assert set(statuses.values()) == {401}
    assert ("GET", "/v1/calls") in statuses


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        (["read"], lambda *asked: asked[0] in READING),
        (["write"], lambda *asked: True),
        (["ingest"], lambda *asked: asked in ARRIVING),
        (["admin"], lambda *asked: True),
        (["read", "ingest"], lambda *asked: asked[0] in READING or asked in ARRIVING),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_scopes_open_what_they_name_and_nothing_else(
    app: Flask, make_client: MakeClient, scopes: list[str], may: Callable[..., bool]
) -> None:
    client = make_client(*scopes)
    statuses = {
        (method, path): client.open(path, method=method, json={}).status_code
        for method, path in guarded(app)
        if method != "OPTIONS"
    }
    allowed = {asked for asked, status in statuses.items() if status != 403}
    assert allowed == {asked for asked in statuses if may(*asked)}
    assert not {401, 500} & set(statuses.values())


def test_a_missing_scope_is_named(make_client: MakeClient) -> None:
    response = make_client("read").post("/v1/calls", json={})
    assert error(response) == (403, "missing_scope", None)
    assert "write" in response.get_json()["detail"]["message"]


def test_scope_is_checked_before_the_body_is_read(make_client: MakeClient) -> None:
    response = make_client("read").post("/v1/calls", data=b"{", content_type="text/plain")
    assert response.status_code == 403


def test_an_ingest_key_creates_a_call_and_cannot_read_it(make_client: MakeClient) -> None:
    ingest = make_client("ingest")
    assert ingest.post(CALLS.url, json=CALLS.given).status_code == 201
    assert error(ingest.get(CALLS.one)) == (403, "missing_scope", None)


def test_route_without_a_declared_scope_is_closed_even_to_admin(
    app: Flask, make_client: MakeClient
) -> None:
    app.add_url_rule("/v1/forgotten", "forgotten", lambda: "everything")
    assert make_client("admin").get("/v1/forgotten").status_code == 403
    assert app.test_client().get("/v1/forgotten").status_code == 401
