"""What a person does wrong is told in one clear line, or with how it is used."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.commands import main
from app.models.engine import database
from app.services.keys import create_key
from tests.support.commands import Run, one_line


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


@pytest.mark.parametrize(
    "args",
    [
        ("nonsense",),
        ("--nonsense",),
        ("keys", "nonsense"),
        ("keys", "create"),
        ("keys", "revoke"),
        ("keys", "rotate", "x", "--grace", "soon"),
        ("import", "calls"),
        ("import", "things", "x.csv"),
        ("import", "calls", "/"),
        ("import", "calls", "x.xml"),
        ("import", "calls", "-", "--format", "xml"),
        ("export", "calls", "x.xml"),
        ("export", "calls", "/"),
        ("serve", "--port", "0"),
        ("serve", "--port", "http"),
        ("demo", "--calls", "-1"),
        ("demo", "--today", "yesterday"),
        ("migrate", "now"),
    ],
    ids=" ".join,
)
def test_wrong_arguments_are_2_and_say_what_is_wrong(
    run: Run, args: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.xml").touch()
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.search(r"^Error: \S", result.stderr, re.MULTILINE)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("keys", "revoke", "x"), "There is no active key with the id x"),
        (("keys", "rotate", "x"), "There is no active key with the id x"),
        (("import", "calls", "nowhere.csv"), "No such file or directory: nowhere.csv"),
        (("import", "calls", "nowhere/x.csv"), "No such file or directory"),
        (("import", "calls", "x.ndjson/x.ndjson"), "Not a directory"),
        (("export", "calls", "nowhere/x.csv"), "No such file or directory: nowhere/x.csv\n"),
        (("serve", "--host", "nowhere.invalid"), "nowhere.invalid is no address of this machine"),
        (("serve", "--host", "192.0.2.1"), "192.0.2.1 is no address of this machine"),
        (("serve", "--host", "not a host"), "not a host is no address of this machine"),
        (("undelete", "x"), "no deleted call"),
        (("deadletters", "show", "x"), "no dead letter"),
        (("deadletters", "replay", "x"), "no dead letter"),
        (("deadletters", "delete", "x"), "no dead letter"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_mistake_is_one_clear_line(
    run: Run,
    args: tuple[str, ...],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.ndjson").touch()
    with database.write():
        create_key("x", ["read"])
    assert words in one_line(run(*args))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("poeple", "There is no command 'poeple'. Did you mean people?"),
        ("zzz", "There is no command 'zzz'."),
    ],
)
def test_a_mistyped_command_names_the_nearest(word: str, said: str) -> None:
    result = CliRunner().invoke(main, [word])
    assert result.exit_code == 2
    assert result.stderr.endswith(f"Error: {said}\n")
