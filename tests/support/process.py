"""The command, or another program, as a process of its own, for tests that need one."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support import ROOT

COMMAND = (sys.executable, "-m", "app.commands")
TIMEOUT_S = 120

Process = subprocess.Popen[bytes]
Ended = subprocess.CompletedProcess[bytes]


def environment(database: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment of a process that works on a database file."""
    # Unbuffered, Python would hide what happens to output that cannot be written.
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return ours | {
        "DATABASE_URL": f"sqlite:///{database}",
        "RATE_LIMIT": "0",
        "CLINIC_CALLS_SETTINGS": os.devnull,
        **(settings or {}),
    }


def start(
    database: Path,
    *args: str,
    stderr: int = subprocess.PIPE,
    cwd: Path = ROOT,
    settings: Mapping[str, str] | None = None,
) -> Process:
    """Start the command, its input, output and, unless said, errors in pipes."""
    return subprocess.Popen(
        [*COMMAND, *args],
        cwd=cwd,
        env=environment(database, settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )


def run(
    database: Path,
    *args: str,
    stdin: bytes = b"",
    settings: Mapping[str, str] | None = None,
) -> Ended:
    """Run the command to its end."""
    return run_program([*COMMAND, *args], database, stdin=stdin, settings=settings)


def run_program(
    program: Sequence[str],
    database: Path,
    *,
    stdin: bytes = b"",
    stdout: Path | None = None,
    cwd: Path = ROOT,
    settings: Mapping[str, str] | None = None,
) -> Ended:
    """Run any program to its end, in the command's environment, its output in a file if said."""
    with open(stdout or os.devnull, "wb") as file:
        return subprocess.run(
            program,
            cwd=cwd,
            env=environment(database, settings),
            input=stdin,
            stdout=file if stdout else subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT_S,
            check=False,
        )
