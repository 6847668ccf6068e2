"""One more file in app/providers is one more provider, everywhere."""

import shutil
from pathlib import Path

import pytest

from tests.providers import sixth
from tests.support import ROOT
from tests.support.process import COMMAND, run_program
from tests.support.server import Server, running

SETTINGS = {sixth.SECRET: "a-secret"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project with a sixth provider in it."""
    house = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "app", house / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(str(sixth.__file__), house / "app" / "providers" / "sixth.py")
    return house


def clinic_calls(house: Path, *args: str) -> str:
    done = run_program([*COMMAND, *args], house / "clinic.db", cwd=house, settings=SETTINGS)
    return done.stdout.decode()


def test_simulate_sends_what_the_route_takes_in(house: Path) -> None:
    server = Server(house / "clinic.db", **SETTINGS)
    server.cwd = house
    with running(server):
        told = clinic_calls(house, "simulate", "sixth", "--to", server.url, "--count", "2")
    assert told == "2 webhooks of 2 calls sent: 2 created.\n"


def test_doctor_knows_its_setting(house: Path) -> None:
    assert "sixth: SIXTH_SECRET is set" in clinic_calls(house, "doctor")
