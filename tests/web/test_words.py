"""No page says a word that a receptionist would not, and every problem is a page with a way on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.models.people import Person
from app.services.sessions import start_session
from tests.conftest import MakeCall
from tests.support.application import application
from tests.support.front_desk import browser
from tests.support.screens import Screen

NEVER_SAID = re.compile(
    r"\b(ingest|pending|version|payload|follow.up.needed|null|uuid|params?|parameter|schema"
    r"|inbound\w*|outbound\w*|json|true|false|undefined|nan|[a-z]+_[a-z_]+"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-\S*)\b",
    re.I,
)
# Kinds of pages by their addresses: of each so many are looked at.
KINDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
OF_A_KIND = 12


@pytest.fixture
def kevin(demo_data: tuple[Path, str], tmp_path: Path) -> Iterator[FlaskClient]:
    """The browser of Kevin of the desk, at the demo's clinic."""
    (tmp_path / "clinic.db").write_bytes(demo_data[0].read_bytes())
    settings = {"CLINIC_TIMEZONE": "America/New_York", "CLINIC_HOURS": "Mon-Fri 08:00-18:00"}
    with application(tmp_path / "clinic.db", **settings) as app:
        client = browser(app)
        person = Person.get(Person.name == "Kevin Tran")
        client.set_cookie("clinic-session", start_session(person))
        yield client


def crawl(client: FlaskClient, start: str) -> Iterator[tuple[str, Screen]]:
    """Give every kind of page that links lead to."""
    waiting, seen, kinds = [start], {start}, dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        kind = KINDS.sub("*", address.split("?")[0])
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > OF_A_KIND:
            continue
        screen = Screen(client, address)
        yield address, screen
        for link in screen.root.all("a"):
            href = link.attrs.get("href", "").split("#")[0]
            if href.startswith("/") and href not in seen and not href.startswith("/docs"):
                seen.add(href)
                waiting.append(href)


def test_no_page_says_what_only_programs_say(kevin: FlaskClient) -> None:
    call_id = Screen(kevin, "/queue").call_ids[0]
    Screen(kevin, f"/calls/{call_id}").press("Take").press("Undo")
    Screen(kevin, f"/calls/{call_id}").press("Left message").press("Next Monday", note="Asked.")
    Screen(kevin, f"/calls/{call_id}").press("Save", sessions_scheduled="2", category="billing")
    looked_at = set()
    for address, screen in crawl(kevin, f"/calls/{call_id}"):
        looked_at.add(KINDS.sub("*", address.split("?")[0]))
        assert screen.status == 200, address
        assert not (found := NEVER_SAID.search(said(screen))), (address, found)
        assert not re.search(r"\bNone\b(?! given)", screen.text), address
    assert {"/queue", "/calls", "/calls/*", "/calls/new", "/patients/*", "/figures"} <= looked_at


def said(screen: Screen) -> str:
    """Give what the page says: what people and assistants have said is theirs."""
    theirs = {element.text for element in screen.root.all("span")}
    options = [option.text for option in screen.root.all("option")]
    labels = [e.attrs["aria-label"] for e in screen.root.all() if "aria-label" in e.attrs]
    text = screen.text
    for part in sorted(theirs, key=len, reverse=True):
        if len(part) > 30:
            text = text.replace(part, "")
    return " ".join((text, *options, *labels))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/undo", 405),
        ("GET", "/queue/close", 405),
        ("PUT", "/queue", 405),
        ("DELETE", "/calls", 405),
        ("PATCH", "/patients/new", 405),
        ("GET", "/calls/none", 404),
        ("POST", "/calls/none", 404),
        ("GET", "/patients/none", 404),
        ("POST", "/patients/none", 404),
        ("GET", "/queue?view=none", 404),
        ("GET", "/calls?page=x", 422),
        ("GET", "/patients?limit=x", 422),
        ("GET", "/figures?group_by=x", 422),
        ("GET", "/calls.csv", 403),
        ("POST", "/queue/close", 403),
    ],
)
def test_every_problem_is_a_page_in_plain_words(
    desk: FlaskClient, method: str, path: str, status: int
) -> None:
    data = {"do": "done", "last_name": "Li"} if method == "POST" else None
    screen = Screen(desk, path, method=method, data=data)
    assert (screen.status, screen.answer.mimetype) == (status, "text/html")
    assert not (found := NEVER_SAID.search(screen.text)), found
    assert list(screen.root.all("a", href="/queue"))
    assert screen.answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/calls", "/calls/new", "/patients", "/patients/new", "/undo"])
def test_what_is_too_long_is_a_page(desk: FlaskClient, path: str) -> None:
    screen = Screen(desk, path, method="POST", data={"summary": "x" * 3_000_000})
    assert screen.status == 413
    assert "too long" in screen.text


def test_a_note_that_is_too_long_is_a_page(desk: FlaskClient, make_call: MakeCall) -> None:
    screen = Screen(desk, f"/calls/{make_call()}").press("Save", notes="x" * 3_000_000)
    assert (screen.status, "That is too much" in screen.text) == (413, True)
