"""Transactions: whole or not at all, and each makes the revision larger."""

from pathlib import Path

import apsw
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database, revision
from app.services.keys import create_key
from tests.support.resources import CALL_ID as ID


def fail() -> None:
    create_key("x", ["read"])
    raise ZeroDivisionError


def test_error_in_a_write_stores_nothing(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), database.write():
        fail()
    assert database.raw().execute("SELECT count(*) FROM api_key").get == 0


def test_every_change_makes_the_revision_larger(client: FlaskClient) -> None:
    before = revision()
    client.post("/v1/calls", json={"id": ID})
    after = revision()
    client.post("/v1/calls", json={"id": ID})
    assert (after > before, revision()) == (True, after)


def test_snapshot_does_not_see_what_is_written_meanwhile(client: FlaskClient, path: Path) -> None:
    other = apsw.Connection(str(path))
    with database.snapshot() as raw:
        before = raw.execute("SELECT number FROM revision").get
        other.execute("UPDATE revision SET number = number + 1")
        assert raw.execute("SELECT number FROM revision").get == before
    assert revision() == before + 1


def test_foreign_keys_hold(app: Flask) -> None:
    with pytest.raises(apsw.ConstraintError):
        database.raw().execute("INSERT INTO patient_tag (patient_id, tag_id, place) VALUES (1,1,1)")
