"""`clinic-calls demo`: its file, which it alone makes and has, and the key that it writes."""

import os
from pathlib import Path

import apsw
import pytest

from app.models.opening import is_demo
from tests.support import process
from tests.support.server import START_TIMEOUT_S, free_port

ARGS = ("demo", "--calls", "30", "--today", "2026-01-31", "--seed", "7")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "demo.db"


def demo(file: Path, *args: str, no_serve: bool = True) -> process.Ended:
    options = ("--no-serve",) if no_serve else ()
    return process.run(file, *ARGS, "--database", str(file), *options, *args)


def rows(file: Path) -> list[object]:
    connection = apsw.Connection(str(file))
    tables = ("call", "patient", "tag", "patient_tag", "history")
    found = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]
    people = connection.execute("SELECT name, role, created_at FROM person").fetchall()
    return [*found, people]


def test_the_same_seed_and_day_make_the_same_rows(file: Path) -> None:
    other = file.with_name("other.db")
    assert (demo(file).returncode, demo(other).returncode) == (0, 0)
    assert rows(file) == rows(other)
    assert len(rows(file)[0]) == 30  # type: ignore[arg-type]


def test_what_it_has_made_it_makes_afresh(file: Path) -> None:
    demo(file)
    process.run(file, "keys", "list")
    assert is_demo(file)
    assert demo(file).returncode == 0


def test_a_database_of_others_is_left_alone(file: Path) -> None:
    process.run(file, "migrate")
    before = file.read_bytes()
    done = demo(file)
    assert (done.returncode, file.read_bytes()) == (1, before)
    assert done.stderr == f"Error: {file} was not made by demo, which makes it afresh.\n".encode()


def test_a_second_one_on_its_file_says_so_and_harms_nothing(file: Path) -> None:
    key = file.with_name("key")
    port = ("--port", str(free_port()))
    first = process.start(file, *ARGS, "--database", str(file), "--key-file", str(key), *port)
    assert first.stderr
    while b"Serving on" not in first.stderr.readline():
        assert first.poll() is None
    before = key.read_text()
    second = demo(file, "--key-file", str(key))
    first.terminate()
    first.communicate(timeout=START_TIMEOUT_S)
    assert (second.returncode, second.stderr.count(b"\n")) == (1, 1)
    assert second.stderr.startswith(f"Error: Another demo has {file}; ".encode())
    assert (key.read_text(), is_demo(file)) == (before, True)
    assert demo(file).returncode == 0


def test_serves_at_the_port_that_is_said(file: Path) -> None:
    port = str(free_port())
    said = demo(file, "--port", port).stdout.decode()
    assert f"http://127.0.0.1:{port}/v1/calls" in said


def test_the_key_file_ends_without_a_newline(file: Path) -> None:
    key = file.with_name("key")
    key.write_text("x" * 500)
    said = demo(file, "--key-file", str(key)).stdout.decode()
    assert f"API key: {key.read_text()}\n" in said
    assert key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", ["nowhere/key", "link"])
def test_a_key_file_that_cannot_be_written_is_found_first(file: Path, place: str) -> None:
    demo(file)
    before = file.read_bytes()
    os.symlink(file.with_name("target"), file.with_name("link"))
    done = demo(file, "--key-file", str(file.parent / place))
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert file.read_bytes() == before
