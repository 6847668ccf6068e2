"""clinic-calls people: who is added, changed and ended, and what follows from it."""

from functools import partial

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from app.models.calls import Call
from app.models.people import Person
from tests.conftest import MakeCall
from tests.support.commands import Run, one_line, printed
from tests.support.front_desk import PASSWORD, add, browser, signed_in


@pytest.fixture
def people(runner: FlaskCliRunner) -> Run:
    """Run `clinic-calls people` with these arguments; the password is a line of input."""

    def run(*args: str, password: str = PASSWORD) -> Result:
        return runner.invoke(main, ["people", *args], input=f"{password}\n")

    return partial(run)


def sign_in(app: Flask, name: str, password: str = PASSWORD) -> int:
    form = {"name": name, "password": password}
    return browser(app).post("/sign-in", data=form).status_code


def test_who_is_added_can_sign_in(app: Flask, people: Run) -> None:
    result = people("add", "Dana Whitfield", "--role", "manager")
    assert (printed(result), result.stderr) == ("", "Dana Whitfield can sign in.\n")
    assert sign_in(app, "Dana Whitfield") == 303


def test_the_list_says_who_there_is(people: Run) -> None:
    people("add", "Dana Whitfield", "--role", "manager")
    people("add", "Sam Ortiz", "--role", "desk")
    people("end", "sam ortiz")
    lines = [line.split() for line in printed(people("list")).splitlines()]
    found = [line[:-1] for line in lines[1:]]
    assert found == [["Dana", "Whitfield", "manager", "active"], ["Sam", "Ortiz", "desk", "ended"]]


def test_the_empty_list_says_how_to_add_the_first(people: Run) -> None:
    assert "clinic-calls people add NAME --role manager" in printed(people("list"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "1 to 80 printable characters"),
        ("  ", "1 to 80 printable characters"),
        ("x" * 81, "1 to 80 printable characters"),
        ("key:front", "no colon"),
        ("a\nb", "printable"),
        ("a\u200bb", "printable"),
        ("Command", "Nobody can be called Command"),
        ("NOBODY", "Nobody can be called NOBODY"),
        ("sam  ORTIZ", "Somebody has or had this name"),
        ("Ｓam Ortiz", "Somebody has or had this name"),
    ],
)
def test_some_names_nobody_can_be_given(people: Run, name: str, words: str) -> None:
    add("Sam Ortiz", "desk")
    assert words in one_line(people("add", name, "--role", "desk"))
    assert Person.select().count() == 1


@pytest.mark.parametrize("name", ["x", "x" * 80, "Şehnaz Öztürk", "李 小龍", "O'Neill <b>"])
def test_other_names_are_fine(people: Run, name: str) -> None:
    assert people("add", name, "--role", "desk").exit_code == 0
    assert Person.get().name == name


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 1001])
def test_a_short_or_endless_password_is_refused(people: Run, password: str) -> None:
    words = one_line(people("add", "Sam", "--role", "desk", password=password))
    assert words == "Error: A password has 12 to 1000 characters.\n"


@pytest.mark.parametrize("password", ["twelve chars", "пароль пароль", "x" * 1000])
def test_any_other_password_works(app: Flask, people: Run, password: str) -> None:
    people("add", "Sam", "--role", "desk", password=password)
    assert sign_in(app, "Sam", password) == 303


def test_a_role_is_needed(people: Run) -> None:
    assert people("add", "Sam").exit_code == 2
    assert people("add", "Sam", "--role", "admin").exit_code == 2


def test_a_new_password_replaces_the_old_one(app: Flask, people: Run) -> None:
    client = signed_in(app, "Sam Ortiz", "desk")
    people("password", "sam ortiz", password="another long one")
    assert client.get("/me").status_code == 303
    assert [sign_in(app, "Sam Ortiz", word) for word in (PASSWORD, "another long one")] == [
        403,
        303,
    ]


def test_a_role_can_be_changed(app: Flask, people: Run) -> None:
    client = signed_in(app, "Sam Ortiz", "desk")
    people("role", "Sam Ortiz", "manager")
    assert client.get("/people").status_code == 200


def test_an_ended_person_is_out_at_once_and_their_name_is_gone(app: Flask, people: Run) -> None:
    client = signed_in(app, "Sam Ortiz", "desk")
    assert people("end", "Sam Ortiz").exit_code == 0
    assert client.get("/me").status_code == 303
    assert sign_in(app, "Sam Ortiz") == 403
    assert "had this name" in one_line(people("add", "Sam Ortiz", "--role", "desk"))


@pytest.mark.parametrize("args", [("end", "Dana"), ("role", "Dana", "desk")])
def test_the_last_manager_stays_one(people: Run, args: tuple[str, ...]) -> None:
    add("Dana", "manager")
    add("Sam", "desk")
    assert "is the last manager" in one_line(people(*args))
    assert Person.get(Person.name == "Dana").role == "manager"
    add("Kim", "manager")
    assert people(*args).exit_code == 0


@pytest.mark.parametrize("args", [("end",), ("password",), ("role",)])
def test_who_is_not_there_is_one_clear_line(people: Run, args: tuple[str, ...]) -> None:
    result = people(*args, "Sam", *(["desk"] if args == ("role",) else []))
    assert "There is no Sam who can sign in" in one_line(result)


def test_ending_releases_what_was_taken_and_leaves_what_is_done(
    app: Flask, people: Run, make_call: MakeCall
) -> None:
    add("Sam Ortiz", "desk")
    mine, done = make_call(assignee="Sam Ortiz"), make_call(assignee="Sam Ortiz", status="done")
    add("Kim", "desk")
    theirs = make_call(assignee="Kim")
    people("end", "Sam Ortiz")
    rows = {call_id: Call.find_row(call_id) for call_id in (mine, done, theirs)}
    assert [row and row["assignee"] for row in rows.values()] == [None, "Sam Ortiz", "Kim"]
    assert [row and row["version"] for row in rows.values()] == [2, 1, 1]


def test_no_password_is_stored_as_it_is(app: Flask, people: Run, anonymous: FlaskClient) -> None:
    people("add", "Sam", "--role", "desk", password="an unmistakable phrase")
    folder = app.config["DATABASE_URL"].parent
    assert not any(b"an unmistakable" in file.read_bytes() for file in folder.iterdir())
    assert (Person.get().password or "").startswith("scrypt:32768:8:3:")
