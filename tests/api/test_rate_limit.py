"""RATE_LIMIT: how many requests a minute a key has, and when it may come again."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.auth.keys import RateLimit
from app.models.engine import database
from app.problems import Problem
from app.services.keys import create_key
from tests.support.answers import error
from tests.support.clock import Clock

MakeClient = Callable[..., FlaskClient]


@pytest.fixture
def settings() -> dict[str, str]:
    return {"RATE_LIMIT": "3"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("app.auth.keys.time", SimpleNamespace(monotonic=clock))
    return clock


def statuses(client: FlaskClient, count: int, path: str = "/v1/calls") -> list[int]:
    return [client.get(path).status_code for _ in range(count)]


def test_a_minutes_worth_may_come_at_once(client: FlaskClient, clock: Clock) -> None:
    assert statuses(client, 5) == [200, 200, 200, 429, 429]


def test_too_many_is_429_with_retry_after(client: FlaskClient, clock: Clock) -> None:
    statuses(client, 3)
    response = client.get("/v1/calls")
    assert error(response) == (429, "too_many_requests", None)
    assert 20 <= int(response.headers["Retry-After"]) <= 21


def test_waiting_as_told_is_enough(client: FlaskClient, clock: Clock) -> None:
    statuses(client, 3)
    for _ in range(5):
        clock.now += int(client.get("/v1/calls").headers["Retry-After"])
        assert client.get("/v1/calls").status_code == 200


def test_a_third_of_a_minute_gives_one_of_three(client: FlaskClient, clock: Clock) -> None:
    statuses(client, 3)
    clock.now += 20.001
    assert statuses(client, 2) == [200, 429]


def test_a_quiet_minute_gives_all_back_and_no_more(client: FlaskClient, clock: Clock) -> None:
    statuses(client, 4)
    clock.now += 3600
    assert statuses(client, 4) == [200, 200, 200, 429]


def test_refused_requests_do_not_count(client: FlaskClient, clock: Clock) -> None:
    statuses(client, 100)
    clock.now += 20.001
    assert statuses(client, 1) == [200]


def test_steady_use_at_the_limit_is_never_refused(client: FlaskClient, clock: Clock) -> None:
    for _ in range(50):
        assert client.get("/v1/calls").status_code == 200
        clock.now += 20


def test_each_key_has_its_own(make_client: MakeClient, clock: Clock) -> None:
    one, other = make_client("read"), make_client("read")
    assert statuses(one, 4) == [200, 200, 200, 429]
    assert statuses(other, 1) == [200]


def test_every_address_and_outcome_counts(make_client: MakeClient, clock: Clock) -> None:
    client = make_client("ingest")
    found = [client.get(path).status_code for path in ("/v1/calls", "/v1/nowhere", "/v1")]
    assert found == [403, 404, 404]
    assert client.post("/v1/calls", json={}).status_code == 429


def test_wrong_keys_use_up_nothing(client: FlaskClient, app: Flask, clock: Clock) -> None:
    guess = client.environ_base["HTTP_X_API_KEY"] + "x"
    for _ in range(10):
        anonymous = app.test_client().get("/v1/calls", headers={"X-API-Key": guess})
        assert anonymous.status_code == 401
    assert statuses(client, 3) == [200, 200, 200]


def test_what_needs_no_key_has_no_limit(anonymous: FlaskClient, clock: Clock) -> None:
    assert statuses(anonymous, 10, "/health") == [200] * 10


@pytest.mark.parametrize("limit", [1, 7, 60, 999, 6000])
def test_burst_is_the_whole_limit(clock: Clock, limit: int) -> None:
    rate = RateLimit(limit)
    for _ in range(limit):
        clock.now += 0.000_001
        rate.check("key")
    with pytest.raises(Problem, match="too_many_requests"):
        rate.check("key")


class TestSwitchedOff:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"RATE_LIMIT": "0"}

    def test_zero_is_no_limit(self, client: FlaskClient, clock: Clock) -> None:
        assert set(statuses(client, 100, "/v1/tags")) == {200}


class TestDefault:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"RATE_LIMIT": ""}

    def test_default_is_a_hundred_a_second(self, app: Flask) -> None:
        assert app.config["RATE_LIMIT"] == 6000


def test_limit_follows_the_key_not_its_name(make_client: MakeClient, clock: Clock) -> None:
    client = make_client("read")
    statuses(client, 4)
    with database.write():
        client.environ_base["HTTP_X_API_KEY"] = create_key("test", ["read"])
    assert statuses(client, 1) == [200]
