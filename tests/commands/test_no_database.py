"""A database that is not there: which commands make one and say where, and who only says so."""

import sys
from pathlib import Path

import pytest

from tests.support import ROOT, process
from tests.support.server import Server, running

MAKING = [
    ("migrate",),
    ("import", "calls", "-"),
    ("pull", "--from", "http://127.0.0.1:9", "--patience", "0"),
    ("keys", "create", "x", "--scope", "read"),
    ("people", "add", "x", "--role", "desk"),
]
OTHERS = [
    ("keys", "list"),
    ("keys", "revoke", "x"),
    ("keys", "rotate", "x"),
    ("people", "list"),
    ("people", "password", "x"),
    ("people", "role", "x", "desk"),
    ("people", "end", "x"),
    ("export", "calls", "-"),
    ("undelete", "x"),
    ("deadletters", "list"),
    ("deadletters", "show", "x"),
    ("deadletters", "replay", "x"),
    ("deadletters", "delete", "x"),
    ("doctor",),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clinic.db"


@pytest.mark.parametrize("args", MAKING, ids=" ".join)
def test_makes_one_and_says_where(path: Path, args: tuple[str, ...]) -> None:
    done = process.run(path, *args, settings={"CLINIC_PULL_KEY": "x"})
    assert done.stderr.startswith(f"Made the database {path}.\n".encode())
    again = process.run(path, *args, settings={"CLINIC_PULL_KEY": "x"})
    assert b"Made the database" not in again.stderr


@pytest.mark.parametrize("args", OTHERS, ids=" ".join)
def test_says_that_there_is_none(path: Path, args: tuple[str, ...]) -> None:
    done = process.run(path, *args)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(f"Error: There is no database at {path}; ".encode())
    assert (done.stderr.count(b"\n"), list(path.parent.iterdir())) == (1, [])


def test_serve_makes_one_and_names_it_first(path: Path) -> None:
    with running(Server(path)) as server:
        assert server.said.startswith(f"Made the database {path}.\nThe database is {path}\n")
        server.stop()
        server.start()
        assert server.said.startswith(f"The database is {path}\n")


def test_wsgi_makes_one_and_says_where(path: Path) -> None:
    done = process.run_program([sys.executable, "-c", "import wsgi"], path, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, f"Made the database {path}.\n".encode())
