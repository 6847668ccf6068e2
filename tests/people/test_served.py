"""Signing in against a real server, people changed by commands meanwhile, and a terminal."""

import os
import pty
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.support import ROOT, process
from tests.support.front_desk import PASSWORD
from tests.support.served import Answer, Served
from tests.support.server import running


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server with Sam of the desk and Dana, a manager."""
    with running(Served(tmp_path)) as served:
        for name, role in (("Sam", "desk"), ("Dana", "manager")):
            args = ("people", "add", name, "--role", role)
            done = process.run(served.database, *args, stdin=PASSWORD.encode())
            assert done.returncode == 0, done.stderr
        yield served


def sign_in(served: Served, password: str = PASSWORD) -> Answer:
    headers = {"Origin": served.url, "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"name": "Sam", "password": password, "next": "/me"})
    return served.ask("POST", "/sign-in", headers, body)


def test_a_stolen_cookie_is_worth_nothing_after_people_end(served: Served) -> None:
    answer = sign_in(served)
    assert (answer.status, answer.headers["Location"]) == (303, "/me")
    stolen = {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}
    assert served.ask("GET", "/me", stolen).status == 200
    process.run(served.database, "people", "end", "Sam")
    assert served.ask("GET", "/me", stolen).status == 303
    assert sign_in(served).status == 403


def test_of_guesses_at_the_same_time_five_are_looked_at(served: Served) -> None:
    with ThreadPoolExecutor(20) as pool:
        statuses = Counter(pool.map(lambda n: sign_in(served, f"guess {n}").status, range(20)))
    assert statuses[403] <= 5
    assert statuses[429] >= 15


def test_a_page_is_answered_while_others_must_wait(served: Served) -> None:
    cookie = {"Cookie": sign_in(served).headers["Set-Cookie"].split(";")[0]}
    for _ in range(7):
        sign_in(served, "wrong")
    assert sign_in(served).status == 429
    assert served.ask("GET", "/me", cookie).status == 200


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ([PASSWORD, PASSWORD], 0, "Dana can sign in."),
        ([PASSWORD, "another", PASSWORD, PASSWORD], 0, "do not match"),
        (["short", "short"], 1, "12 to 1000 characters"),
    ],
)
def test_on_a_terminal_a_password_is_asked_for_twice_and_not_shown(
    tmp_path: Path, typed: list[str], status: int, said: str
) -> None:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "app.commands", "people", "add", "Dana", "--role", "manager"],
        cwd=ROOT,
        env=process.environment(tmp_path / "clinic.db"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = ""
    for line in typed:
        shown += read_until(ours, ": ")
        os.write(ours, f"{line}\n".encode())
    shown += read_until(ours, None)
    assert (child.wait(60), said in shown) == (status, True), shown
    assert not any(line in shown for line in typed)
    os.close(ours)


def read_until(terminal: int, end: str | None) -> str:
    """Give what is shown up to a prompt, or all of it."""
    text = ""
    while end is None or not text.endswith(end):
        try:
            text += os.read(terminal, 1000).decode()
        except OSError:  # the program has ended
            break
    return text
