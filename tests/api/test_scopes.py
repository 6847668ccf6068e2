"""Every address declares who may use it: closed unless it says otherwise."""

from collections.abc import Callable, Iterator

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.auth import PUBLIC
from app.services.keys import SCOPES

# What is open to everybody. To add to this is a decision, not an oversight.
OPEN = {
    "/health",
    "/openapi.json",
    "/docs",
    "/static/<path:filename>",
    "/v1/ingest/<provider>",
}
ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


def scopes_of(app: Flask, rule: Rule) -> frozenset[str]:
    return getattr(app.view_functions[rule.endpoint], "scopes", frozenset())


def guarded(app: Flask) -> Iterator[tuple[str, str]]:
    """Give method and path of everything that is not open to everybody."""
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<call_id>", ID).replace("<patient_id>", ID)
        for method in sorted(rule.methods or ()):
            if PUBLIC not in scopes_of(app, rule):
                yield method, path.replace("<tag_id>", ID)


def test_every_route_declares_a_scope(app: Flask) -> None:
    undeclared = [rule.rule for rule in app.url_map.iter_rules() if not scopes_of(app, rule)]
    assert undeclared == []


def test_every_declared_scope_is_one_that_a_key_can_have(app: Flask) -> None:
    declared = {scope for rule in app.url_map.iter_rules() for scope in scopes_of(app, rule)}
    assert declared <= {*SCOPES, PUBLIC}


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


def test_every_address_with_data_is_open_to_admin(
    app: Flask, make_client: Callable[..., FlaskClient]
) -> None:
    admin = make_client("admin")
    statuses = {admin.open(path, method=method).status_code for method, path in guarded(app)}
    assert not statuses & {401, 403, 500}


def test_changes_need_more_than_read(app: Flask, make_client: Callable[..., FlaskClient]) -> None:
    reader = make_client("read")
    for method, path in guarded(app):
        is_change = method in ("POST", "PUT", "PATCH", "DELETE")
        assert (reader.open(path, method=method).status_code == 403) == is_change, (method, path)


def test_route_without_a_declared_scope_is_closed_even_to_admin(
    app: Flask, make_client: Callable[..., FlaskClient]
) -> None:
    app.add_url_rule("/v1/forgotten", "forgotten", lambda: "everything")
    app.add_url_rule("/forgotten", "forgotten too", lambda: "everything")
    admin = make_client("admin")
    assert [admin.get(path).status_code for path in ("/v1/forgotten", "/forgotten")] == [403, 403]
    assert app.test_client().get("/forgotten").status_code == 401
