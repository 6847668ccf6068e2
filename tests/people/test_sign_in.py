"""Signing in and out: by name and password, from a page of ours, on to a path of ours."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import revision
from app.models.people import Session
from tests.support.front_desk import PASSWORD, add, browser

NAME = "Dana Whitfield"


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A browser at which nobody is signed in, while there is somebody who can."""
    add(NAME, "manager")
    return browser(app)


def sign_in(client: FlaskClient, name: str = NAME, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", data={"name": name, "password": password, **more})


def stored(app: Flask) -> Iterator[bytes]:
    folder: Path = app.config["DATABASE_URL"].parent
    return (file.read_bytes() for file in folder.iterdir())


def test_the_right_password_signs_in(visitor: FlaskClient) -> None:
    assert visitor.get("/me").headers["Location"] == "/sign-in?next=/me"
    answer = sign_in(visitor)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/queue")
    assert NAME in visitor.get("/me").text


@pytest.mark.parametrize("name", ["dana whitfield", " DANA  WHITFIELD ", "Ｄana Whitfield"])
def test_a_name_is_known_however_it_is_typed(visitor: FlaskClient, name: str) -> None:
    assert sign_in(visitor, name).status_code == 303


@pytest.mark.parametrize(
    ("name", "password"),
    [
        (NAME, "correct horse battery"),
        (NAME, ""),
        (NAME, "x" * 100_000),
        (NAME, "\0"),
        ("Nobody At All", PASSWORD),
        ("", PASSWORD),
        ("x" * 10_000, PASSWORD),
        ("Dana Whitfield\0", PASSWORD),
    ],
    ids=lambda text: text[:20],
)
def test_wrong_ones_get_one_and_the_same_answer(
    visitor: FlaskClient, name: str, password: str
) -> None:
    answer = sign_in(visitor, name, password)
    assert answer.status_code == 403
    assert "The name or the password is wrong." in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("body", ['{"name": "\\ud800"}', '{"name": 1}', "[]", "{", "null"])
def test_odd_json_is_a_wrong_name(visitor: FlaskClient, body: str) -> None:
    answer = visitor.post("/sign-in", data=body, content_type="application/json")
    assert answer.status_code == 403


def test_what_was_typed_is_no_markup_of_the_answer(visitor: FlaskClient) -> None:
    answer = sign_in(visitor, '"><script>alert(1)</script>', next='/"><script>')
    assert "<script>" not in answer.text


def test_who_has_no_password_yet_cannot_sign_in(app: Flask, manager: FlaskClient) -> None:
    form = {"name": "Kim Lee", "role": "desk", "own_password": PASSWORD}
    assert manager.post("/people", data=form).status_code == 200
    assert sign_in(browser(app), "Kim Lee", "").status_code == 403


def test_the_cookie_is_the_browsers_alone(visitor: FlaskClient) -> None:
    cookie = sign_in(visitor).headers["Set-Cookie"]
    assert re.fullmatch(r"clinic-session=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", cookie)


@pytest.mark.parametrize("settings", [{"PUBLIC_URL": "https://calls.clinic.example"}])
def test_behind_https_the_cookie_stays_there(visitor: FlaskClient) -> None:
    cookie = sign_in(visitor).headers["Set-Cookie"]
    assert cookie.startswith("__Host-clinic-session=")
    assert "; Secure" in cookie
    assert "Domain" not in cookie


def test_the_cookie_is_kept_as_a_hash_only(app: Flask, visitor: FlaskClient) -> None:
    secret = sign_in(visitor).headers["Set-Cookie"].split("=")[1].split(";")[0]
    assert not any(secret.encode() in content for content in stored(app))
    assert not any(PASSWORD.encode() in content for content in stored(app))


def test_each_sign_in_has_a_new_cookie_and_ends_the_one_before(visitor: FlaskClient) -> None:
    first = sign_in(visitor).headers["Set-Cookie"]
    second = sign_in(visitor).headers["Set-Cookie"]
    assert first != second
    assert Session.select().count() == 1


def test_signing_out_ends_the_session_itself(app: Flask, visitor: FlaskClient) -> None:
    secret = sign_in(visitor).headers["Set-Cookie"].split("=")[1].split(";")[0]
    answer = visitor.post("/sign-out")
    assert answer.headers["Location"] == "/sign-in?said=signed-out"
    thief = browser(app)
    thief.set_cookie("clinic-session", secret)
    assert thief.get("/me").status_code == 303


def test_signing_out_is_a_post(visitor: FlaskClient) -> None:
    sign_in(visitor)
    assert visitor.get("/sign-out").status_code == 405
    assert visitor.get("/me").status_code == 200


@pytest.mark.parametrize("path", ["/me", "/calls?status=pending&q=a%20b", "/calls/3c90c3cc"])
def test_goes_on_to_the_page_that_was_asked_for(visitor: FlaskClient, path: str) -> None:
    form = visitor.get("/sign-in", query_string={"next": path}).text
    found = re.search('name="next" value="(.*)"', form)
    assert found
    assert found[1].replace("&amp;", "&") == path
    assert sign_in(visitor, next=path).headers["Location"] == path


@pytest.mark.parametrize(
    "path",
    [
        *("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example"),
        *("/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "evil.example", ""),
        *(" //evil.example", "/%0d%0aSet-Cookie:x\r\nX: y", "///evil.example", "/ /evil.example"),
        *("/sign-in?next=/sign-in", "/sign-out", "\u2028//evil.example", "http:evil.example"),
    ],
)
def test_next_leads_nowhere_else(visitor: FlaskClient, path: str) -> None:
    assert sign_in(visitor, next=path).headers["Location"] == "/queue"
    assert visitor.get("/sign-in", query_string={"next": path}).headers["Location"] == "/queue"


def test_the_start_leads_to_the_queue_or_the_sign_in(visitor: FlaskClient) -> None:
    assert visitor.get("/").headers["Location"] == "/sign-in"
    sign_in(visitor)
    assert visitor.get("/").headers["Location"] == "/queue"


def test_with_nobody_added_it_says_how_to_add_the_first(anonymous: FlaskClient) -> None:
    assert "clinic-calls people add NAME --role manager" in anonymous.get("/sign-in").text


def test_with_somebody_added_it_says_nothing_of_that(visitor: FlaskClient) -> None:
    assert "people add" not in visitor.get("/sign-in").text


def test_a_script_signs_in_by_json_for_a_dialog(visitor: FlaskClient) -> None:
    answer = visitor.post(
        "/sign-in",
        json={"name": NAME, "password": PASSWORD},
        headers={"Accept": "application/json"},
    )
    told = answer.get_json()
    assert told["name"] == NAME
    assert told["idle_s"] in (1799, 1800)
    assert told["length_s"] in (43_199, 43_200)
    assert visitor.get("/me").status_code == 200


def test_a_script_is_told_in_json_that_the_password_is_wrong(visitor: FlaskClient) -> None:
    answer = visitor.post("/sign-in", json={}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["detail"]["code"]) == (403, "wrong_password")


def test_signing_in_makes_nothing_stale(app: Flask, visitor: FlaskClient) -> None:
    before = revision()
    sign_in(visitor)
    visitor.get("/me")
    visitor.post("/sign-out")
    assert revision() == before


def test_what_was_asked_for_is_asked_for_whole(visitor: FlaskClient) -> None:
    path = "/me?said=saved&q=a%20b%26c"
    led = visitor.get(path).headers["Location"]
    found = re.search('name="next" value="(.*)"', visitor.get(led).text)
    assert found
    assert found[1].replace("&amp;", "&") == path
