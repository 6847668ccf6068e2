"""The engine: one private, durable file, and what is refused as a database."""

import hashlib
import os
import signal
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import apsw
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import DatabaseReplaced, database, revision
from app.models.opening import (
    APPLICATION_ID,
    DatabaseRefused,
    migration_names,
    open_database,
    sqlite_version,
)
from app.services.keys import create_key
from tests.support import process
from tests.support.application import application
from tests.support.server import Server, running
from tests.support.soundness import assert_sound

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def path(app: Flask) -> Path:
    found: Path = app.config["DATABASE_URL"]
    return found


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Let files be readable by everybody unless they are made otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


# --- the file


@pytest.mark.usefixtures("open_umask")
def test_files_are_for_their_owner_only(client: FlaskClient, path: Path) -> None:
    client.post("/v1/calls", json={})
    modes = {file.name: mode(file) for file in path.parent.iterdir() if file.is_file()}
    assert set(modes) >= {"clinic.db", "clinic.db-wal", "clinic.db-shm"}
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
    assert database.raw().pragma("user_version") == len(migration_names())


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


# --- what is refused, and left as it is


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
    newer = len(migration_names()) + 1
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


# --- migrations


def test_two_processes_that_start_at_once_both_find_a_database(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    started = [process.start(path, "migrate") for _ in range(4)]
    ends = [(*running.communicate(timeout=60), running.returncode) for running in started]
    assert {end[1:] for end in ends} == {(b"", 0)}
    assert apsw.Connection(str(path)).execute("SELECT count(*) FROM revision").get == 1


def test_migration_waits_for_the_one_that_holds_the_lock(tmp_path: Path) -> None:
    import fcntl

    path = tmp_path / "clinic.db"
    with (tmp_path / "clinic.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        opened = threading.Thread(target=open_database, args=(path,))
        opened.start()
        opened.join(0.5)
        assert opened.is_alive()
        assert not path.exists()
    opened.join(30)
    assert path.read_bytes()[68:72] == b"Clin"


def test_failed_migration_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clinic.db"
    monkeypatch.setattr(
        "app.models.migrations.m0001_call_book.TABLES",
        "CREATE TABLE half (x); CREATE TABLE half (x)",
    )
    with pytest.raises(DatabaseRefused):
        open_database(path)
    monkeypatch.undo()
    open_database(path)
    assert apsw.Connection(str(path)).execute("PRAGMA table_list('half')").fetchall() == []


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = [int(name[1:5]) for name in migration_names()]
    assert numbers == list(range(1, len(numbers) + 1))


# --- transactions


def test_error_in_a_write_stores_nothing(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), database.write():
        create_key(f"{1 / len(create_key('x', ['read'])[:0])}", ["read"])
    assert database.raw().execute("SELECT count(*) FROM api_key").get == 0


def test_every_change_makes_the_revision_larger(client: FlaskClient) -> None:
    before = revision()
    client.post("/v1/calls", json={"id": ID})
    after = revision()
    client.post("/v1/calls", json={"id": ID})
    assert (after > before, revision()) == (True, after)


def test_snapshot_does_not_see_what_is_written_meanwhile(client: FlaskClient, path: Path) -> None:
    other = apsw.Connection(str(path))
    with database.snapshot() as raw:
        before = raw.execute("SELECT number FROM revision").get
        other.execute("UPDATE revision SET number = number + 1")
        assert raw.execute("SELECT number FROM revision").get == before
    assert revision() == before + 1


def test_foreign_keys_hold(app: Flask) -> None:
    with pytest.raises(apsw.ConstraintError):
        database.raw().execute("INSERT INTO patient_tag (patient_id, tag_id, place) VALUES (1,1,1)")


# --- a file that is taken away


def take_away(path: Path) -> None:
    path.unlink()


def replace_by_copy(path: Path) -> None:
    copy = path.with_name("copy.db")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


@pytest.mark.parametrize("lose", [take_away, replace_by_copy])
def test_replaced_file_is_unhealthy_and_takes_no_writes(
    client: FlaskClient, path: Path, lose: Callable[[Path], None]
) -> None:
    assert client.get("/health").status_code == 200
    lose(path)
    assert client.get("/health").status_code == 503
    assert client.post("/v1/calls", json={"id": ID}).status_code == 503


def test_refused_write_is_in_neither_file(client: FlaskClient, path: Path) -> None:
    old = path.with_name("old.db")
    os.link(path, old)
    replace_by_copy(path)
    client.post("/v1/calls", json={"id": ID})
    for file in (path, old):
        counted = apsw.Connection(str(file)).execute("SELECT count(*) FROM call").get
        assert counted == 0


def test_file_put_back_is_healthy_again(client: FlaskClient, path: Path) -> None:
    path.rename(path.with_name("away.db"))
    assert client.get("/health").status_code == 503
    path.with_name("away.db").rename(path)
    assert client.get("/health").status_code == 200
    assert client.post("/v1/calls", json={}).status_code == 201


def test_check_says_that_the_file_is_gone(path: Path) -> None:
    path.unlink()
    with pytest.raises(DatabaseReplaced):
        database.check_file()


# --- a process that is killed


def post_until_it_is_gone(port: int, key: str, number: int, note: Callable[[str], None]) -> None:
    """Post calls one after the other; note those that the server says it has stored."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"X-API-Key": key, "Content-Type": "application/json"}
    try:
        for count in range(100_000):
            call_id = f"{number:08d}-0000-4000-8000-{count:012d}"
            body = f'{{"id": "{call_id}", "summary": "Number {count}"}}'
            connection.request("POST", "/v1/calls", body, headers)
            response = connection.getresponse()
            response.read()
            if response.status == 201:
                note(call_id)
    except (OSError, HTTPException):
        return
    finally:
        connection.close()


def kill_while_it_writes(path: Path, key: str, least: int) -> set[str]:
    """Kill a server in the middle of writes and give the ids of the calls it had acknowledged."""
    acknowledged: list[str] = []
    counted = threading.Semaphore(0)

    def note(call_id: str) -> None:
        acknowledged.append(call_id)
        counted.release()

    with running(Server(path)) as server:
        posting = [
            threading.Thread(target=post_until_it_is_gone, args=(server.port, key, number, note))
            for number in range(1, 5)
        ]
        for thread in posting:
            thread.start()
        assert all(counted.acquire(timeout=30) for _ in range(least))
        server.kill()
        for thread in posting:
            thread.join()
    return set(acknowledged)


def test_killed_server_keeps_what_it_acknowledged(app: Flask, path: Path) -> None:
    with database.write():
        key = create_key("x", ["ingest"])
    database.close_all()
    acknowledged = kill_while_it_writes(path, key, 60)
    open_database(path)
    stored = {row[0] for row in database.raw().execute("SELECT id FROM call")}
    assert acknowledged <= stored
    assert len(stored - acknowledged) <= 4
    assert_sound()


@pytest.mark.slow
def test_server_killed_many_times_keeps_what_it_acknowledged(app: Flask, path: Path) -> None:
    with database.write():
        key = create_key("x", ["ingest"])
    database.close_all()
    for least in range(1, 200, 10):
        acknowledged = kill_while_it_writes(path, key, least)
        stored = {row[0] for row in database.raw().execute("SELECT id FROM call")}
        assert acknowledged <= stored
        assert_sound()
        database.raw().execute("DELETE FROM call")
        database.raw().execute("DELETE FROM call_search; UPDATE cell SET calls = 0").fetchall()
        database.close_all()


def test_killed_import_leaves_whole_rows(app: Flask, path: Path, tmp_path: Path) -> None:
    lines = [f'{{"id": "{n:08d}-0000-4000-8000-000000000000"}}' for n in range(3000)]
    file = tmp_path / "calls.ndjson"
    file.write_text("\n".join(lines))
    importing = process.start(path, "import", "calls", str(file))
    while database.raw().execute("SELECT count(*) FROM call").get == 0:
        assert importing.poll() is None
    importing.kill()
    importing.communicate()
    assert importing.returncode == -signal.SIGKILL
    assert database.raw().execute("PRAGMA integrity_check").get == "ok"
    assert process.run(path, "import", "calls", str(file)).returncode == 0
    assert database.raw().execute("SELECT count(*) FROM call").get == 3000


def test_killed_server_starts_again(client: FlaskClient, path: Path) -> None:
    server = Server(path)
    with running(server):
        client.post("/v1/calls", json={"id": ID})
        server.kill()
    with running(server):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", "/health")
        assert connection.getresponse().status == 200
        connection.close()
