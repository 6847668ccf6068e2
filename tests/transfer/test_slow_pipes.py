"""Whoever reads an export or writes an import slowly holds up nothing."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from flask import Flask

from app.models.engine import database
from app.services.calls import calls
from app.services.collection import Collection
from app.transfer.files import Importer
from app.transfer.resources import RESOURCES
from tests.conftest import MakeCall
from tests.support import process
from tests.support.files import numbered_ids, write_calls


def assert_nobody_reads(path: Path) -> None:
    """Assert that all of the `-wal` can be copied and begun anew, as no snapshot needs it."""
    other = apsw.Connection(str(path))
    other.set_busy_timeout(5_000)  # it may just be reading the next few
    other.execute("UPDATE revision SET number = number + 1")
    other.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    other.close()


def test_an_export_that_waits_for_its_reader_reads_nothing(app: Flask, tmp_path: Path) -> None:
    file = write_calls(tmp_path / "calls.ndjson", 3_000)
    path: Path = app.config["DATABASE_URL"]
    assert process.run(path, "import", "calls", str(file)).returncode == 0
    exporting = process.start(path, "export", "calls", "-")
    assert exporting.stdout
    exporting.stdout.readline()
    try:
        assert_nobody_reads(path)
        assert exporting.stdout.read().count(b"\n") == 2_999
    finally:
        exporting.communicate()


def test_an_import_that_waits_for_its_rows_reads_nothing(app: Flask) -> None:
    def rows() -> Iterator[tuple[int, dict[str, str]]]:
        for line, call_id in enumerate(numbered_ids(300), 1):
            assert_nobody_reads(app.config["DATABASE_URL"])
            yield line, {"id": call_id}

    importer = Importer(RESOURCES["calls"])
    importer.check(rows())
    assert importer.waiting == 300
    importer.close()


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.base.READ_AT_ONCE", 1)


@pytest.mark.usefixtures("one_at_a_time")
def test_a_call_that_moves_meanwhile_comes_once(make_call: MakeCall) -> None:
    ids = sorted(make_call(started_at=1_700_000_000_000 + n) for n in range(4))
    rows = calls.all_rows()
    found = [next(rows)["id"]]
    move(found[0], 1_800_000_000_000)
    move(ids[-1], 1_600_000_000_000)
    found += [row["id"] for row in rows]
    assert sorted(found) == ids


def move(call_id: str, started_at: int) -> None:
    with database.write():
        calls.record(call_id, {"started_at": started_at}, update=True)


@pytest.mark.usefixtures("one_at_a_time")
def test_what_goes_meanwhile_is_left_out_and_what_comes_too(make_call: MakeCall) -> None:
    ids = [make_call(started_at=1_700_000_000_000 + n) for n in range(3)]
    rows = calls.all_rows()
    found = [next(rows)["id"]]
    Collection.remove(calls, ids[1])
    make_call(started_at=1_800_000_000_000)
    assert [*found, *(row["id"] for row in rows)] == [ids[0], ids[2]]
