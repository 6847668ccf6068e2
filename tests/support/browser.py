"""A real browser, which complains of whatever a page does that it must not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

OPTIONS = ["--no-sandbox", "--disable-background-networking", "--disable-sync"]
# What a browser says itself of an answer that is an error, or of a server that is not there.
_TOLD = ("Failed to load resource", "net::ERR_CONNECTION_REFUSED")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        yield browser
        browser.close()


@contextmanager
def watched(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """Give a page of a browser of its own; fails where it complained, or asked another host."""
    context = browser.new_context(base_url=url, **options)
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    asked: list[str] = []
    # What a Content-Security-Policy blocks is an error on the console.
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert [text for text in complaints if not text.startswith(_TOLD)] == []
    assert {urlsplit(address).netloc for address in asked} <= {urlsplit(url).netloc}


def sign_in(page: Page, name: str, password: str) -> None:
    """Sign in as somebody and wait for the queue."""
    page.goto("/sign-in")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/queue")
