"""Opening a clinic's file: private, durable, made where there is none."""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database
from app.models.opening import (
    APPLICATION_ID,
    migrations,
    open_database,
)
from tests.support.application import application, new_client
from tests.support.resources import CALL_ID as ID


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Let files be readable by everybody unless they are made otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("open_umask")
def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    with application(tmp_path / "new.db") as app:
        new_client(app, "read")
        modes = {file.name: mode(file) for file in tmp_path.iterdir()}
    assert set(modes) == {"new.db", "new.db-wal", "new.db-shm", "new.db.lock"}
    assert set(modes.values()) == {0o600}


@pytest.mark.usefixtures("open_umask")
def test_file_that_others_may_read_is_closed_to_them(path: Path) -> None:
    database.close_all()
    path.chmod(0o644)
    open_database(path)
    assert mode(path) == 0o600


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)],
)
def test_every_connection_is_durable_and_strict(app: Flask, pragma: str, value: object) -> None:
    found = []

    def look() -> None:
        with app.app_context():
            found.append(database.raw().pragma(pragma))
            database.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert [*found, database.raw().pragma(pragma)] == [value, value]


def test_file_says_whose_it_is_and_its_version(path: Path) -> None:
    assert database.raw().pragma("application_id") == APPLICATION_ID
    assert path.read_bytes()[68:72] == b"Clin"
    assert database.raw().pragma("user_version") == len(migrations())


def test_folders_of_a_new_database_are_made(tmp_path: Path) -> None:
    open_database(tmp_path / "a" / "b" / "clinic.db")
    assert (tmp_path / "a" / "b" / "clinic.db").is_file()


def test_empty_file_becomes_a_database(tmp_path: Path) -> None:
    (tmp_path / "clinic.db").touch()
    open_database(tmp_path / "clinic.db")
    assert (tmp_path / "clinic.db").read_bytes()[68:72] == b"Clin"


def test_opening_again_changes_nothing(client: FlaskClient, path: Path) -> None:
    client.post("/v1/calls", json={"id": ID})
    open_database(path)
    assert client.get(f"/v1/calls/{ID}").status_code == 200
