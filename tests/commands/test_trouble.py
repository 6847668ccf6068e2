"""A database that is busy, damaged, replaced or full is one clear line of every command."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.commands import main
from app.models.engine import database
from tests.support.commands import Run, one_line


def test_refused_database_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Dear diary")
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path}/notes.txt"}
    result = CliRunner().invoke(main, ["keys", "list"], env=environ)
    assert "notes.txt is not a database" in one_line(result)


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize(
    "args",
    [
        ("keys", "create", "x", "--scope", "read"),
        ("keys", "revoke", "x"),
        ("keys", "rotate", "x"),
        ("import", "calls", "-"),
        ("undelete", "x"),
    ],
    ids=" ".join,
)
def test_busy_database_is_one_clear_line(run: Run, args: tuple[str, ...]) -> None:
    row = '{"id": "3c90c3cc-0d44-4b50-8888-8dd25736052a"}'
    assert "busy" in one_line(run(*args, stdin=row)).lower()


@pytest.mark.usefixtures("damaged")
@pytest.mark.parametrize(
    "args", [("keys", "list"), ("export", "calls", "-"), ("keys", "create", "x", "--scope", "read")]
)
def test_damaged_database_is_one_clear_line(run: Run, args: tuple[str, ...]) -> None:
    assert "damaged" in one_line(run(*args)).lower()


def test_replaced_database_is_one_clear_line(run: Run, app: Flask) -> None:
    path: Path = app.config["DATABASE_URL"]
    path.rename(path.with_name("away.db"))
    assert "replaced" in one_line(run("keys", "create", "x", "--scope", "read")).lower()


def test_full_disk_is_one_clear_line(run: Run) -> None:
    raw = database.raw()
    raw.pragma("max_page_count", raw.pragma("page_count"))
    row = '{"id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "notes": "%s"}' % ("x" * 500_000)
    result = run("import", "calls", "-", stdin=row)
    assert one_line(result) == "Error: The disk is full; make room and run this again.\n"
