"""What is refused as a database, and left as it is."""

import hashlib
import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.models.engine import database
from app.models.opening import (
    APPLICATION_ID,
    DatabaseRefused,
    migrations,
    open_database,
    sqlite_version,
)
from tests.support import process
from tests.support.application import application
from tests.support.resources import CALL_ID as ID


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def make_sqlite_file(path: Path, **pragmas: int | str) -> None:
    connection = sqlite3.connect(path)
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name} = {value}")
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()


def make_text(path: Path) -> None:
    path.write_text("Dear diary, " * 1000)


def make_short_text(path: Path) -> None:
    path.write_text("x")


def make_foreign(path: Path) -> None:
    make_sqlite_file(path)


def make_foreign_wal(path: Path) -> None:
    make_sqlite_file(path, journal_mode="wal", application_id=1)


def make_header_only(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0")


@pytest.mark.parametrize(
    "make", [make_text, make_short_text, make_foreign, make_foreign_wal, make_header_only]
)
def test_another_file_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "notes"
    make(path)
    path.chmod(0o644)
    before = (hashlib.sha256(path.read_bytes()).digest(), mode(path), path.stat().st_mtime_ns)
    with pytest.raises(DatabaseRefused, match=r"is not a database|of another program"):
        open_database(path)
    after = (hashlib.sha256(path.read_bytes()).digest(), mode(path), path.stat().st_mtime_ns)
    assert after == before
    assert not (tmp_path / "notes.lock").exists()


def test_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    newer = len(migrations()) + 1
    make_sqlite_file(path, application_id=APPLICATION_ID, user_version=newer)
    before = path.read_bytes()
    with pytest.raises(DatabaseRefused, match=f"newer clinic-calls .*{newer}.* upgrade"):
        open_database(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", ["folder", "pipe", "dangling link"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "clinic.db"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "nowhere" / "clinic.db")
    with pytest.raises(DatabaseRefused, match=r"is not a file|cannot be opened"):
        open_database(path)


def test_link_to_a_database_is_followed(client: FlaskClient, path: Path) -> None:
    client.post("/v1/calls", json={"id": ID})
    link = path.with_name("link.db")
    link.symlink_to(path)
    with application(link):
        assert database.raw().execute("SELECT id FROM call").get == ID


@pytest.mark.parametrize("folder", ["file", "file/deeper", "/proc/nowhere", "/dev/null"])
def test_folder_that_cannot_be_written_is_refused(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseRefused, match="cannot be opened"):
        open_database(tmp_path / folder / "clinic.db")


def test_broken_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.opening.sqlite_version", lambda: (3, 51, 2))
    with pytest.raises(DatabaseRefused, match=r"SQLite .* install the newest apsw"):
        open_database(tmp_path / "clinic.db")
    assert list(tmp_path.iterdir()) == []


def test_sqlite_in_use_is_without_the_wal_reset_bug() -> None:
    assert sqlite_version() >= (3, 51, 3)


def test_damaged_database_is_refused_by_commands_with_one_line(path: Path) -> None:
    database.raw().pragma("wal_checkpoint(TRUNCATE)")
    database.close_all()
    os.truncate(path, 5000)
    result = process.run(path, "keys", "list")
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.startswith(b"Error: The database ")
    assert result.stderr.count(b"\n") == 1
