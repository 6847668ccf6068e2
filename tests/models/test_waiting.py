"""Who writes waits for others, much longer than one of them takes, and then no longer."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import pytest
from flask import Flask

from app.models import engine
from app.models.engine import DatabaseBusy, database
from app.services.keys import create_key
from tests.support.served import Served
from tests.support.server import running


def test_writers_wait_while_another_process_holds_the_lock(tmp_path: Path) -> None:
    with running(Served(tmp_path)) as served, ThreadPoolExecutor(2) as pool:
        other = apsw.Connection(str(served.database))
        other.execute("BEGIN IMMEDIATE")
        headers = {"X-API-Key": served.key, "Content-Type": "application/json"}
        posted = [pool.submit(served.ask, "POST", "/v1/calls", headers, "{}") for _ in range(2)]
        time.sleep(4)
        other.close()
        assert [answer.result().status for answer in posted] == [201, 201]


def test_who_waits_for_a_writer_and_then_for_a_process_waits_no_longer_in_all(
    app: Flask, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.6)
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")

    def seconds() -> float:
        began = time.monotonic()
        with app.app_context():
            with pytest.raises((DatabaseBusy, apsw.BusyError)), database.write():
                create_key("x", ["read"])
            database.close_all()
        return time.monotonic() - began

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(seconds)
        time.sleep(0.3)
        second = pool.submit(seconds)
        assert max(first.result(), second.result()) < 0.8
    other.close()
