"""What is written for one person can be read by no other, and goes where it was meant to."""

import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.commands import main
from app.commands.demo_command import _make_key


def test_the_key_file_is_its_owners_whatever_was_there(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.touch(0o644)
    key = _make_key(file)
    assert file.read_text() == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_key_goes_through_no_symbolic_link(app: Flask, tmp_path: Path) -> None:
    elsewhere, link = tmp_path / "elsewhere", tmp_path / "key"
    link.symlink_to(elsewhere)
    with pytest.raises(OSError, match="symbolic links"):
        _make_key(link)
    assert not elsewhere.exists()


def test_export_follows_no_symbolic_link(runner: FlaskCliRunner, tmp_path: Path) -> None:
    elsewhere, link = tmp_path / "elsewhere.ndjson", tmp_path / "calls.ndjson"
    link.symlink_to(elsewhere)
    result = runner.invoke(main, ["export", "calls", str(link)])
    assert (result.exit_code, elsewhere.exists()) == (1, False)
    assert result.stderr == f"Error: {link} is a symbolic link; name the file itself.\n"
