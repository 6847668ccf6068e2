"""What `demo` offers people: a link that signs in once, and one password for all of them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from app.commands import demo_command, main
from app.demo import staff
from app.services.people import ROLES, check_name
from app.web import demo_link
from tests.support.application import application
from tests.support.clock import Clock
from tests.support.front_desk import add, browser

NAME = "Julia Moreno"


@pytest.fixture
def link(app: Flask, clock: Clock) -> str:
    """The path of a link, made at the time of the clock."""
    add(NAME, "manager")
    return demo_link.init_app(app, NAME)


def test_one_press_signs_in(app: Flask, link: str) -> None:
    client = browser(app)
    assert f"Sign in as {NAME}" in client.get(link).text
    assert client.get("/me").status_code == 303
    assert client.post(link).headers["Location"] == "/queue"
    assert NAME in client.get("/me").text


def test_it_signs_in_once(app: Flask, link: str) -> None:
    assert browser(app).post(link).status_code == 303
    late = browser(app)
    assert (late.get(link).status_code, late.post(link).status_code) == (404, 404)


def test_it_is_good_for_ten_minutes(app: Flask, link: str, clock: Clock) -> None:
    clock.now += 599
    assert browser(app).get(link).status_code == 200
    clock.now += 1
    assert browser(app).post(link).status_code == 404


def test_another_page_cannot_press_it(app: Flask, link: str) -> None:
    client = app.test_client()
    assert client.post(link, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser(app).post(link).status_code == 303


def test_another_secret_is_nothing(app: Flask, link: str) -> None:
    assert browser(app).post(f"{link}x").status_code == 404


def test_no_other_server_has_the_address(anonymous: FlaskClient) -> None:
    answer = anonymous.get("/demo/x")
    assert (answer.status_code, "used already" in answer.text) == (404, False)


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run `clinic-calls demo` on a database of the test's own, serving nothing."""
    monkeypatch.setattr(demo_command, "DEMO_DATABASE", tmp_path / "demo.db")
    monkeypatch.setattr(demo_command, "run", lambda *args: None)

    def run(*args: str, **environ: str) -> str:
        result = CliRunner().invoke(main, ["demo", "--calls", "0", *args], env=environ)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def test_its_people_have_one_password(demo: Callable[..., str], tmp_path: Path) -> None:
    said = demo("--no-serve")
    password = re.findall(r"with the password (\S+)\n", said)[0]
    with application(tmp_path / "demo.db") as app:
        for person in staff():
            form: dict[str, Any] = {"name": person["name"], "password": password}
            assert browser(app).post("/sign-in", data=form).status_code == 303


@pytest.mark.parametrize(
    ("host", "links"), [("127.0.0.1", 1), ("::1", 1), ("localhost", 1), ("0.0.0.0", 0)]
)
def test_the_link_is_offered_on_the_loopback_alone(
    demo: Callable[..., str], host: str, links: int
) -> None:
    assert demo(HOST=host, PORT="8799").count("/demo/") == links


def test_a_secret_of_the_environment_is_kept_and_not_shown(demo: Callable[..., str]) -> None:
    assert "RETELL_API_KEY=" in demo(PORT="8799")
    said = demo(PORT="8799", RETELL_API_KEY="hush-hush")
    assert "simulate retell" in said
    assert "hush-hush" not in said
    assert "RETELL_API_KEY" not in said


def test_the_staff_are_four_who_can_be_added(app: Flask) -> None:
    people = staff()
    assert len({check_name(person["name"]) for person in people}) == 4
    assert [person["role"] for person in people].count("desk") == 2
    assert people[0]["role"] == "manager"
    assert {person["role"] for person in people} == set(ROLES)
