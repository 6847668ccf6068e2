"""A copy put back beside the `-wal` of a crash is refused; what a crash has left never is."""

import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest
from flask.testing import FlaskClient

from app.models.engine import database
from app.models.opening import DatabaseRefused, open_database
from tests.conftest import MakeCall
from tests.support import process
from tests.support.application import application, new_client
from tests.support.files import write_calls

FRAME = 24 + 4096


def back_up(path: Path, copy: Path) -> Path:
    """Copy as `.backup` does."""
    source, target = apsw.Connection(str(path)), apsw.Connection(str(copy))
    with target.backup("main", source, "main") as backup:
        backup.step()
    target.close()
    return copy


def crash(path: Path, folder: Path) -> Path:
    """Copy what a power cut would leave, and give the database's file there."""
    folder.mkdir()
    shutil.copy(path, folder / "clinic.db")
    shutil.copy(f"{path}-wal", folder / "clinic.db-wal")
    return folder / "clinic.db"


def calls_in(path: Path) -> int:
    connection = apsw.Connection(str(path))
    assert connection.pragma("integrity_check") == "ok"
    found: int = connection.execute("SELECT count(*) FROM call").get
    connection.close()
    return found


@pytest.fixture
def begin_wal(make_call: MakeCall) -> Callable[[], str]:
    """Let the next call be the first in the `-wal`, as after any checkpoint."""

    def begin_wal() -> str:
        database.raw().wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_RESTART)
        return make_call()

    return begin_wal


# --- a copy that was put back


@pytest.fixture
def put_back(path: Path, tmp_path: Path, make_call: MakeCall, begin_wal: Callable[[], str]) -> Path:
    """An older copy in the place of a database that has crashed."""
    make_call()
    copy = back_up(path, tmp_path / "copy.db")
    make_call()
    begin_wal()
    shutil.copy(copy, crash(path, tmp_path / "crashed"))
    return tmp_path / "crashed" / "clinic.db"


def test_older_copy_beside_the_wal_is_refused_and_nothing_changed(put_back: Path) -> None:
    files = (put_back, put_back.with_name("clinic.db-wal"))
    before = [file.read_bytes() for file in files]
    with pytest.raises(DatabaseRefused, match=r"a copy was put back.*Stop.*-wal and -shm.*owned"):
        open_database(put_back)
    assert [file.read_bytes() for file in files] == before


def test_server_does_not_start_on_it_and_says_why_in_one_line(put_back: Path) -> None:
    done = process.run(put_back, "serve")
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert b"move the files -wal and -shm away" in done.stderr


def test_copy_is_whole_once_the_wal_is_moved_away(put_back: Path) -> None:
    for ending in ("-wal", "-shm"):
        put_back.with_name(f"clinic.db{ending}").unlink(missing_ok=True)
    open_database(put_back)
    assert calls_in(put_back) == 1


def test_copy_made_before_the_service_was_started_is_refused(path: Path, tmp_path: Path) -> None:
    database.close_all()
    copy = shutil.copy(path, tmp_path / "copy.db")
    with application(path) as app:
        new_client(app, "write").post("/v1/calls", json={})
        crashed = crash(path, tmp_path / "crashed")
    shutil.copy(copy, crashed)
    with pytest.raises(DatabaseRefused, match="a copy was put back"):
        open_database(crashed)


def test_another_database_beside_the_wal_is_refused(
    path: Path, tmp_path: Path, make_call: MakeCall
) -> None:
    for _ in range(5):
        make_call()
    other = tmp_path / "other.db"
    open_database(other)
    connection = apsw.Connection(str(other))
    connection.execute("UPDATE revision SET number = (?)", (revision_in(path),))
    connection.close()
    crashed = crash(path, tmp_path / "crashed")
    shutil.copy(other, crashed)
    with pytest.raises(DatabaseRefused, match="a copy was put back"):
        open_database(crashed)


def revision_in(path: Path) -> int:
    connection = apsw.Connection(str(path))
    found: int = connection.execute("SELECT number FROM revision").get
    connection.close()
    return found - 1


def test_copy_made_since_the_wal_was_begun_becomes_whole(
    path: Path, tmp_path: Path, make_call: MakeCall, begin_wal: Callable[[], str]
) -> None:
    begin_wal()
    copy = back_up(path, tmp_path / "copy.db")
    make_call()
    crashed = crash(path, tmp_path / "crashed")
    shutil.copy(copy, crashed)
    open_database(crashed)
    assert calls_in(crashed) == 2


def test_fresh_copy_is_opened(path: Path, tmp_path: Path, make_call: MakeCall) -> None:
    make_call()
    copy = back_up(path, tmp_path / "copy.db")
    open_database(copy)
    assert calls_in(copy) == 1


def test_restored_file_answers_no_old_etag(path: Path, tmp_path: Path, client: FlaskClient) -> None:
    copy = back_up(path, tmp_path / "copy.db")
    client.post("/v1/calls", json={"summary": "before"})
    etag = client.get("/v1/calls").headers["ETag"]
    key = client.environ_base["HTTP_X_API_KEY"]
    database.close_all()
    shutil.copy(copy, path)
    with application(path) as app:
        restored = app.test_client()
        restored.environ_base["HTTP_X_API_KEY"] = key
        restored.post("/v1/calls", json={"summary": "after"})
        answer = restored.get("/v1/calls", headers={"If-None-Match": etag})
        assert answer.status_code == 200


# --- what a crash leaves


def whole(file: bytes, wal: bytes) -> tuple[bytes, bytes]:
    return file, wal


def torn(file: bytes, wal: bytes) -> tuple[bytes, bytes]:
    """The last frames are missing, and the one before them is not all there."""
    return file, wal[: 32 + FRAME * 3 + 1000] + os.urandom(5000)


def begun_anew(file: bytes, wal: bytes) -> tuple[bytes, bytes]:
    """All was copied; of a new `-wal` only the head and a frame's head are on the disk."""
    head = wal[:16] + os.urandom(8) + wal[24:32]
    return copied(file, wal, 1.0), head + wal[32:40] + head[16:24] + wal[48:]


def half_copied(file: bytes, wal: bytes) -> tuple[bytes, bytes]:
    """Of the pages some were copied, of those not even all of one transaction."""
    return copied(file, wal, 0.5), wal


def all_copied(file: bytes, wal: bytes) -> tuple[bytes, bytes]:
    return copied(file, wal, 1.0), wal


def copied(file: bytes, wal: bytes, share: float) -> bytes:
    """Copy the newest content of a share of the pages in a `-wal` into a file."""
    pages = dict(frames(wal))
    chance = random.Random(len(wal))
    found = bytearray(file)
    for number in chance.sample(sorted(pages), int(len(pages) * share)):
        end = number * 4096
        found += bytes(max(0, end - len(found)))
        found[end - 4096 : end] = pages[number]
    return bytes(found)


def frames(wal: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the number and content of each page of a `-wal`."""
    for begin in range(32, len(wal), FRAME):
        if wal[begin + 8 : begin + 16] == wal[16:24]:
            yield int.from_bytes(wal[begin : begin + 4]), wal[begin + 24 : begin + FRAME]


@pytest.mark.parametrize("leave", [whole, torn, begun_anew, half_copied, all_copied])
def test_what_a_crash_leaves_is_recovered(
    path: Path,
    tmp_path: Path,
    make_call: MakeCall,
    leave: Callable[..., tuple[bytes, bytes]],
    begin_wal: Callable[[], str],
) -> None:
    begin_wal()
    for _ in range(3):
        make_call(summary="Knee pain")
    crashed = crash(path, tmp_path / "crashed")
    wal = crashed.with_name("clinic.db-wal")
    file_bytes, wal_bytes = leave(crashed.read_bytes(), wal.read_bytes())
    crashed.write_bytes(file_bytes)
    wal.write_bytes(wal_bytes)
    open_database(crashed)
    assert calls_in(crashed) == (0 if leave is torn else 4)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_whenever_it_was_killed_it_opens_again(tmp_path: Path) -> None:
    path, chance = tmp_path / "clinic.db", random.Random(15)
    file = write_calls(tmp_path / "calls.ndjson", 20_000)
    for _ in range(60):
        importing = process.start(path, "import", "calls", str(file))
        time.sleep(chance.uniform(0.2, 1.5))
        importing.kill()
        importing.communicate()
        open_database(path)
        calls_in(path)
