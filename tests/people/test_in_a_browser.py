"""Signing in with a real browser whose script is off: what it sends of itself is enough."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.support.application import application
from tests.support.front_desk import PASSWORD, add
from tests.support.server import Server, running

pytestmark = pytest.mark.browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server at all addresses of this machine, with Dana, a manager."""
    with application(tmp_path / "clinic.db"):
        add("Dana", "manager")
    with running(Server(tmp_path / "clinic.db", "--host", "0.0.0.0")) as server:
        yield server


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser.new_page(java_script_enabled=False)
        browser.close()


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/people")
    page.get_by_label("Name").fill("Dana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def own_address() -> str:
    """Give an address of this machine that is not the loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing
        return str(probe.getsockname()[0])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", None])
def test_a_person_signs_in_adds_another_and_signs_out(
    server: Server, page: Page, host: str | None
) -> None:
    # Over plain HTTP to another address than the loopback there is no Sec-Fetch-Site.
    sign_in(page, f"http://{host or own_address()}:{server.port}")
    assert page.url.endswith("/people")
    page.get_by_label("Name").fill("Sam Ortiz")
    page.get_by_label("Your own password").fill(PASSWORD)
    page.get_by_role("button", name="Add").click()
    link = page.get_by_label("Link").input_value()
    page.get_by_role("button", name="Sign out").click()
    assert "You are signed out." in page.content()
    page.goto(link)
    assert page.get_by_label("Name").input_value() == "Sam Ortiz"


def test_a_form_of_another_site_is_refused(server: Server, page: Page) -> None:
    sign_in(page, f"http://127.0.0.1:{server.port}")
    page.goto("about:blank")
    page.set_content(
        f"<form method='post' action='http://127.0.0.1:{server.port}/me/sign-out'>"
        "<button>Look at this</button></form>"
    )
    page.get_by_role("button").click()
    assert "from another page than ours" in page.content()
