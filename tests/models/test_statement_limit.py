"""A list that takes SQLite too long is given up; what else is asked takes its time."""

import apsw
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models import engine
from app.models.engine import database
from tests.conftest import MakeCall
from tests.support.answers import error

ENDLESS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
MILLIONS = f"{ENDLESS} LIMIT 2000000".replace("FROM n)", "FROM n LIMIT 2000000)", 1)


def test_a_statement_beyond_its_time_is_given_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "STATEMENT_LIMIT_S", 0.05)
    with database.snapshot() as raw:
        database.start_clock()
        with pytest.raises(apsw.InterruptError):
            raw.execute(ENDLESS).fetchall()


def test_the_clock_stops_with_the_snapshot(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "STATEMENT_LIMIT_S", 0.0)
    with database.snapshot():
        database.start_clock()
    found = database.raw().execute(MILLIONS).get
    assert found == 2_000_000


def test_a_list_beyond_its_time_is_503(
    client: FlaskClient, make_call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_call(summary="Knee pain")
    monkeypatch.setattr(engine, "STATEMENT_LIMIT_S", -1.0)
    database.raw().set_progress_handler(database.obj._is_late, 1)
    answer = client.get("/v1/calls?q=knee")
    assert error(answer) == (503, "unavailable", None)
    assert answer.headers["Retry-After"] == "2"
