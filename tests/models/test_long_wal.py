"""Whoever writes very many rows lets others write, and keeps the `-wal` short."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from flask import Flask

from app.models import engine
from app.models.engine import DatabaseBusy, database

PAGE = 24 + 4096


@pytest.fixture(autouse=True)
def short(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take for long what is quickly written."""
    monkeypatch.setattr(engine, "BULK_CHECKPOINT_PAGES", 50)
    monkeypatch.setattr(engine, "MAX_WAL_PAGES", 150)
    monkeypatch.setattr(engine, "MAX_WAIT_S", 0.1)
    with database.bulk():
        yield


@pytest.fixture
def other(path: Path) -> apsw.Connection:
    """A connection as another process has one, which copies nothing into the file."""
    connection = apsw.Connection(str(path))
    connection.pragma("wal_autocheckpoint", 0)
    return connection


def write(pages: int = 10) -> None:
    with database.write():
        database.raw().execute(
            "INSERT INTO dead_letter VALUES (hex(randomblob(8)), '', 0, '', '', '', zeroblob(?))",
            (pages * 4096,),
        )


def wal_pages(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size // PAGE


def test_the_wal_stays_short_while_others_write(path: Path, other: apsw.Connection) -> None:
    for _ in range(100):
        write()
        other.execute("UPDATE revision SET number = number + 1")
        database.give_way()
    assert wal_pages(path) < 150


def test_a_reader_that_stays_is_waited_for(path: Path, other: apsw.Connection) -> None:
    other.execute("BEGIN; SELECT number FROM revision").fetchall()
    with pytest.raises(DatabaseBusy):
        write_much()
    assert wal_pages(path) < 200


def write_much() -> None:
    for _ in range(100):
        write()
        database.give_way()


def test_writing_goes_on_once_the_reader_is_done(path: Path, other: apsw.Connection) -> None:
    other.execute("BEGIN; SELECT number FROM revision").fetchall()
    write(100)
    database.give_way()
    other.execute("COMMIT")
    write()
    database.give_way()
    write()
    assert database.wal_pages < 50


def test_others_that_write_in_the_pause_make_it_longer(
    path: Path, other: apsw.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) < 4:
            other.execute("UPDATE revision SET number = number + 1")

    monkeypatch.setattr("app.models.engine.time.sleep", sleep)
    database.give_way()
    assert len(pauses) == 4
