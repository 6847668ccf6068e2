"""A database whose file is taken away or replaced takes no more writes."""

import os
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from flask.testing import FlaskClient

from app.models.engine import DatabaseReplaced, database
from tests.support.answers import error
from tests.support.application import application, new_client
from tests.support.resources import CALL_ID as ID


def take_away(path: Path) -> None:
    path.unlink()


def replace_by_copy(path: Path) -> None:
    copy = path.with_name("copy.db")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


@pytest.mark.parametrize("lose", [take_away, replace_by_copy])
def test_replaced_file_is_unhealthy_and_takes_no_writes(
    client: FlaskClient, path: Path, lose: Callable[[Path], None]
) -> None:
    assert client.get("/health").status_code == 200
    lose(path)
    refused = client.post("/v1/calls", json={"id": ID})
    assert error(refused) == error(client.get("/health")) == (503, "unavailable", None)
    assert refused.headers["Retry-After"] == "2"


def test_refused_write_is_in_neither_file(client: FlaskClient, path: Path) -> None:
    old = path.with_name("old.db")
    os.link(path, old)
    replace_by_copy(path)
    client.post("/v1/calls", json={"id": ID})
    for file in (path, old):
        counted = apsw.Connection(str(file)).execute("SELECT count(*) FROM call").get
        assert counted == 0


def test_file_put_back_is_healthy_again(client: FlaskClient, path: Path) -> None:
    path.rename(path.with_name("away.db"))
    assert client.get("/health").status_code == 503
    path.with_name("away.db").rename(path)
    assert client.get("/health").status_code == 200
    assert client.post("/v1/calls", json={}).status_code == 201


def test_check_says_that_the_file_is_gone(path: Path) -> None:
    path.unlink()
    with pytest.raises(DatabaseReplaced):
        database.check_file()


@pytest.mark.parametrize("ending", ["-wal", "-shm"])
def test_without_the_files_beside_it_takes_no_writes(
    client: FlaskClient, path: Path, ending: str
) -> None:
    assert client.post("/v1/calls", json={}).status_code == 201
    path.with_name(f"{path.name}{ending}").unlink()
    refused = client.post("/v1/calls", json={})
    assert error(refused) == error(client.get("/health")) == (503, "unavailable", None)


def test_what_a_deleted_wal_held_is_in_the_file(client: FlaskClient, path: Path) -> None:
    for _ in range(30):
        assert client.post("/v1/calls", json={}).status_code == 201
    path.with_name(f"{path.name}-wal").unlink()
    assert client.get("/health").status_code == 503
    copy = path.with_name("copy.db")
    copy.write_bytes(path.read_bytes())
    assert apsw.Connection(str(copy)).execute("SELECT count(*) FROM call").get == 30


def test_a_database_behind_a_link_takes_writes(path: Path) -> None:
    database.close_all()
    link = path.parent / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(path)
    with application(link) as app:
        assert new_client(app, "write").post("/v1/calls", json={}).status_code == 201


def test_a_program_older_than_the_tables_takes_no_writes(client: FlaskClient, path: Path) -> None:
    assert client.post("/v1/calls", json={}).status_code == 201
    other = apsw.Connection(str(path))
    other.pragma("user_version", 99)
    other.close()
    assert error(client.post("/v1/calls", json={})) == (503, "unavailable", None)
