"""A clinic's morning, its server, and a browser before it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import pytest
import requests
from playwright.sync_api import Browser, Page

from tests.support import process
from tests.support.browser import chromium, sign_in, watched
from tests.support.server import Server, running

SECRET = "a webhook's secret"


@dataclass
class Morning:
    """A server on the demo's calls, with what `demo` printed."""

    server: Server
    password: str

    @property
    def url(self) -> str:
        return self.server.url

    def ring(self, number: str, summary: str, call_id: str = "a-new-call") -> None:
        """Let a provider tell of a call."""
        call = {"id": call_id, "customer": {"number": number}}
        message: dict[str, Any] = {
            **{"type": "end-of-call-report", "call": call, "endedReason": "customer-ended-call"},
            **{"startedAt": "2026-06-03T13:00:00.000Z", "endedAt": "2026-06-03T13:02:00.000Z"},
            **{"analysis": {"summary": summary}, "artifact": {"transcript": "AI: Hi\nUser: Yes"}},
        }
        answer = requests.post(
            f"{self.url}/v1/ingest/vapi",
            json={"message": message},
            headers={"X-Vapi-Secret": SECRET},
            timeout=10,
        )
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A database that `demo` has made, and its people's password."""
    path = tmp_path_factory.mktemp("morning") / "demo.db"
    args = (
        "demo",
        "--database",
        str(path),
        "--no-serve",
        "--calls",
        "600",
        "--today",
        "2026-06-03",
    )
    said = process.run(path, *args, settings={"CLINIC_TIMEZONE": "America/New_York"})
    assert said.returncode == 0, said.stderr
    with closing(apsw.Connection(str(path))) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return path, said.stdout.decode().rpartition("password ")[2].split()[0]


@pytest.fixture
def morning(demo_data: tuple[Path, str], tmp_path: Path) -> Iterator[Morning]:
    path, password = demo_data
    database = tmp_path / "clinic.db"
    database.write_bytes(path.read_bytes())
    settings = {
        **{"CLINIC_NAME": "Brightwater Physical Therapy", "VAPI_WEBHOOK_SECRET": SECRET},
        **{"CLINIC_TIMEZONE": "America/New_York", "CLINIC_HOURS": "Mon-Fri 08:00-18:00"},
    }
    with running(Server(database, **settings)) as server:
        yield Morning(server, password)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, morning: Morning) -> Iterator[Page]:
    """The browser of Kevin of the desk, signed in."""
    with watched(browser, morning.url, locale="en-US") as page:
        sign_in(page, "Kevin Tran", morning.password)
        yield page


@pytest.fixture
def managers_page(browser: Browser, morning: Morning) -> Iterator[Page]:
    """The browser of Julia, a manager, signed in."""
    with watched(browser, morning.url, locale="en-US", accept_downloads=True) as page:
        sign_in(page, "Julia Moreno", morning.password)
        yield page
