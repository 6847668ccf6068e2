"""A list that takes too long is given up; what else is asked takes its time."""

import itertools
from collections.abc import Iterator
from types import SimpleNamespace

import apsw
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models import clock as clocks
from app.models.clock import TakesLong, clock
from app.models.engine import database
from tests.conftest import MakeCall
from tests.support.answers import error

ENDLESS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
MILLIONS = f"{ENDLESS} LIMIT 2000000".replace("FROM n)", "FROM n LIMIT 2000000)", 1)
YEAR_S = 31_536_000


@pytest.fixture
def quick() -> Iterator[None]:
    """Make this thread one that is kept for quick work."""
    clock.is_quick = True
    yield
    clock.is_quick = False


def test_a_list_beyond_its_time_is_given_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "LIST_LIMIT_S", 0.05)
    with pytest.raises(apsw.InterruptError), clock.running(), database.snapshot() as raw:
        raw.execute(ENDLESS).fetchall()
    assert not database.raw().in_transaction


def test_the_clock_stops_with_the_list(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "LIST_LIMIT_S", 0.0)
    with clock.running(), database.snapshot():
        pass
    assert database.raw().execute(MILLIONS).get == 2_000_000


def test_a_list_beyond_its_time_is_503(
    client: FlaskClient, make_call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_call(summary="Knee pain")
    monkeypatch.setattr(clocks, "LIST_LIMIT_S", -1.0)
    for path in ("/v1/calls?q=knee", "/v1/patients?q=ana"):
        database.raw().set_progress_handler(clock.is_late, 1)
        answer = client.get(path)
        assert error(answer) == (503, "unavailable", None)
        assert answer.headers["Retry-After"] == "2"


def test_many_short_statements_are_one_list(
    client: FlaskClient, make_call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_call(summary="Knee pain")
    monkeypatch.setattr(clocks, "LIST_LIMIT_S", -1.0)
    assert error(client.get("/v1/calls?q=knee")) == (503, "unavailable", None)


def test_a_list_that_was_given_up_goes_on_from_there(
    app: Flask, client: FlaskClient, make_call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in range(30):
        make_call(started_at=year * YEAR_S * 1000, summary="Knee pain")
    looks = iter(range(100))
    monkeypatch.setattr("app.models.clock.Clock.is_late", lambda _: next(looks, 0) >= 20)
    assert client.get("/v1/calls?q=knee").status_code == 503
    ((_, counted, _),) = app.extensions["call_counts"].entries.values()
    assert 5 < len(counted) < 30
    monkeypatch.undo()
    assert client.get("/v1/calls?q=knee").get_json()["pagination"]["total"] == 30


def test_a_quick_thread_gives_up_what_takes_long(
    app: Flask, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TakesLong), clock.running(), database.snapshot() as raw:
        raw.execute(ENDLESS).fetchall()
    assert not database.raw().in_transaction


@pytest.mark.parametrize(
    "path", ["/v1/calls?q=knee", "/v1/calls?status=done", "/v1/patients?q=ana"]
)
def test_a_quick_thread_does_not_begin_what_was_never_counted(
    client: FlaskClient, quick: None, path: str
) -> None:
    with pytest.raises(TakesLong):
        client.get(path)


def test_a_quick_thread_counts_all_calls_however_long_it_takes(
    client: FlaskClient, make_call: MakeCall, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in range(10):
        make_call(started_at=year * YEAR_S * 1000)
    monkeypatch.setattr("app.services.call_list.FEW", 0)
    ticks = itertools.count()
    # Each look at the clock is 10 ms after the last one, as if it took long.
    monkeypatch.setattr(clocks, "time", SimpleNamespace(thread_time=lambda: next(ticks) / 100))
    monkeypatch.setattr(clocks, "QUICK_LIMIT_S", 0.2)
    assert client.get("/v1/calls").get_json()["pagination"]["total"] == 10


def test_a_quick_thread_counts_what_has_changed(
    client: FlaskClient, make_call: MakeCall, request: pytest.FixtureRequest
) -> None:
    client.get("/v1/calls?q=knee")
    make_call(summary="Knee pain")
    request.getfixturevalue("quick")
    assert client.get("/v1/calls?q=knee").get_json()["pagination"]["total"] == 1


def test_what_fills_the_memory_leaves_the_counts_of_all_calls(
    app: Flask, client: FlaskClient, request: pytest.FixtureRequest
) -> None:
    client.get("/v1/calls")
    app.extensions["call_counts"].capacity = app.extensions["pages"].capacity = 0
    client.get("/v1/calls?q=knee")
    request.getfixturevalue("quick")
    assert client.get("/v1/calls?page=2").status_code == 200
