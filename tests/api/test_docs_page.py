"""/docs shows the API and lets a person try it, in a real browser, with no other host asked."""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Locator, Page, sync_playwright

from app.models.engine import database
from tests.conftest import MakeCall
from tests.support import ROOT
from tests.support.server import running_server

SWAGGER_UI = ROOT / "app/web/static/vendor/swagger-ui"


class Watched:
    """A page in a browser, with all that it asked for and complained of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self.asked: list[str] = []
        # What a Content-Security-Policy blocks is an error on the console.
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def open_docs(self) -> Page:
        self.page.goto(f"{self.url}/docs")
        self.page.wait_for_selector(".opblock")
        return self.page


@pytest.fixture
def browser_page(app: Flask) -> Iterator[Watched]:
    with running_server(database.path) as url, sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-background-networking", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=options)
        yield Watched(browser.new_page(), url)
        browser.close()


@pytest.fixture
def key(make_client: Callable[..., FlaskClient]) -> str:
    return str(make_client("read").environ_base["HTTP_X_API_KEY"])


def test_vendored_files_are_those_that_npm_has() -> None:
    lines = (SWAGGER_UI / "SHA256SUMS").read_text().splitlines()
    sums = {name: checksum for checksum, name in (line.split() for line in lines)}
    files = [file for file in SWAGGER_UI.iterdir() if file.name not in ("README.md", "SHA256SUMS")]
    assert sums == {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


def test_page_holds_no_inline_script_or_style(anonymous: FlaskClient) -> None:
    page = anonymous.get("/docs").text
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page) == []


def test_page_needs_no_key_and_its_files_are_there(anonymous: FlaskClient) -> None:
    page = anonymous.get("/docs").text
    for file in re.findall(r'(?:href|src|data-description)="([^"]+)"', page):
        with anonymous.get(file) as answer:
            assert (file, answer.status_code) == (file, 200)


@pytest.mark.browser
def test_shows_every_operation(browser_page: Watched, anonymous: FlaskClient) -> None:
    page = browser_page.open_docs()
    paths = anonymous.get("/openapi.json").get_json()["paths"]
    operations = [m for item in paths.values() for m in item if m != "parameters"]
    assert page.locator(".opblock").count() == len(operations)
    assert page.get_by_role("link", name="/openapi.json").count() == 1


@pytest.mark.browser
def test_asks_no_other_host_and_complains_of_nothing(browser_page: Watched) -> None:
    page = browser_page.open_docs()
    for operation in page.locator(".opblock-summary-control").all()[:4]:
        operation.click()
    page.locator("section.models button").first.click()
    page.wait_for_load_state("networkidle")
    hosts = {urlsplit(url).netloc for url in browser_page.asked if not url.startswith("data:")}
    assert hosts == {urlsplit(browser_page.url).netloc}
    assert browser_page.complaints == []


@pytest.mark.browser
def test_a_request_can_be_tried_with_a_key(
    browser_page: Watched, key: str, make_call: MakeCall
) -> None:
    call_id = make_call()
    page = browser_page.open_docs()
    authorize(page, key)
    answer = list_calls(page)
    assert answer.locator(".response-col_status").inner_text().strip() == "200"
    assert call_id in answer.locator(".response-col_description").inner_text()
    assert browser_page.complaints == []


@pytest.mark.browser
def test_the_key_is_kept_nowhere(browser_page: Watched, key: str) -> None:
    page = browser_page.open_docs()
    authorize(page, key)
    list_calls(page)
    kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location])"
    assert key not in page.evaluate(kept)
    page.reload()
    page.locator(".auth-wrapper .authorize.unlocked").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_fits_the_width_of_the_screen(browser_page: Watched, width: int) -> None:
    browser_page.page.set_viewport_size({"width": width, "height": 900})
    page = browser_page.open_docs()
    list_calls(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def authorize(page: Page, key: str) -> None:
    page.locator(".auth-wrapper .authorize").click()
    page.locator(".auth-container input").fill(key)
    page.locator(".auth-btn-wrapper .authorize").click()
    page.locator(".auth-btn-wrapper .btn-done").click()


def list_calls(page: Page) -> Locator:
    page.locator("#operations-Calls-list_calls .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    answer = page.locator(".live-responses-table tr.response")
    answer.wait_for()
    return answer
