"""Guessing passwords: who guesses wrong must wait, longer each time, and no thread waits."""

import threading
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.auth.guesses import MAX_COUNTS, Guesses
from app.services import passwords
from tests.support.clock import Clock
from tests.support.front_desk import PASSWORD, add, browser

NAME = "Dana Whitfield"
WRONG = [403] * 5


@pytest.fixture
def visitor(app: Flask, stopwatch: Clock) -> FlaskClient:
    add(NAME, "manager")
    return browser(app)


def guess(client: FlaskClient, password: str = "wrong", name: str = NAME, at: str = "") -> Any:
    form = {"name": name, "password": password}
    extra = {"environ_overrides": {"REMOTE_ADDR": at}} if at else {}
    return client.post("/sign-in", data=form, **extra)


@pytest.mark.parametrize("name", [NAME, "Nobody At All"])
def test_the_sixth_wrong_one_must_wait_whether_the_name_exists_or_not(
    visitor: FlaskClient, name: str
) -> None:
    answers = [guess(visitor, name=name) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [*WRONG, 429]
    assert answers[5].headers["Retry-After"] == "1"
    assert "Wait a moment" in answers[5].text


def test_the_wait_doubles_to_five_minutes(visitor: FlaskClient, stopwatch: Clock) -> None:
    waits = []
    for _ in range(16):
        answer = guess(visitor)
        wait_s = int(answer.headers.get("Retry-After", 0))
        waits.append(wait_s)
        stopwatch.now += wait_s
    assert waits == [0] * 5 + [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_while_it_waits_even_the_right_one_is_not_looked_at(
    visitor: FlaskClient, stopwatch: Clock
) -> None:
    for _ in range(6):
        guess(visitor)
    assert guess(visitor, PASSWORD).status_code == 429
    stopwatch.now += 1
    assert guess(visitor, PASSWORD).status_code == 303


def test_the_right_one_after_five_wrong_ones_is_let_in_and_begins_anew(
    visitor: FlaskClient,
) -> None:
    for address in ("192.0.2.8", "192.0.2.9"):
        assert [guess(visitor, at=address).status_code for _ in range(5)] == WRONG
        assert guess(visitor, PASSWORD, at=address).status_code == 303


def test_other_addresses_do_not_help_with_one_name(visitor: FlaskClient) -> None:
    statuses = [guess(visitor, at=f"192.0.2.{n}").status_code for n in range(6)]
    assert statuses == [*WRONG, 429]


def test_other_names_do_not_help_from_one_address(visitor: FlaskClient) -> None:
    statuses = [guess(visitor, name=f"name {n}").status_code for n in range(6)]
    assert statuses == [*WRONG, 429]


def test_a_password_of_ones_own_does_not_open_the_way_for_more(
    visitor: FlaskClient, stopwatch: Clock
) -> None:
    add("Mallory", "desk")
    for n in range(5):
        guess(visitor, name=f"name {n}")
    assert guess(visitor, PASSWORD, "Mallory").status_code == 303
    assert guess(visitor, name="name 6").status_code == 429


def test_the_network_of_an_ipv6_address_counts(visitor: FlaskClient) -> None:
    statuses = [
        guess(visitor, name=f"name {n}", at=f"2001:db8::{n}").status_code for n in range(1, 7)
    ]
    assert statuses == [*WRONG, 429]


def test_others_can_sign_in_meanwhile(visitor: FlaskClient) -> None:
    add("Sam", "desk")
    for _ in range(7):
        guess(visitor)
    assert guess(visitor, PASSWORD, "Sam", at="192.0.2.7").status_code == 303


def test_an_hour_without_wrong_ones_forgets_them(visitor: FlaskClient, stopwatch: Clock) -> None:
    for _ in range(6):
        guess(visitor)
    stopwatch.now += 3600
    assert [guess(visitor).status_code for _ in range(6)] == [*WRONG, 429]


def test_guesses_in_parallel_are_no_more_than_one_after_the_other(
    app: Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_line", threading.BoundedSemaphore(100))
    clients, statuses = [browser(app) for _ in range(30)], []
    threads = [
        threading.Thread(target=lambda c=client: statuses.append(guess(c).status_code))
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(statuses)[403] <= 5
    assert Counter(statuses)[429] >= 25


def test_beyond_a_queue_of_four_it_is_503_and_counts_for_nothing(visitor: FlaskClient) -> None:
    for _ in range(5):
        passwords._line.acquire(blocking=False)
    answers = [guess(visitor, PASSWORD) for _ in range(10)]
    for _ in range(5):
        passwords._line.release()
    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].headers["Retry-After"] == "2"
    assert guess(visitor, PASSWORD).status_code == 303


def test_hashes_are_made_one_at_a_time(app: Flask) -> None:
    running, most = [], []
    turn = passwords._turn
    assert turn.acquire(timeout=1)
    thread = threading.Thread(target=lambda: running.append(passwords.is_password("x", None)))
    thread.start()
    thread.join(0.6)
    most.append(len(running))
    turn.release()
    thread.join()
    assert (most, running) == ([0], [False])


def test_ones_own_password_again_is_guessed_no_faster(
    stopwatch: Clock, manager: FlaskClient
) -> None:
    form = {"name": "Kim", "role": "desk", "own_password": "wrong"}
    statuses = [manager.post("/people", data=form).status_code for _ in range(6)]
    assert statuses == [*WRONG, 429]


@pytest.mark.parametrize(
    ("settings", "statuses"),
    [
        ({}, [*WRONG, 429]),
        ({"TRUSTED_PROXIES": "1"}, [403] * 6),
        ({"TRUSTED_PROXIES": "2"}, [*WRONG, 429]),
    ],
)
def test_as_many_proxies_count_as_are_trusted(visitor: FlaskClient, statuses: list[int]) -> None:
    found = []
    for n in range(6):
        visitor.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{n}, 203.0.113.1, 192.0.2.{n}"
        found.append(guess(visitor, name=f"name {n}").status_code)
    assert found == statuses


def test_what_is_counted_stays_little(app: Flask, stopwatch: Clock) -> None:
    guesses = Guesses()
    for n in range(MAX_COUNTS + 10):
        guesses.begin(("name", str(n)))
    assert len(guesses.counts) == MAX_COUNTS
