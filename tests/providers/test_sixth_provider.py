"""One more file in app/providers is one more provider, everywhere."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers import sixth
from tests.support import ROOT
from tests.support.process import environment, free_port, wait_until_it_serves

COMMAND = (sys.executable, "-m", "app.commands")
SETTINGS = {sixth.SECRET: "a-secret"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project with a sixth provider in it."""
    house = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "app", house / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(str(sixth.__file__), house / "app" / "providers" / "sixth.py")
    return house


@pytest.fixture
def address(house: Path) -> Iterator[str]:
    """Serve that copy and give its address."""
    port = str(free_port())
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", port],
        cwd=house,
        env=environment(house / "clinic.db", SETTINGS),
        stderr=subprocess.PIPE,
    ) as server:
        try:
            wait_until_it_serves(server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def clinic_calls(house: Path, *args: str) -> str:
    environ = environment(house / "clinic.db", SETTINGS)
    done = subprocess.run([*COMMAND, *args], cwd=house, env=environ, capture_output=True, text=True)
    return done.stdout


def test_simulate_sends_what_the_route_takes_in(house: Path, address: str) -> None:
    told = clinic_calls(house, "simulate", "sixth", "--to", address, "--count", "2")
    assert told == "2 webhooks of 2 calls sent: 2 created.\n"


def test_doctor_knows_its_setting(house: Path) -> None:
    assert "sixth: SIXTH_SECRET is set" in clinic_calls(house, "doctor")
