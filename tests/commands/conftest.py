"""What tests of the commands share: ways to run one, a clock, and a database in trouble."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import apsw
import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from app.commands import main
from app.models.engine import database
from tests.support.clock import Clock
from tests.support.commands import Run


@pytest.fixture
def run(runner: FlaskCliRunner) -> Run:
    """Run the command with these arguments on the test's database."""

    def run(*args: str, stdin: str | bytes = "") -> Result:
        return runner.invoke(main, args, input=stdin)

    return run


@pytest.fixture
def keys(run: Run) -> Run:
    """Run `clinic-calls keys` with these arguments."""
    return partial(run, "keys")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("app.instants.time", clock)
    return clock


@pytest.fixture
def locked(app: Flask) -> Iterator[None]:
    """Let another process hold the database's write lock, and nobody wait for it."""
    database.raw().set_busy_timeout(0)
    other = apsw.Connection(str(app.config["DATABASE_URL"]))
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


@pytest.fixture
def damaged(app: Flask) -> None:
    """Overwrite pages in the middle of the tables, which only reading them shows."""
    database.raw().pragma("wal_checkpoint(TRUNCATE)")
    database.close_all()
    path: Path = app.config["DATABASE_URL"]
    with path.open("r+b") as file:
        for page in range(2, 40):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
