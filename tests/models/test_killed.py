"""A process that is killed loses nothing that it acknowledged."""

import json
import signal
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Semaphore, Thread

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.commands import main
from app.models.engine import database
from tests.support import process
from tests.support.application import application
from tests.support.served import Served
from tests.support.server import running
from tests.support.soundness import assert_sound


def post_until_it_is_gone(served: Served, number: int, note: Callable[[str], None]) -> None:
    """Post calls one after the other; note those that the server says it has stored."""
    connection = HTTPConnection("127.0.0.1", served.port, timeout=30)
    headers = {"X-API-Key": served.key, "Content-Type": "application/json"}
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


def kill_while_it_writes(served: Served, least: int) -> set[str]:
    """Kill a server in the middle of writes and give the ids of the calls it had acknowledged."""
    acknowledged: list[str] = []
    counted = Semaphore(0)

    def note(call_id: str) -> None:
        acknowledged.append(call_id)
        counted.release()

    with running(served):
        posting = [
            Thread(target=post_until_it_is_gone, args=(served, number, note))
            for number in range(1, 5)
        ]
        for thread in posting:
            thread.start()
        assert all(counted.acquire(timeout=30) for _ in range(least))
        served.kill()
        for thread in posting:
            thread.join()
    return set(acknowledged)


def stored_ids() -> set[str]:
    return {row[0] for row in database.raw().execute("SELECT id FROM call")}


def test_killed_server_starts_again_with_what_it_acknowledged(tmp_path: Path) -> None:
    served = Served(tmp_path)
    acknowledged = kill_while_it_writes(served, 60)
    with running(served):
        total = json.loads(served.ask("GET", "/v1/calls?limit=1").body)["pagination"]["total"]
    with application(served.database):
        assert acknowledged <= stored_ids()
        assert len(acknowledged) <= total <= len(acknowledged) + 4
        assert_sound()


@pytest.mark.slow
@pytest.mark.parametrize("least", range(1, 200, 10))
def test_server_killed_at_any_time_keeps_what_it_acknowledged(tmp_path: Path, least: int) -> None:
    served = Served(tmp_path)
    acknowledged = kill_while_it_writes(served, least)
    with application(served.database):
        assert acknowledged <= stored_ids()
        assert_sound()


def test_killed_import_leaves_whole_rows(
    app: Flask, runner: FlaskCliRunner, path: Path, tmp_path: Path
) -> None:
    lines = [f'{{"id": "{n:08d}-0000-4000-8000-000000000000"}}' for n in range(3000)]
    file = tmp_path / "calls.ndjson"
    file.write_text("\n".join(lines))
    importing = process.start(path, "import", "calls", str(file))
    while not stored_ids():
        assert importing.poll() is None
    importing.kill()
    importing.communicate()
    assert importing.returncode == -signal.SIGKILL
    assert_sound()
    assert runner.invoke(main, ["import", "calls", str(file)]).exit_code == 0
    assert len(stored_ids()) == 3000
