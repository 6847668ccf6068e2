"""Sessions: how long they last, what keeps them, and what ends them."""

from typing import Any

import apsw
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.auth import requires
from app.models.engine import database, revision
from app.models.people import Person, Session
from app.services.people import end_person, person_with, set_password
from app.services.sessions import start_session
from tests.support.clock import Clock
from tests.support.front_desk import PASSWORD, add, browser, signed_in

MINUTE_S = 60


@pytest.fixture
def visitor(app: Flask, clock: Clock) -> FlaskClient:
    """Sam's browser, signed in at the time of the clock; /poll looks for new calls."""
    app.add_url_rule("/poll", "poll", requires("desk", is_poll=True)(lambda: "nothing new"))
    return signed_in(app, "Sam Ortiz", "desk")


def is_in(client: FlaskClient) -> bool:
    """Tell whether somebody is signed in, which prolongs nothing."""
    return client.get("/session").get_json()["name"] is not None


def session_of(client: FlaskClient) -> Any:
    return client.get("/session").get_json()


def test_half_an_hour_without_a_request_ends_it(visitor: FlaskClient, clock: Clock) -> None:
    clock.now += 30 * MINUTE_S - 1
    assert is_in(visitor)
    clock.now += 1
    assert not is_in(visitor)
    assert visitor.get("/me").status_code == 303


def test_every_request_of_ones_own_prolongs_it(visitor: FlaskClient, clock: Clock) -> None:
    for _ in range(5):
        clock.now += 29 * MINUTE_S
        assert visitor.get("/me").status_code == 200


def test_the_idle_time_counts_from_the_last_request_to_the_second(
    visitor: FlaskClient, clock: Clock
) -> None:
    for _ in range(2):
        clock.now += 59
        visitor.get("/me")
    clock.now += 30 * MINUTE_S - 1
    assert is_in(visitor)


def test_looking_for_new_calls_alone_does_not_keep_it(visitor: FlaskClient, clock: Clock) -> None:
    for _ in range(30 * 12 - 1):
        clock.now += 5
        assert visitor.get("/poll").status_code == 200
    clock.now += 5
    assert visitor.get("/poll").status_code == 403


def test_twelve_hours_end_it_in_any_case(visitor: FlaskClient, clock: Clock) -> None:
    for _ in range(12 * 4 - 1):
        clock.now += 15 * MINUTE_S
        assert visitor.get("/me").status_code == 200
    clock.now += 15 * MINUTE_S
    assert visitor.get("/me").status_code == 303


@pytest.mark.parametrize("settings", [{"SESSION_IDLE": "10m", "SESSION_LENGTH": "1h"}])
def test_both_can_be_set(visitor: FlaskClient, clock: Clock) -> None:
    assert session_of(visitor) == {"name": "Sam Ortiz", "idle_s": 600, "length_s": 3600}


def test_a_script_is_told_what_is_left(visitor: FlaskClient, clock: Clock) -> None:
    clock.now += 28 * MINUTE_S
    assert session_of(visitor) == {"name": "Sam Ortiz", "idle_s": 120, "length_s": 41_520}
    assert visitor.post("/session").get_json()["idle_s"] == 1800
    clock.now += 29 * MINUTE_S
    assert is_in(visitor)


def test_an_ended_session_cannot_be_prolonged(visitor: FlaskClient, clock: Clock) -> None:
    clock.now += 30 * MINUTE_S
    answer = visitor.post("/session", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["detail"]["code"]) == (403, "signed_out")
    assert session_of(visitor) == {"name": None, "idle_s": 0, "length_s": 0}


def test_after_its_end_the_same_person_goes_on_with_a_new_cookie(
    visitor: FlaskClient, clock: Clock
) -> None:
    clock.now += 12 * 3600
    form = {"name": "Sam Ortiz", "password": PASSWORD}
    answer = visitor.post("/sign-in", json=form, headers={"Accept": "application/json"})
    assert answer.get_json() == {"name": "Sam Ortiz", "idle_s": 1800, "length_s": 43_200}
    assert is_in(visitor)


def test_requests_are_written_once_a_minute_and_make_nothing_stale(
    visitor: FlaskClient, clock: Clock
) -> None:
    before, seen = revision(), set()
    for _ in range(13):
        clock.now += 10
        visitor.get("/me")
        seen.add(Session.get().seen_at)
    assert len(seen) == 3
    assert revision() == before


def test_a_page_is_read_while_the_database_cannot_be_written(
    app: Flask, visitor: FlaskClient, clock: Clock
) -> None:
    database.raw().set_busy_timeout(0)
    other = apsw.Connection(str(app.config["DATABASE_URL"]))
    other.execute("BEGIN IMMEDIATE")
    clock.now += 100
    assert visitor.get("/me").status_code == 200
    other.close()


def test_a_new_password_ends_all_other_sessions(app: Flask, clock: Clock) -> None:
    person = add("Sam Ortiz", "desk")
    browsers = [browser(app) for _ in range(3)]
    for client in browsers:
        client.set_cookie("clinic-session", start_session(person))
    form = {"own_password": PASSWORD, "password": "x" * 12, "again": "x" * 12}
    answer = browsers[0].post("/me/password", data=form)
    assert answer.headers["Location"] == "/me?said=password-changed"
    assert [is_in(client) for client in browsers] == [True, False, False]


def test_signing_out_everywhere_ends_all_sessions(app: Flask) -> None:
    person = add("Sam Ortiz", "desk")
    browsers = [browser(app) for _ in range(3)]
    for client in browsers:
        client.set_cookie("clinic-session", start_session(person))
    assert browsers[0].post("/me/sign-out").status_code == 303
    assert [is_in(client) for client in browsers] == [False] * 3


def test_a_sign_in_with_the_old_password_does_not_outlive_the_new_one(app: Flask) -> None:
    add("Sam Ortiz", "desk")
    proved = person_with("Sam Ortiz", PASSWORD)
    assert proved
    set_password(Person.get(), "a new one that is long")
    with pytest.raises(LookupError):
        start_session(proved)


def test_a_sign_in_does_not_outlive_the_end_of_its_person(app: Flask) -> None:
    add("Dana", "manager")
    proved = add("Sam Ortiz", "desk")
    end_person(Person.get(Person.name == "Sam Ortiz"))
    with pytest.raises(LookupError):
        start_session(proved)


@pytest.mark.parametrize("cookie", ["", "x", "x" * 4000, "\\303\\244"])
def test_an_odd_cookie_is_nobodys(anonymous: FlaskClient, cookie: str) -> None:
    answer = anonymous.get("/me", headers={"Cookie": f"clinic-session={cookie}"})
    assert answer.status_code == 303
