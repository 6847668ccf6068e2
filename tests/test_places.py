"""Where the data lie: in a checkout beside the program, installed never among packages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.places import PROJECT_ROOT, resolve
from tests.support import ROOT


@pytest.fixture
def site_packages(tmp_path: Path) -> Path:
    """The program as it is installed: without what lies around it in a checkout."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=ignored)
    return tmp_path


def database_of(site_packages: Path, *before: str, **environ: str) -> str:
    """Give where the installed program has its database."""
    environ |= {"PYTHONPATH": str(site_packages), "CLINIC_CALLS_SETTINGS": os.devnull}
    done = subprocess.run(
        [*before, sys.executable, "-m", "app.commands", "settings"],
        cwd=site_packages,
        env=environ,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return next(line.split()[1] for line in done.stdout.splitlines() if "DATABASE_URL" in line)


# Runs a program with a /var/lib that cannot be written, not even by root.
READ_ONLY = (
    *("/usr/bin/unshare", "--mount", "/bin/sh", "-c"),
    'mount --bind /var/lib /var/lib && mount -o remount,bind,ro /var/lib && exec "$@"',
    "sh",
)


@pytest.fixture
def before() -> tuple[str, ...]:
    if os.geteuid() != 0:
        return ()
    if subprocess.run([*READ_ONLY, "true"], capture_output=True, check=False).returncode:
        pytest.skip("NOT TESTED: this root may not mount")
    return READ_ONLY


def test_in_a_checkout_it_lies_in_instance() -> None:
    assert resolve("instance/clinic.db") == PROJECT_ROOT / "instance" / "clinic.db"
    assert resolve("x.db") == PROJECT_ROOT / "x.db"


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: others cannot write to /var/lib")
def test_installed_it_lies_in_var_lib_where_that_can_be_written(site_packages: Path) -> None:
    assert database_of(site_packages) == "sqlite:////var/lib/clinic-calls/clinic.db"
    other = database_of(site_packages, DATABASE_URL="sqlite:///instance/x.db")
    assert other == "sqlite:////var/lib/clinic-calls/x.db"


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_DATA_HOME": "/data"}, "/data"),
        ({"HOME": "/home/dana"}, "/home/dana/.local/share"),
        ({"HOME": "/home/dana", "XDG_DATA_HOME": "data"}, "/home/dana/.local/share"),
    ],
)
def test_installed_it_lies_with_the_users_data_otherwise(
    site_packages: Path, before: tuple[str, ...], environ: dict[str, str], folder: str
) -> None:
    found = database_of(site_packages, *before, PATH=os.defpath, **environ)
    assert found == f"sqlite:///{folder}/clinic-calls/clinic.db"
