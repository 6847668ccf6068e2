"""Databases of earlier versions, brought up to date with the calls in them."""

from pathlib import Path

import apsw
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import load_settings
from app.models.engine import database
from app.models.migrations import m0001_call_book
from app.models.opening import APPLICATION_ID
from tests.conftest import Store
from tests.list.test_oracle import rows_of
from tests.support.soundness import assert_sound

# What the first version had already, column by column as now.
TAKEN_OVER = ("call", "tag", "patient", "patient_tag", "api_key")
QUERIES = (
    "",
    "status=pending",
    "category=billing&started_gte=2025-06-01",
    "q=voicemail+follow-up&status=done",
    "q=5550188",
    "tags[]=6018366c-f658-47a7-9ed3-4fe53a096533&tag_filter_mode=exclude_any",
)


def answers(client: FlaskClient) -> list[bytes]:
    patients = [f"/v1/patients?q={word}" for word in ("555", "garcia", "0188")]
    calls = [f"/v1/calls?{query}" for query in QUERIES]
    return [client.get(url).data for url in calls + patients]


def first_version(newest: Path, path: Path) -> None:
    """Write what a database holds into the tables of the first version."""
    old = apsw.Connection(str(path))
    m0001_call_book.up(old)
    old.execute("ATTACH ? AS newest", (str(newest),))
    for name in TAKEN_OVER:
        old.execute(f"INSERT INTO main.{name} SELECT * FROM newest.{name}")
    # Numbers were found by their endings then.
    for number, last_name, phone in old.execute(
        "SELECT number, last_name, phone_number FROM patient"
    ):
        digits = (phone or "").lstrip("+")
        endings = " ".join("\ue000" + digits[at:] for at in range(len(digits) - 2))
        old.execute(
            "INSERT INTO patient_search (rowid, name, number) VALUES (?, ?, ?)",
            (number, last_name.lower(), endings),
        )
    old.pragma("application_id", APPLICATION_ID)
    old.pragma("user_version", 1)
    old.close()


def test_calls_of_the_first_version_are_found_as_before(
    app: Flask, client: FlaskClient, store: Store, tmp_path: Path
) -> None:
    for name in ("tags", "patients", "calls"):
        store(name, rows_of(name)[::3] if name == "calls" else rows_of(name))
    gone = client.get("/v1/calls").get_json()["data"][0]["id"]
    assert client.delete(f"/v1/calls/{gone}").status_code == 204
    expected = answers(client)
    path = tmp_path / "first.db"
    first_version(app.config["DATABASE_URL"], path)
    environ = {"DATABASE_URL": f"sqlite:///{path}", "RATE_LIMIT": "0"}
    migrated = create_app(load_settings(environ))
    with migrated.app_context():
        later = migrated.test_client()
        later.environ_base |= client.environ_base
        assert answers(later) == expected
        assert_sound()
        assert later.post("/v1/calls", json={"summary": "One more"}).status_code == 201
        assert_sound()
        database.close_all()
