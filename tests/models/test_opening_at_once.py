"""Migrations: one process at a time applies them, wholly or not at all."""

import fcntl
import threading
from pathlib import Path

import apsw
import pytest

from app.models.opening import (
    DatabaseRefused,
    migrations,
    open_database,
)
from tests.support import process


def test_processes_that_start_at_once_all_find_a_database(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    started = [process.start(path, "migrate") for _ in range(3)]
    ends = [(*running.communicate(timeout=60), running.returncode) for running in started]
    assert [end[2] for end in ends] == [0, 0, 0]
    assert sorted(end[1] for end in ends) == [b"", b"", f"Made the database {path}.\n".encode()]
    assert apsw.Connection(str(path)).execute("SELECT count(*) FROM revision").get == 1


def test_migration_waits_for_the_one_that_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    with (tmp_path / "clinic.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        opened = threading.Thread(target=open_database, args=(path,))
        opened.start()
        opened.join(0.2)
        assert opened.is_alive()
        assert not path.exists()
    opened.join(30)
    assert path.read_bytes()[68:72] == b"Clin"


def test_failed_migration_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clinic.db"
    (tmp_path / "m0001_half.sql").write_text("CREATE TABLE half (x); CREATE TABLE half (x);")
    monkeypatch.setattr("app.models.opening.MIGRATIONS", tmp_path)
    with pytest.raises(DatabaseRefused):
        open_database(path)
    monkeypatch.undo()
    open_database(path)
    assert apsw.Connection(str(path)).execute("PRAGMA table_list('half')").fetchall() == []


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = [int(script.name[1:5]) for script in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_all_links_to_a_file_share_one_lock(tmp_path: Path) -> None:
    path, link = tmp_path / "clinic.db", tmp_path / "link.db"
    open_database(path)
    path.with_name("clinic.db.lock").unlink()
    link.symlink_to(path)
    open_database(link)
    assert path.with_name("clinic.db.lock").exists()
    assert not path.with_name("link.db.lock").exists()
