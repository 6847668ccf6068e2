"""The demo as a stand-in: what docs/stand-in.md says to paste, run as it stands, side by side."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT
from tests.support.server import free_port

PAGE = (ROOT / "docs" / "stand-in.md").read_text(encoding="utf-8")
TIMEOUT_S = 120


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def start(folder: Path, *command: str, **environ: str) -> subprocess.Popen[bytes]:
    """Start a program in a folder, where `clinic-calls` is found and nothing else of ours."""
    programs = f"{Path(sys.executable).parent}:{os.defpath}"
    return subprocess.Popen(
        command,
        cwd=folder,
        env={"PATH": programs, "HOME": str(folder)} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def test_the_fixture_works_two_side_by_side(tmp_path: Path) -> None:
    fixture, test = blocks("python")
    runs = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "conftest.py").write_text(fixture)
        (folder / "test_calls.py").write_text(test)
        base = f"--basetemp={folder / 'tmp'}"
        runs.append(start(folder, sys.executable, "-m", "pytest", "-q", base, "--rootdir=."))
    said = [run.communicate(timeout=TIMEOUT_S)[0].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said


def steps() -> dict[str, str]:
    """Give the scripts of the job's steps by name, but for what installs."""
    found = re.findall(r"- name: (.+)\n        run: \|\n((?: {10}.*\n)+)", blocks("yaml")[0])
    return {name: re.sub("^ {10}", "", script, flags=re.MULTILINE) for name, script in found}


def test_the_job_works_two_side_by_side(tmp_path: Path) -> None:
    runs = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        first, second = (text.replace("8123", "$PORT_HERE") for text in steps().values())
        second = second.replace("'", '"')
        script = f"{first}\nset -a; . $GITHUB_ENV; set +a\n{second}\nkill %1; wait %1"
        environ = {"RUNNER_TEMP": str(folder), "GITHUB_ENV": str(folder / "env")}
        command = ("bash", "-e", "-m", "-c", script)
        runs.append(start(folder, *command, PORT_HERE=str(free_port()), **environ))
    said = [run.communicate(timeout=TIMEOUT_S)[0].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert all('"total":' in text for text in said)


def test_every_step_of_the_job_is_run() -> None:
    assert list(steps()) == ["Start the stand-in", "Test"]


def test_the_shell_example_works(tmp_path: Path) -> None:
    script = blocks("")[0].replace("8123", str(free_port())) + "\nkill %1; wait %1"
    run = start(tmp_path, "bash", "-e", "-m", "-c", script)
    assert '"total":' in run.communicate(timeout=TIMEOUT_S)[0].decode()


@pytest.mark.parametrize("tool", ["pipx install", "python3 -m venv"])
def test_says_how_it_is_installed_apart(tool: str) -> None:
    assert tool in PAGE
