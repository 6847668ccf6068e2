"""The command as a process: pipes, signals, folders, and a disk that is full."""

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from app.ids import new_id
from app.models.engine import database
from app.services.calls import calls
from app.services.drafts import Draft
from tests.support import process
from tests.support.application import application


@pytest.mark.parametrize("args", [("keys", "list"), ("export", "calls", "-", "--format", "csv")])
def test_output_that_cannot_be_written_is_one_clear_line(
    tmp_path: Path, args: tuple[str, ...]
) -> None:
    process.run(tmp_path / "clinic.db", "migrate")
    command = [*process.COMMAND, *args]
    done = process.run_program(command, tmp_path / "clinic.db", stdout=Path("/dev/full"))
    assert done.returncode == 1
    assert re.fullmatch(rb"Error: No space left on device[^\n]*(?<!None)\n", done.stderr)


def test_reader_that_goes_away_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    with application(path), database.write():
        # More than a pipe takes in without a reader.
        for _ in range(20):
            calls.record_draft(Draft(new_id(), {"notes": "x" * 10_000}))
    with process.start(path, "export", "calls", "-") as exporting:
        assert exporting.stdout
        assert exporting.stderr
        exporting.stdout.readline()
        exporting.stdout.close()
        assert exporting.stderr.read() == b""
    assert exporting.returncode == 1


def test_ctrl_c_is_no_traceback(tmp_path: Path) -> None:
    importing = process.start(tmp_path / "clinic.db", "import", "calls", "-")
    while not (tmp_path / "clinic.db-shm").exists():
        assert importing.poll() is None
    importing.send_signal(signal.SIGINT)
    _, errors = importing.communicate()
    assert importing.returncode in (1, 130)
    assert b"Traceback" not in errors


def test_command_works_from_any_folder(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("clinic-calls")), "migrate"]
    done = process.run_program(command, tmp_path / "clinic.db", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(f"{tmp_path}/clinic.db is at version ".encode())


def test_wsgi_module_holds_the_application(tmp_path: Path) -> None:
    code = "import wsgi; print(wsgi.app.test_client().get('/health').status_code)"
    program = [sys.executable, "-W", "error", "-c", code]
    done = process.run_program(program, tmp_path / "clinic.db")
    assert done.stdout == b"200\n"
    assert done.stderr == f"Made the database {tmp_path}/clinic.db.\n".encode()


def test_environment_of_the_tests_is_clean() -> None:
    names = [name for name in os.environ if name.startswith("CLINIC_")]
    assert names == ["CLINIC_CALLS_SETTINGS"]
    assert os.environ["CLINIC_CALLS_SETTINGS"] == os.devnull
