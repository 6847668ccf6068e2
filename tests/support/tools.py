"""Programs from npm and PyPI that only a few slow tests need, each set in a folder of its own."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

# How npm and pip say that they could not reach their registry.
OFFLINE = ("ENOTFOUND", "EAI_AGAIN", "ECONN", "ETIMEDOUT", "NewConnectionError", "ConnectTimeout")


def install_npm(folder: Path, *packages: str) -> Path:
    """Install npm packages and give the folder of their commands; skip where that cannot be."""
    npm, node = shutil.which("npm"), shutil.which("node")
    version = run(folder, node, "--version") if npm and node else "v0"
    if npm is None or int(version[1:].partition(".")[0]) < 20:
        pytest.skip("NOT TESTED: this needs npm and Node.js 20 or newer.")
    options = ["--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts"]
    _install([npm, "install", *options, *packages])
    return folder / "node_modules" / ".bin"


def install_pip(folder: Path, *packages: str) -> Path:
    """Install Python packages into a new environment and give the folder of its commands."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    _install([str(folder / "bin" / "pip"), "install", "--disable-pip-version-check", *packages])
    return folder / "bin"


def _install(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if any(word in done.stderr for word in OFFLINE) and done.returncode:
        pytest.skip(f"NOT TESTED: {command[0]} cannot reach its registry.")
    assert done.returncode == 0, done.stdout + done.stderr


def run(folder: Path, *command: str | Path) -> str:
    """Run a program in a folder and give what it writes; it must succeed."""
    done = subprocess.run([*map(str, command)], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
