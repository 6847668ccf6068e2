"""Large files: no more memory than small ones, nobody is held up, and progress is shown."""

import json
import os
import pty
import termios
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask

from app.models.engine import database
from tests.support import process
from tests.support.files import write_calls
from tests.support.server import Server, running
from tests.support.webhooks import SETTINGS, signed

# A status, and how long it took in seconds.
Taken = tuple[int, float]


def memory_mib_of(database_file: Path, *args: str) -> int:
    """Run the command and give the most memory that it held, in MiB."""
    running = process.start(database_file, *args)
    # Their few lines fit into the pipes.
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    _, errors = running.communicate()
    assert (running.returncode, errors) == (0, b"")
    return usage.ru_maxrss // 1024


def test_check_of_a_large_file_takes_no_more_memory(tmp_path: Path) -> None:
    few, many = (write_calls(tmp_path / f"{n}.ndjson", n) for n in (500, 50_000))
    path = tmp_path / "clinic.db"
    process.run(path, "migrate")
    small = memory_mib_of(path, "import", "calls", str(few), "--dry-run")
    assert memory_mib_of(path, "import", "calls", str(many), "--dry-run") < small + 12


@pytest.mark.slow
def test_import_and_export_of_a_large_file_take_no_more_memory(tmp_path: Path) -> None:
    few, many = (write_calls(tmp_path / f"{n}.ndjson", n) for n in (500, 50_000))
    path, out = tmp_path / "clinic.db", str(tmp_path / "out.csv")
    process.run(path, "migrate")
    small = memory_mib_of(path, "import", "calls", str(few))
    # 16 MB of cache for the connection, as its pragma says.
    assert memory_mib_of(path, "import", "calls", str(many)) < small + 30
    assert memory_mib_of(path, "export", "calls", out) < small + 30
    assert memory_mib_of(path, "import", "calls", out) < small + 30


@pytest.mark.slow
def test_import_holds_up_no_other_writer(app: Flask, tmp_path: Path) -> None:
    file = write_calls(tmp_path / "calls.ndjson", 20_000)
    importing = process.start(app.config["DATABASE_URL"], "import", "calls", str(file))
    waited = waits_of_another_writer(lambda: importing.poll() is None)
    importing.communicate()
    assert importing.returncode == 0
    assert max(waited) < 1.0
    long = sorted(wait for wait in waited if wait > 0.05)
    assert not long or long[len(long) * 95 // 100] < 0.3


@pytest.mark.slow
def test_import_beside_webhooks_lets_all_of_them_in(tmp_path: Path) -> None:
    file = write_calls(tmp_path / "calls.ndjson", 20_000)
    with running(Server(tmp_path / "clinic.db", **SETTINGS)) as server:
        importing = process.start(server.database, "import", "calls", str(file))
        with ThreadPoolExecutor(4) as pool:
            sending = [pool.submit(send_webhooks, server, n, importing) for n in range(4)]
            answers = [answer for sent in sending for answer in sent.result()]
        importing.communicate()
    assert importing.returncode == 0
    assert {status for status, _ in answers} == {200}
    assert max(took for _, took in answers) < 1.0


def send_webhooks(server: Server, number: int, importing: process.Process) -> list[Taken]:
    """Send webhooks as long as the import goes on; give each one's status and time in seconds."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    answers: list[Taken] = []
    while importing.poll() is None:
        call = {"call_id": f"call-{number}-{len(answers)}", "start_timestamp": 1_700_000_000_000}
        body = json.dumps({"event": "call_ended", "call": call}).encode()
        start = time.monotonic()
        connection.request("POST", "/v1/ingest/retell", body, signed("retell", body))
        response = connection.getresponse()
        response.read()
        answers.append((response.status, time.monotonic() - start))
        time.sleep(0.05)
    connection.close()
    return answers


def waits_of_another_writer(goes_on: Callable[[], bool]) -> list[float]:
    """Write small transactions as long as it goes on, and give how long each took, in seconds."""
    waited = []
    while goes_on():
        start = time.monotonic()
        with database.write():
            database.raw().execute("UPDATE revision SET number = number")
        waited.append(time.monotonic() - start)
    return waited


def progress_on_a_terminal(path: Path, file: Path) -> bytes:
    """Import a file, standard error being a terminal, and give what is written there."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    importing = process.start(path, "import", "calls", str(file), stderr=theirs)
    os.close(theirs)
    written = b""
    try:
        while chunk := os.read(ours, 4096):
            written += chunk
    except OSError:  # what Linux answers once the other side is closed
        pass
    importing.communicate()
    os.close(ours)
    return written


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    file = write_calls(tmp_path / "calls.ndjson", 50)
    process.run(tmp_path / "one.db", "migrate")
    assert process.run(tmp_path / "one.db", "import", "calls", str(file)).stderr == b""
    assert b"Storing  [####################]  " in progress_on_a_terminal(
        tmp_path / "other.db", file
    )
