"""What the service cannot do: it crashed, or the database is locked, damaged or full."""

from pathlib import Path

import apsw
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database
from tests.support.answers import error
from tests.support.resources import CALLS

CRASHED = (500, "internal_error", None)
UNAVAILABLE = (503, "unavailable", None)


def test_crash_is_500(client: FlaskClient) -> None:
    client.post(CALLS.url, json=CALLS.given)
    database.raw().execute("DROP TABLE call")
    assert error(client.get(CALLS.url)) == CRASHED
    assert error(client.get(CALLS.one)) == CRASHED
    assert error(client.post(CALLS.url, json=CALLS.given)) == CRASHED


def test_crash_while_the_key_is_checked_is_500(client: FlaskClient) -> None:
    database.raw().execute("DROP TABLE api_key")
    assert error(client.get(CALLS.url)) == CRASHED


def test_locked_database_is_503(client: FlaskClient, app: Flask) -> None:
    database.raw().set_busy_timeout(0)
    other = apsw.Connection(str(app.config["DATABASE_URL"]))
    other.execute("BEGIN IMMEDIATE")
    response = client.post(CALLS.url, json=CALLS.given)
    other.close()
    assert error(response) == UNAVAILABLE
    assert response.headers["Retry-After"] == "2"
    assert client.post(CALLS.url, json=CALLS.given).status_code == 201


def test_damaged_database_is_503(client: FlaskClient, app: Flask) -> None:
    path: Path = app.config["DATABASE_URL"]
    database.raw().pragma("wal_checkpoint(TRUNCATE)")
    database.close_all()
    with path.open("r+b") as file:
        file.write(b"x" * 50_000)
    assert error(client.get(CALLS.url)) == UNAVAILABLE


def test_full_disk_is_507_and_stores_nothing(client: FlaskClient) -> None:
    pages = database.raw().pragma("page_count")
    database.raw().pragma("max_page_count", pages)
    response = client.post(CALLS.url, json=CALLS.given | {"summary": "x" * 500_000})
    assert error(response) == (507, "storage_full", None)
    database.raw().pragma("max_page_count", pages + 1000)
    assert client.post(CALLS.url, json=CALLS.given).status_code == 201
