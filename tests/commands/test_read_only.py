"""A database that cannot be written: export and doctor read it, and say what they cannot do."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from flask import Flask

from app.models.engine import database
from app.models.opening import open_to_read
from tests.conftest import MakeCall
from tests.support import process
from tests.support.mounts import read_only


@pytest.fixture
def folder(app: Flask, tmp_path: Path, make_call: MakeCall) -> Path:
    """A folder with a database of one call, which nobody has open."""
    make_call()
    database.close_all()
    (tmp_path / "clinic.db.lock").unlink(missing_ok=True)
    return tmp_path


@pytest.fixture
def path(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same database where nothing can be written."""
    with read_only(folder, tmp_path_factory.mktemp("mounts") / "here") as here:
        yield here / "clinic.db"


def test_export_reads_it_and_makes_no_file_beside_it(path: Path, folder: Path) -> None:
    before = sorted(folder.iterdir())
    done = process.run(path, "export", "calls", "-")
    assert (done.returncode, done.stdout.count(b"\n"), done.stderr) == (0, 1, b"")
    assert sorted(folder.iterdir()) == before


def test_doctor_reads_it_and_says_what_is_missing(path: Path) -> None:
    done = process.run(path, "doctor")
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"ok   content: 1 calls" in done.stdout
    assert b"BAD  disk: " in done.stdout
    assert b"is not writable" in done.stdout


def test_what_stands_in_the_wal_of_a_running_service_is_read_too(path: Path, folder: Path) -> None:
    running = apsw.Connection(str(folder / "clinic.db"))
    running.execute("UPDATE call SET notes = 'in the -wal'")
    done = process.run(path, "export", "calls", "-")
    running.close()
    assert b'"notes":"in the -wal"' in done.stdout


def test_what_a_running_service_writes_meanwhile_is_read_too(path: Path, folder: Path) -> None:
    running = apsw.Connection(str(folder / "clinic.db"))
    running.execute("SELECT count(*) FROM call").fetchall()
    raw = open_to_read(path).raw()
    running.execute("UPDATE call SET notes = 'meanwhile'")
    assert raw.execute("SELECT notes FROM call").get == "meanwhile"
    raw.close()
    running.close()


def test_wal_of_a_crash_is_not_passed_over(path: Path, folder: Path) -> None:
    running = apsw.Connection(str(folder / "clinic.db"))
    running.execute("UPDATE call SET notes = 'in the -wal'")
    wal = (folder / "clinic.db-wal").read_bytes()
    running.close()
    (folder / "clinic.db-wal").write_bytes(wal)
    done = process.run(path, "export", "calls", "-")
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)
    assert b"copy it, and " in done.stderr


def test_other_commands_say_that_it_cannot_be_opened(path: Path) -> None:
    done = process.run(path, "keys", "list")
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert b"cannot be opened: Read-only file system." in done.stderr


def test_older_tables_are_not_read(path: Path, folder: Path) -> None:
    older = apsw.Connection(str(folder / "clinic.db"))
    older.pragma("user_version", 0)
    older.close()
    done = process.run(path, "export", "calls", "-")
    assert b"must be migrated" in done.stderr
