"""Every page declares whom it is open to: walked through by nobody, each role and each key."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.auth import ANYBODY
from app.headers import is_page
from app.models.people import Person
from app.services.keys import SCOPES
from app.services.people import end_person, get_person
from tests.api.test_scopes import scopes_of
from tests.support.front_desk import browser, signed_in

MakeClient = Callable[..., FlaskClient]

# Pages that nobody needs to sign in for. To add to this is a decision, not an oversight.
OPEN = {"/", "/sign-in", "/sign-out", "/session", "/password"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What a page's script asks by itself: nobody is led anywhere.
POLLS = {"/queue/news"}


def pages(app: Flask) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Give method and path of every page that is not open to all, and whom it is open to."""
    for rule in app.url_map.iter_rules():
        scopes = scopes_of(app, rule)
        if is_page(rule.rule) and ANYBODY not in scopes:
            path = re.sub("<[^>]+>", "99", rule.rule)
            for method in METHODS:
                if method in (rule.methods or ()):
                    yield method, path, scopes


def is_led(method: str, path: str) -> bool:
    """Tell whether somebody who is not signed in is led to the sign-in."""
    return method == "GET" and path not in POLLS


def is_refused(answer: TestResponse) -> bool:
    """Tell a person who may not from one who did not give their password again."""
    return answer.status_code in (401, 403) and "own password is wrong" not in answer.text


def test_no_page_is_open_to_all_but_what_is_meant_to_be(app: Flask) -> None:
    rules = list(app.url_map.iter_rules())
    assert {rule.rule for rule in rules if ANYBODY in scopes_of(app, rule)} == OPEN


def test_every_other_page_is_for_a_role(app: Flask) -> None:
    assert {who for _, _, who in pages(app)} == {frozenset({"desk"}), frozenset({"manager"})}


def test_nobody_is_led_to_the_sign_in_or_refused(app: Flask) -> None:
    client = browser(app)
    for method, path, _ in pages(app):
        answer = client.open(path, method=method)
        expected = (303, f"/sign-in?next={path}") if is_led(method, path) else (403, None)
        assert (answer.status_code, answer.headers.get("Location")) == expected, path


def test_who_was_ended_is_nobody_at_once(app: Flask, manager: FlaskClient) -> None:
    gone = signed_in(app, "Kim Lee", "manager")
    end_person(Person.get(Person.name == "Kim Lee"))
    for method, path, _ in pages(app):
        assert gone.open(path, method=method).status_code == (303 if is_led(method, path) else 403)


def test_the_desk_gets_into_nothing_of_the_managers(app: Flask, desk: FlaskClient) -> None:
    for method, path, who in pages(app):
        answer = desk.open(path, method=method)
        assert is_refused(answer) == (who == {"manager"}), path
        if path == "/me/sign-out":
            desk = signed_in(app, "Sam again", "desk")


def test_a_manager_gets_into_everything(app: Flask, manager: FlaskClient) -> None:
    for method, path, _ in pages(app):
        assert not is_refused(manager.open(path, method=method)), path
        if path == "/me/sign-out":
            manager = signed_in(app, "Dana again", "manager")


@pytest.mark.parametrize("scope", SCOPES)
def test_no_key_opens_a_page(app: Flask, make_client: MakeClient, scope: str) -> None:
    client = make_client(scope)
    for method, path, _ in pages(app):
        assert client.open(path, method=method).status_code == (
            303 if is_led(method, path) else 403
        )


def test_no_session_opens_the_api(manager: FlaskClient) -> None:
    assert manager.get("/v1/calls").status_code == 401


def test_a_page_without_a_declaration_is_closed_even_to_a_manager(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "everything")
    assert signed_in(app, "Dana", "manager").get("/forgotten").status_code == 403
    assert browser(app).get("/forgotten").status_code == 303


def test_a_role_taken_away_is_gone_with_the_next_request(app: Flask, manager: FlaskClient) -> None:
    other = signed_in(app, "Kim Lee", "manager")
    kim = Person.get(Person.name == "Kim Lee")
    assert other.get("/people").status_code == 200
    manager.post(f"/people/{kim.number}/role", data={"role": "desk"})
    assert get_person(kim.number).role == "desk"
    assert other.get("/people").status_code == 403
