"""clinic-calls export: which rows, in which order, and a file that is whole or not there."""

import json
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from tests.support import process
from tests.support.answers import read
from tests.support.files import ID, Export, Import, from_ndjson, numbered_ids
from tests.support.resources import CALLS, PATIENTS, TAGS, Resource


@pytest.mark.parametrize(
    ("resource", "order"),
    [(CALLS, "sort=started_at"), (PATIENTS, ""), (TAGS, "")],
    ids=["calls", "patients", "tags"],
)
def test_rows_come_in_the_order_of_the_list_without_deleted_ones(
    load: Import, export: Export, client: FlaskClient, resource: Resource, order: str
) -> None:
    ids = numbered_ids(4)
    names = zip(ids, ("Cruz", "Abel", "Dean", "Bose"), strict=True)
    load([{"id": row_id, resource.text: name} for row_id, name in names], resource=resource.name)
    client.delete(f"{resource.url}/{ids[2]}")
    exported = [row["id"] for row in from_ndjson(export(resource.name))]
    assert exported == [row["id"] for row in read(client, f"{resource.url}?{order}")["data"]]
    assert len(exported) == 3


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Let files be readable by everybody unless they are made otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
@pytest.mark.parametrize("earlier", [None, "out.csv", "out.csv.part"])
def test_exported_file_is_for_its_owner_only(
    runner: FlaskCliRunner, tmp_path: Path, earlier: str | None
) -> None:
    if earlier:
        (tmp_path / earlier).write_text("earlier")
    file = tmp_path / "out.csv"
    assert runner.invoke(main, ["export", "calls", str(file)]).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().startswith("id,org_id,")


def test_failed_export_leaves_the_earlier_file_and_no_other(tmp_path: Path, load: Import) -> None:
    load([{"id": ID, "notes": "x" * 200_000}])
    file = tmp_path / "out.ndjson"
    file.write_text("earlier")
    limited = ["prlimit", "--fsize=100000", *process.COMMAND, "export", "calls", str(file)]
    done = process.run_program(limited, tmp_path / "clinic.db")
    assert done.returncode == 1
    assert re.fullmatch(rb"Error: File too large[^\n]*(?<!None)\n", done.stderr)
    assert [(left.name, left.read_text()) for left in tmp_path.glob("out*")] == [
        ("out.ndjson", "earlier")
    ]


def test_export_writes_into_a_pipe_and_does_not_replace_it(
    runner: FlaskCliRunner, tmp_path: Path, load: Import
) -> None:
    load([CALLS.whole])
    pipe = tmp_path / "pipe.ndjson"
    os.mkfifo(pipe)
    # Opened for both, the pipe takes what fits into it without a reader.
    descriptor = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    result = runner.invoke(main, ["export", "calls", str(pipe)])
    assert (result.exit_code, stat.S_ISFIFO(pipe.stat().st_mode)) == (0, True)
    assert json.loads(os.read(descriptor, 65_536)) == CALLS.whole
    os.close(descriptor)


def test_export_to_standard_output(runner: FlaskCliRunner, load: Import) -> None:
    load([CALLS.whole])
    assert json.loads(runner.invoke(main, ["export", "calls", "-"]).stdout) == CALLS.whole
    printed = runner.invoke(main, ["export", "calls", "-", "--format", "csv"]).stdout
    assert printed.startswith("id,org_id,")


def test_export_is_utf_8_whatever_the_terminal(load: Import, tmp_path: Path) -> None:
    load([{"id": ID, "notes": "Größe ☎"}])
    ascii_only = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = process.run(tmp_path / "clinic.db", "export", "calls", "-", settings=ascii_only)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["notes"] == "Größe ☎"


def test_killed_export_leaves_nothing(tmp_path: Path, load: Import) -> None:
    load([{"id": call_id, "notes": "x" * 1_000} for call_id in numbered_ids(2_000)])
    folder = tmp_path / "out"
    folder.mkdir()
    exporting = process.start(tmp_path / "clinic.db", "export", "calls", str(folder / "a.ndjson"))
    while not is_writing(exporting.pid, folder):
        assert exporting.poll() is None
    exporting.kill()
    exporting.communicate()
    assert list(folder.iterdir()) == []


def is_writing(pid: int, folder: Path) -> bool:
    """Tell whether a process has a file of a folder open that holds something, by name or not."""
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if descriptor.readlink().is_relative_to(folder) and descriptor.stat().st_size:
                return True
        except FileNotFoundError:  # closed meanwhile
            pass
    return False


def test_export_is_whole_and_private_where_no_file_goes_without_a_name(
    load: Import, runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load([{"id": call_id} for call_id in numbered_ids(3)])
    monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY)
    (tmp_path / "out").mkdir()
    file = tmp_path / "out" / "a.ndjson"
    assert runner.invoke(main, ["export", "calls", str(file)]).exit_code == 0
    assert file.read_text().count("\n") == 3
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]
