"""What a command of clinic-calls says, run in this process."""

import re
from collections.abc import Callable

from click.testing import Result

# Runs a command with these arguments.
Run = Callable[..., Result]


def printed(result: Result) -> str:
    """Give what a command that went well prints, such as a key."""
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def one_line(result: Result, status: int = 1) -> str:
    """Give the one clear line with which a command failed."""
    assert result.exit_code == status, result.exception
    assert isinstance(result.exception, SystemExit)
    assert re.fullmatch(r"Error: [^\n]+\n", result.stderr), result.stderr
    assert "None" not in result.stderr
    return result.stderr


def id_of(key: str) -> str:
    return key.split("_")[1]


def secret_of(key: str) -> str:
    return key.split("_", 2)[2]
