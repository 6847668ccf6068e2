"""What strangers have said is shown as what it is: text."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database
from app.services.patients import patients
from app.services.people import add_person
from app.services.tags import tags
from tests.conftest import MakeCall
from tests.support.screens import Screen

MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
OVERRIDE = "\u202egnol"
LONG = "x" * 10_000


@pytest.fixture
def hostile(app: Flask, make_call: MakeCall) -> list[str]:
    """A call and a patient all of whose texts are markup; give the addresses that show them."""
    with database.write():
        tag = tags.create({"name": MARKUP})[1]
        values = {"first_name": MARKUP, "last_name": MARKUP, "tags": [tag["id"]]}
        patient = patients.create(values)[1]
    call_id = make_call(
        **{"summary": MARKUP, "notes": MARKUP, "transcript": f"AI: {MARKUP}\n{MARKUP}: x"},
        **{"customer_number": MARKUP, "type": MARKUP, "assistant_id": MARKUP},
        **{"ended_reason": MARKUP, "recording_url": f"https://x/{MARKUP}", "provider": MARKUP},
        **{"language": MARKUP, "patient_id": patient["id"]},
    )
    return [
        *("/queue", "/calls", f"/calls?assistant_id={MARKUP}&q={MARKUP}", f"/calls/{call_id}"),
        *("/patients", f"/patients/{patient['id']}", f"/patients/new?for_call={call_id}"),
        *("/figures?group_by=assistant_id", f"/queue?view={MARKUP}", f"/calls/{MARKUP}"),
        *(f"/calls?customer_number={MARKUP}", f"/calls?type={MARKUP}", f"/calls?{MARKUP}=1"),
    ]


def test_markup_is_text_wherever_it_is_shown(desk: FlaskClient, hostile: list[str]) -> None:
    for address in hostile:
        screen = Screen(desk, address)
        assert screen.status < 500, address
        assert not list(screen.root.all("img")), address
        assert [each.attrs["src"] for each in screen.root.all("script")] == ["/static/desk.js"]


def test_markup_in_forms_comes_back_as_text(desk: FlaskClient, make_call: MakeCall) -> None:
    call_id = make_call()
    after = Screen(desk, f"/calls/{call_id}").press("No answer")
    after = after.press("Choose a time", at=MARKUP, note=MARKUP)
    assert next(after.root.all("input", name="note")).value == MARKUP
    after = Screen(desk, f"/calls/{call_id}").press("Save", notes=MARKUP, category="x")
    assert next(after.root.all("textarea", name="notes")).value == MARKUP
    for path in ("/patients/new", "/calls/new"):
        screen = Screen(desk, path, method="POST", data={"last_name": MARKUP, "summary": MARKUP})
        assert not list(screen.root.all("img")), path


def test_every_page_forbids_what_is_not_ours(desk: FlaskClient, hostile: list[str]) -> None:
    for address in hostile:
        answer = desk.get(address)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert not re.search(r"\s(on\w+|style)=\"|<style|javascript:", strip(answer.text))


def strip(html: str) -> str:
    """Leave out what is escaped, which is text."""
    return re.sub(r"&[#\w]+;[^<]*", "", html)


@pytest.mark.parametrize("name", ["summary", "notes", "customer_number", "ended_reason", "type"])
def test_ten_thousand_characters_are_shown(
    desk: FlaskClient, make_call: MakeCall, name: str
) -> None:
    call_id = make_call(**{name: LONG})
    for address in ("/queue", "/calls", f"/calls/{call_id}"):
        assert Screen(desk, address).status == 200


def test_a_text_that_turns_the_line_round_turns_nothing_else(
    app: Flask, desk: FlaskClient, make_call: MakeCall
) -> None:
    with database.write():
        patient = patients.create({"last_name": OVERRIDE})[1]
    call_id = make_call(summary=OVERRIDE, patient_id=patient["id"])
    Screen(desk, f"/patients/{patient['id']}?for_call={call_id}").press("This patient has called")
    css = (Path(app.static_folder or "") / "desk.css").read_text()
    assert re.search(r"[^}]*\b(a|span|q)\b[^}]*\{[^}]*unicode-bidi: isolate", css)
    assert OVERRIDE in Screen(desk, "/queue").row(call_id).text


@pytest.mark.parametrize("name", [MARKUP, OVERRIDE, "a:b", LONG, "x\ny", "command"])
def test_no_person_is_called_so(app: Flask, name: str) -> None:
    if name == MARKUP:
        name = "<b>Ana</b>"
        assert add_person(name, "desk").name == name
        return
    with pytest.raises(Exception, match="name"):
        add_person(name, "desk")


def test_a_persons_name_is_text(app: Flask, desk: FlaskClient, make_call: MakeCall) -> None:
    add_person("<b>Ana</b>", "desk")
    call_id = make_call()
    after = Screen(desk, f"/calls/{call_id}").press("Give to <b>Ana</b>")
    assert "<b>Ana</b> has it" in after.text
    assert not [bold for bold in after.root.all("b") if bold.text == "Ana"]
