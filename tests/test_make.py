"""`make install`: whatever has become of .venv, it ends with a command that runs, or one line."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import ROOT

pytestmark = pytest.mark.slow
TIMEOUT_S = 300
NO_INDEX = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull}
# As little of the project as is installed alike: without its dependencies, which take long.
SETUP = """\
[metadata]
name = clinic-calls
version = 0.0.1
[options]
packages = app
[options.entry_points]
console_scripts =
    clinic-calls = app:main
"""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "wheels"
    command = [sys.executable, "-m", "pip", "wheel", "-q", "-w", str(folder), "setuptools>=77"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("NOT TESTED: pip cannot reach its index.")
    return folder


@pytest.fixture
def checkout(tmp_path: Path, wheels: Path) -> Path:
    folder = tmp_path / "a checkout"
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "setup.cfg").write_text(SETUP)
    (folder / "app").mkdir()
    (folder / "app" / "__init__.py").write_text("def main():\n    print('runs')\n")
    shutil.copytree(wheels, folder / "wheels")
    return folder


def start(folder: Path, *args: str) -> subprocess.Popen[str]:
    ours = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.Popen(
        ["make", "--no-print-directory", *args],
        cwd=folder,
        env=ours | NO_INDEX,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def make(folder: Path, *args: str) -> tuple[int, str, str]:
    run = start(folder, *args)
    out, errors = run.communicate(timeout=TIMEOUT_S)
    return run.returncode, out, errors


def install(folder: Path, *args: str) -> str:
    """Install without an index, find that the command runs, and give what was said."""
    status, said, errors = make(folder, "install", "WHEELS=wheels", *args)
    assert (status, errors) == (0, "")
    command = folder / ".venv" / "bin" / "clinic-calls"
    assert subprocess.run([command], capture_output=True, check=True).stdout == b"runs\n"
    return said


def test_installs_from_a_folder_of_wheels_once(checkout: Path) -> None:
    assert install(checkout) == "Installing clinic-calls into .venv ...\n"
    assert install(checkout) == ""


def break_python(folder: Path) -> None:
    python = folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")


def lose_a_file(folder: Path) -> None:
    next(folder.glob(".venv/lib/*/site-packages/pip/__init__.py")).unlink()


def lose_the_command(folder: Path) -> None:
    (folder / ".venv" / "bin" / "clinic-calls").unlink()


def leave_a_folder(folder: Path) -> None:
    shutil.rmtree(folder / ".venv")
    (folder / ".venv").mkdir()


@pytest.mark.parametrize("spoil", [break_python, lose_a_file, lose_the_command, leave_a_folder])
def test_makes_a_broken_one_anew(checkout: Path, spoil: Callable[[Path], None]) -> None:
    install(checkout)
    spoil(checkout)
    assert install(checkout).startswith("Making .venv anew")
    assert not (checkout / ".venv.old").exists()


def test_makes_a_moved_one_anew(checkout: Path) -> None:
    install(checkout)
    moved = checkout.rename(checkout.with_name("moved"))
    assert install(moved).startswith("Making .venv anew")


def test_makes_one_of_another_python_anew_where_that_is_chosen(checkout: Path) -> None:
    install(checkout)
    made = checkout / ".venv" / "made"
    made.write_text(made.read_text().replace(" 3 ", " 2 "))
    assert install(checkout).startswith("Making .venv anew")
    assert install(checkout, f"PYTHON={sys.executable}") in ("", "Making .venv anew")


@pytest.mark.parametrize("after_s", [0.05, 0.3, 0.8, 1.5, 2.5, 4, 6])
def test_an_interruption_at_any_moment_is_mended(checkout: Path, after_s: float) -> None:
    run = start(checkout, "install", "WHEELS=wheels")
    time.sleep(after_s)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    install(checkout)


def test_without_a_network_it_says_so_in_one_line_and_keeps_what_works(checkout: Path) -> None:
    install(checkout)
    (checkout / "setup.cfg").write_text(SETUP + "[options.extras_require]\ndev =\n    nothing-1\n")
    status, _, errors = make(checkout, "install-dev")
    line, rest = errors.split("\n", 1)
    assert (status != 0, line.startswith("The package index cannot be reached")) == (True, True)
    assert rest.startswith("make: ***")
    assert "anew" not in install(checkout)


def test_a_folder_of_wheels_that_is_not_there_is_one_line(checkout: Path) -> None:
    status, _, errors = make(checkout, "install", "WHEELS=elsewhere")
    assert status != 0
    assert errors.startswith("There is no folder elsewhere of wheels")


def test_help_names_what_people_run(checkout: Path) -> None:
    said = make(checkout, "help")[1]
    assert make(checkout)[1] == said
    for target in ("demo", "serve", "install", "test"):
        assert f"make {target} " in said
