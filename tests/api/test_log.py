"""The log: enough to find what went wrong, and nothing of keys or health."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.models.engine import database

PRIVATE = "Wilhelmina Quackenbush"
NUMBER = "+12125550147"
SEARCH = f"/v1/calls?q={PRIVATE}&customer_number=%2B12125550147"


def crash(client: FlaskClient) -> None:
    client.post("/v1/calls", json={})
    database.raw().execute("DROP TABLE call")
    client.post("/v1/calls", json={"summary": PRIVATE, "customer_number": NUMBER})
    client.get(SEARCH)


def lose_database(client: FlaskClient) -> None:
    path: Path = client.application.config["DATABASE_URL"]
    path.rename(path.with_name("old.db"))
    client.post("/v1/calls", json={"summary": PRIVATE, "customer_number": NUMBER})


def refuse(client: FlaskClient) -> None:
    client.post("/v1/calls", json={"status": PRIVATE, "customer_number": NUMBER, "x": 1})
    client.get(f"{SEARCH}&limit=0")
    client.post("/v1/calls", data=f'{{"summary": "{PRIVATE}', content_type="application/json")


def break_name(client: FlaskClient) -> None:
    database.raw().execute("DROP TABLE patient_search")
    client.post("/v1/patients", json={"last_name": PRIVATE, "phone_number": NUMBER})


@pytest.mark.parametrize("go_wrong", [crash, lose_database, refuse, break_name])
def test_holds_nothing_of_health(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, go_wrong: Callable[[FlaskClient], None]
) -> None:
    caplog.set_level("DEBUG")
    go_wrong(client)
    assert "Quackenbush" not in caplog.text
    assert "5550147" not in caplog.text


def test_holds_no_key(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    key = client.environ_base["HTTP_X_API_KEY"]
    caplog.set_level("DEBUG")
    client.get("/v1/calls")
    client.get(f"/v1/calls?api_key={key}", headers={"X-API-Key": key + "x"})
    crash(client)
    assert key.split("_", 2)[2] not in caplog.text


def test_says_where_it_crashed_under_the_id_of_the_request(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.post("/v1/calls", json={})
    database.raw().execute("DROP TABLE call")
    response = client.get("/v1/calls")
    assert "under this request's id" in response.get_json()["detail"]["message"]
    assert response.headers["X-Request-Id"] in caplog.text
    assert "call_list.py" in caplog.text
