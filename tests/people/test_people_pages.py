"""/me, /people, /keys and the link for a password, as a browser without script uses them."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.keys import ApiKey
from app.models.people import PasswordLink, Person
from tests.support.clock import Clock
from tests.support.front_desk import PASSWORD, add, browser

NEW = "a wholly new phrase"


def link_in(text: str) -> str:
    found = re.search(r'value="http://localhost(/password\?link=[\w-]{43})"', text)
    assert found, text
    return found[1]


def ask_for_link(manager: FlaskClient, name: str) -> str:
    number = Person.get(Person.name == name).number
    answer = manager.post(f"/people/{number}/link", data={"own_password": PASSWORD})
    return link_in(answer.text)


def choose(client: FlaskClient, link: str, password: str, again: str | None = None) -> Any:
    """Send the form that stands at a link."""
    form = {"link": link.split("=")[1], "password": password, "again": again or password}
    return client.post("/password", data=form)


def sign_in(app: Flask, name: str, password: str) -> int:
    form = {"name": name, "password": password}
    return browser(app).post("/sign-in", data=form).status_code


def test_who_is_added_chooses_a_password_at_a_link(app: Flask, manager: FlaskClient) -> None:
    form = {"name": "Kim Lee", "role": "desk", "own_password": PASSWORD}
    link = link_in(manager.post("/people", data=form).text)
    kim = browser(app)
    assert "Kim Lee" in kim.get(link).text
    answer = choose(kim, link, NEW)
    assert answer.headers["Location"] == "/sign-in?said=password-chosen"
    assert sign_in(app, "Kim Lee", NEW) == 303


def test_a_link_is_good_once(app: Flask, manager: FlaskClient) -> None:
    add("Kim Lee", "desk")
    link, kim = ask_for_link(manager, "Kim Lee"), browser(app)
    assert choose(kim, link, NEW).status_code == 303
    assert kim.get(link).status_code == 404
    assert choose(kim, link, PASSWORD).status_code == 404


def test_a_link_is_good_for_an_hour(app: Flask, manager: FlaskClient, clock: Clock) -> None:
    add("Kim Lee", "desk")
    client = browser(app)
    client.post("/sign-in", data={"name": "Dana Whitfield", "password": PASSWORD})
    link = ask_for_link(client, "Kim Lee")
    clock.now += 3599
    assert browser(app).get(link).status_code == 200
    clock.now += 1
    assert browser(app).get(link).status_code == 404


def test_a_newer_link_and_a_newer_password_end_a_link(app: Flask, manager: FlaskClient) -> None:
    add("Kim Lee", "desk")
    first, second = ask_for_link(manager, "Kim Lee"), ask_for_link(manager, "Kim Lee")
    assert [manager.get(link).status_code for link in (first, second)] == [404, 200]
    choose(browser(app), second, NEW)
    assert PasswordLink.select().count() == 0


def test_the_end_of_a_person_ends_their_link(app: Flask, manager: FlaskClient) -> None:
    kim = add("Kim Lee", "desk")
    link = ask_for_link(manager, "Kim Lee")
    manager.post(f"/people/{kim.number}/end", data={"sure": "on"})
    assert manager.get(link).status_code == 404
    answer = manager.post(f"/people/{kim.number}/link", data={"own_password": PASSWORD})
    assert answer.status_code == 409


@pytest.mark.parametrize(("password", "again"), [(NEW, PASSWORD), ("short", "short"), ("", "x")])
def test_a_password_that_will_not_do_leaves_the_link_good(
    app: Flask, manager: FlaskClient, password: str, again: str
) -> None:
    add("Kim Lee", "desk")
    link = ask_for_link(manager, "Kim Lee")
    assert choose(manager, link, password, again).status_code == 422
    assert manager.get(link).status_code == 200


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/people", {"name": "Kim Lee", "role": "manager"}),
        ("/people/1/link", {}),
        ("/keys", {"name": "x", "scope": "read", "days": ""}),
        ("/me/password", {"password": NEW, "again": NEW}),
    ],
)
@pytest.mark.parametrize("own_password", ["", "wrong", NEW])
def test_people_keys_and_passwords_ask_for_ones_own_password_again(
    app: Flask, manager: FlaskClient, path: str, form: dict[str, str], own_password: str
) -> None:
    answer = manager.post(path, data=form | {"own_password": own_password})
    assert answer.status_code == 403
    assert "Your own password is wrong." in answer.text
    made = (Person.select().count(), PasswordLink.select().count(), ApiKey.select().count())
    assert made == (1, 0, 0)
    assert sign_in(app, "Dana Whitfield", PASSWORD) == 303


def test_the_last_manager_is_told_so_on_the_page(manager: FlaskClient) -> None:
    answer = manager.post("/people/1/end", data={"sure": "on"})
    assert answer.status_code == 409
    assert "is the last manager" in answer.text
    assert manager.post("/people/1/role", data={"role": "desk"}).status_code == 409


def test_ending_wants_a_tick(manager: FlaskClient) -> None:
    kim = add("Kim Lee", "desk")
    assert manager.post(f"/people/{kim.number}/end").status_code == 422
    answer = manager.post(f"/people/{kim.number}/end", data={"sure": "on"})
    assert answer.headers["Location"] == "/people?said=ended"
    assert "can no longer sign in" in manager.get("/people?said=ended").text


def test_the_list_shows_everybody_as_text(manager: FlaskClient) -> None:
    add("<b>Kim</b>", "desk")
    page = manager.get("/people").text
    assert "&lt;b&gt;Kim&lt;/b&gt;" in page
    assert "<b>" not in page


def test_a_key_is_shown_once_and_works(app: Flask, manager: FlaskClient) -> None:
    form = {"name": "reports", "scope": "read", "days": "30", "own_password": PASSWORD}
    page = manager.post("/keys", data=form).text
    key = re.search(r'value="(cc_[^"]+)"', page)
    assert key
    answer = app.test_client().get("/v1/calls", headers={"X-API-Key": key[1]})
    assert answer.status_code == 200
    assert key[1] not in manager.get("/keys").text


def test_a_revoked_key_stops_at_once(app: Flask, manager: FlaskClient, client: FlaskClient) -> None:
    key_id = ApiKey.get().id
    answer = manager.post(f"/keys/{key_id}/revoke")
    assert answer.headers["Location"] == "/keys?said=revoked"
    assert client.get("/v1/calls").status_code == 401
    assert manager.post("/keys/x/revoke").status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"name": " "}, {"name": "x" * 201}, {"scope": "all"}, {"scope": ""}, {"days": "0"}],
)
def test_a_malformed_key_is_not_made(manager: FlaskClient, change: dict[str, str]) -> None:
    form = {"name": "x", "scope": "read", "days": "", "own_password": PASSWORD}
    assert manager.post("/keys", data=form | change).status_code == 422
    assert ApiKey.select().count() == 0


def test_single_keys_are_remembered_for_the_person(app: Flask, desk: FlaskClient) -> None:
    assert " checked>" in desk.get("/me").text
    desk.post("/me/keys", data={})
    assert " checked>" not in desk.get("/me").text
    desk.post("/me/keys", data={"single_keys": "on"})
    assert " checked>" in desk.get("/me").text


def test_what_a_link_says_was_done_is_ours_alone(desk: FlaskClient) -> None:
    assert "Saved." in desk.get("/me?said=saved").text
    assert "hello" not in desk.get("/me?said=hello").text
