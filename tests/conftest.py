"""What tests share: an application on a database file of its own, clients, and calls to find."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from app.ids import new_id
from app.models.engine import database
from app.models.opening import open_database
from app.phones import normalize
from app.services.calls import calls
from app.services.drafts import Draft
from tests.support.application import application, new_client
from tests.support.front_desk import signed_in

MakeCall = Callable[..., str]
Store = Callable[[str, list[dict[str, Any]]], None]


@pytest.fixture(scope="session", autouse=True)
def _no_settings_file() -> Iterator[None]:
    """Keep the settings of a clinic on this machine out of every test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLINIC_CALLS_SETTINGS", os.devnull)
        yield


@pytest.fixture
def settings() -> dict[str, str]:
    """Environment variables of the application; a test module may override them."""
    return {}


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without a row: a test works on a copy, which takes a third of making one."""
    path = tmp_path_factory.mktemp("empty") / "clinic.db"
    open_database(path)
    return path


@pytest.fixture
def app(tmp_path: Path, empty_database: Path, settings: dict[str, str]) -> Iterator[Flask]:
    shutil.copy(empty_database, tmp_path / "clinic.db")
    with application(tmp_path / "clinic.db", **settings) as app:
        yield app


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all tests of a module that leave it as it is: let `app` give it there."""
    with application(tmp_path_factory.mktemp("shared") / "clinic.db") as app:
        yield app


@pytest.fixture
def make_client(app: Flask) -> Callable[..., FlaskClient]:
    return partial(new_client, app)


@pytest.fixture
def client(make_client: Callable[..., FlaskClient]) -> FlaskClient:
    return make_client("write")


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """A browser at which Sam of the desk is signed in."""
    return signed_in(app, "Sam Ortiz", "desk")


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    """A browser at which Dana, a manager, is signed in."""
    return signed_in(app, "Dana Whitfield", "manager")


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def store(runner: FlaskCliRunner) -> Store:
    """Import rows of a resource."""

    def store(name: str, rows: list[dict[str, Any]]) -> None:
        text = "".join(f"{json.dumps(row)}\n" for row in rows)
        done = runner.invoke(main, ["import", name, "-"], input=text)
        assert done.exit_code == 0, done.output

    return store


@pytest.fixture
def make_call(app: Flask) -> MakeCall:
    def make(**values: Any) -> str:
        """Store a call with these values of the table and give its id."""
        call_id = values.pop("id", None) or new_id()
        values.setdefault("created_at", 1_700_000_000_000)
        if values.get("customer_number"):
            values["customer_number"] = normalize(values["customer_number"], "US")
        with database.write():
            calls.record_draft(Draft(call_id, values))
        return call_id

    return make
