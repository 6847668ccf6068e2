"""/health: what monitors are told, and why it is not well."""

from pathlib import Path

from flask.testing import FlaskClient

from app.models.engine import database
from tests.support.answers import error
from tests.support.application import application
from tests.support.mounts import tiny


def test_well_is_a_status_of_ok(anonymous: FlaskClient) -> None:
    answer = anonymous.get("/health")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_a_full_disk_is_503_with_its_code(tmp_path: Path) -> None:
    with tiny(tmp_path / "disk", 900_000) as disk, application(disk / "clinic.db") as app:
        answer = app.test_client().get("/health")
        database.close_all()
    assert error(answer) == (503, "storage_full", None)


def test_a_lost_file_is_503_with_its_code(app: object, anonymous: FlaskClient) -> None:
    database.path.unlink()
    assert error(anonymous.get("/health")) == (503, "unavailable", None)


def test_browsers_find_an_icon(anonymous: FlaskClient) -> None:
    with anonymous.get("/favicon.ico") as answer:
        assert (answer.status_code, answer.data[:4]) == (200, b"\0\0\1\0")
        assert answer.content_type in ("image/x-icon", "image/vnd.microsoft.icon")
