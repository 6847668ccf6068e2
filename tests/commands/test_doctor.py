"""clinic-calls migrate and doctor: how the database stands, and what to do about it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.commands import main
from app.models.engine import database
from app.models.opening import migrations
from app.services.keys import create_key
from tests.support.commands import Run, one_line

NEWEST = len(migrations())


def test_migrate_says_where_the_tables_stand(run: Run, app: Flask) -> None:
    result = run("migrate")
    assert result.exit_code == 0
    assert result.stdout == f"{app.config['DATABASE_URL']} is at version {NEWEST}, the newest.\n"


def findings(result: Result) -> dict[str, bool]:
    """Give what doctor looked at, and whether all of it was well."""
    found: dict[str, bool] = {}
    for mark, subject in re.findall(r"^(ok |BAD) +(\w+):", result.stdout, re.MULTILINE):
        found[subject] = found.get(subject, True) and mark == "ok "
    return found


def test_doctor_finds_all_well(run: Run) -> None:
    with database.write():
        create_key("x", ["read"])
    result = run("doctor")
    found = findings(result)
    assert {"settings", "engine", "database", "search", "content", "disk"} <= set(found)
    assert set(found.values()) == {True}
    assert (result.exit_code, result.stderr) == (0, "")


def test_doctor_tells_how_to_make_the_first_key(run: Run) -> None:
    result = run("doctor")
    assert result.exit_code == 1
    assert findings(result)["content"] is False
    assert "clinic-calls keys create" in result.stdout


@pytest.mark.parametrize("state", ["expires_at", "revoked_at"])
def test_doctor_counts_no_key_that_does_not_work(run: Run, state: str) -> None:
    with database.write():
        create_key("x", ["read"])
        database.raw().execute(f"UPDATE api_key SET {state} = 1")
    assert findings(run("doctor"))["content"] is False


def test_doctor_finds_a_damaged_search(run: Run) -> None:
    database.raw().execute("DELETE FROM call_search_data WHERE id > 1")
    database.raw().execute("UPDATE call_search_data SET block = x'00'")
    result = run("doctor")
    assert (result.exit_code, findings(result)["search"]) == (1, False)


@pytest.mark.usefixtures("damaged")
def test_doctor_finds_a_damaged_file(run: Run) -> None:
    result = run("doctor")
    assert (result.exit_code, findings(result)["database"]) == (1, False)
    assert "restore a backup" in result.stdout


@pytest.mark.usefixtures("locked")
def test_doctor_takes_a_busy_database_for_no_damaged_one(run: Run) -> None:
    result = run("doctor")
    assert isinstance(result.exception, SystemExit | None)
    assert "damaged" not in result.stdout.lower()


def test_doctor_shows_no_secret(tmp_path: Path) -> None:
    environ = {"RETELL_API_KEY": "hush-hush", "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    CliRunner().invoke(main, ["migrate"], env=environ)
    result = CliRunner().invoke(main, ["doctor"], env=environ)
    assert "settings" in findings(result)
    assert "hush" not in result.output


def test_doctor_names_a_malformed_setting(tmp_path: Path) -> None:
    environ = {"PORT": "http", "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    result = CliRunner().invoke(main, ["doctor"], env=environ)
    assert "PORT must be" in one_line(result)


def test_doctor_finds_little_room(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.commands.doctor_command.LOW_DISK_BYTES", 10**18)
    result = run("doctor")
    assert findings(result)["disk"] is False
    assert "make room" in result.stdout
