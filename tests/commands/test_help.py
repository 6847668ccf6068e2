"""--help, --version: every command and option says what it does."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from app.commands import COMMANDS, main
from tests.support import process


def every_command() -> Iterator[tuple[str, ...]]:
    """Give the arguments that lead to each command and each of its parts."""
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        yield (name,)
        if isinstance(command, click.Group):
            for part in command.list_commands(context):
                yield (name, part)


@pytest.mark.parametrize("args", [(), *every_command()], ids=" ".join)
def test_every_command_has_help(args: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*args, "--help"], prog_name="clinic-calls")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(" ".join(["Usage: clinic-calls", *args]) + " ")
    assert re.search(r"^  [A-Z][^\n]+", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("args", list(every_command()), ids=" ".join)
def test_every_option_says_what_it_does(args: tuple[str, ...]) -> None:
    context = click.Context(main)
    command = main.get_command(context, args[0])
    if isinstance(command, click.Group) and len(args) > 1:
        command = command.get_command(context, args[1])
    assert command is not None
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_help_lists_every_command() -> None:
    printed = CliRunner().invoke(main, ["--help"]).stdout
    assert re.findall(r"^  (\w+)  +\S", printed.split("Commands:")[1], re.MULTILINE) == [*COMMANDS]


def test_version_is_told() -> None:
    result = CliRunner().invoke(main, ["--version"], prog_name="clinic-calls")
    assert re.fullmatch(r"clinic-calls, version \d+\.\d+\.\d+\n", result.stdout)


def test_help_needs_no_database_and_no_settings(tmp_path: Path) -> None:
    done = process.run(tmp_path / "clinic.db", "keys", "create", "-h", settings={"PORT": "x"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert list(tmp_path.iterdir()) == []
