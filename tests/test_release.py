"""`make release`: a version is tagged where setup.cfg and the changelog agree, and once."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.support import ROOT


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("Makefile", "setup.cfg"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n## {version()}\n\n- All.\n")
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    run(tmp_path, "git", "init", "--quiet")
    run(tmp_path, "git", "config", "user.name", "Dana")
    run(tmp_path, "git", "config", "user.email", "dana@clinic.example")
    commit(tmp_path)
    return tmp_path


def commit(folder: Path) -> None:
    run(folder, "git", "add", ".")
    assert run(folder, "git", "commit", "--quiet", "--message", "All").returncode == 0


def version() -> str:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    return setup["metadata"]["version"]


def test_the_changelog_has_a_heading_for_the_version() -> None:
    headings = re.findall("^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert version() in headings


def test_tags_the_version_once(checkout: Path) -> None:
    assert run(checkout, "make", "release").returncode == 0
    assert run(checkout, "git", "tag").stdout == f"v{version()}\n"
    again = run(checkout, "make", "release")
    assert again.returncode != 0
    assert again.stderr.startswith(f"v{version()} is tagged already")


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        ("setup.cfg", f"version = {version()}", "version = 9.0.0", "make them agree"),
        ("CHANGELOG.md", f"## {version()}", f"## Unreleased\n\n## {version()}", "make them agree"),
    ],
)
def test_tags_nothing_where_they_do_not_agree(
    checkout: Path, file: str, before: str, after: str, words: str
) -> None:
    text = (checkout / file).read_text()
    (checkout / file).write_text(text.replace(before, after))
    commit(checkout)
    done = run(checkout, "make", "release")
    assert (done.returncode != 0, words in done.stderr) == (True, True)
    assert run(checkout, "git", "tag").stdout == ""


def test_tags_nothing_that_is_not_committed(checkout: Path) -> None:
    (checkout / "new.txt").touch()
    assert "Commit first" in run(checkout, "make", "release").stderr
