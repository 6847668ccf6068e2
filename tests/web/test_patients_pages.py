"""/patients: found, added, changed, with their tags and the calls that wait."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.instants import now_ms
from app.models.base import Row
from app.models.engine import database
from app.services import desk as acts
from app.services.patients import patients
from app.services.tags import tags
from tests.conftest import MakeCall
from tests.support.desk import now
from tests.support.screens import Element, Screen


@pytest.fixture
def ana(app: Flask) -> Row:
    with database.write():
        knee, early = (tags.create({"name": name})[1]["id"] for name in ("knee", "early"))
        values = {
            **{"first_name": "Ana", "last_name": "Okafor", "date_of_birth": "1980-02-03"},
            **{"phone_number": "+12125550123", "email": "ana@mail.example"},
            "tags": [knee, early],
        }
        return patients.create(values)[1]


def page(client: FlaskClient, row: Row) -> Screen:
    return Screen(client, f"/patients/{row['id']}")


def cells(screen: Screen) -> list[list[str]]:
    (body,) = screen.root.all("tbody")
    return [[cell.text for cell in row.all("td")] for row in body.all("tr")]


@pytest.mark.parametrize(
    "query", ["q=oka", "q=ana@mail", "q=555-0123", "phone_number=2125550123", ""]
)
def test_a_patient_is_found(desk: FlaskClient, ana: Row, query: str) -> None:
    screen = Screen(desk, f"/patients?{query}")
    assert cells(screen) == [
        ["Okafor, Ana", "(212) 555-0123", "ana@mail.example", "February 3, 1980", "knee, early", ""]
    ]


def test_nobody_like_that_is_told(desk: FlaskClient, ana: Row) -> None:
    assert "Nobody like that" in Screen(desk, "/patients?q=smith").text


def test_by_tag(desk: FlaskClient, ana: Row) -> None:
    with database.write():
        patients.create({"last_name": "Smith"})
    assert len(cells(Screen(desk, f"/patients?tags[]={ana['tags'][0]}"))) == 1


def test_calls_that_wait_are_counted(desk: FlaskClient, make_call: MakeCall, ana: Row) -> None:
    _, flagged, done, later = (make_call(patient_id=ana["id"]) for _ in range(4))
    acts.flag(flagged, 1)
    acts.done(done, 1)
    acts.attempt(later, 1, "no_answer", due_at=now_ms() + 3_600_000)
    assert cells(Screen(desk, "/patients"))[0][-1] == "2"
    assert "4 calls, 2 still waiting" in page(desk, ana).text


def test_a_patient_is_added(desk: FlaskClient) -> None:
    typed = {"last_name": " Li ", "phone_number": "212 555 0123", "new_tag": "knee"}
    after = Screen(desk, "/patients/new").press("Save", **typed)
    assert "Saved." in after.text
    (row,) = patients.all_rows()
    assert (row["last_name"], row["phone_number"]) == ("Li", "+12125550123")
    assert tags.names(row["tags"]) == ["knee"]


def test_saved_as_it_was_changes_nothing(desk: FlaskClient, ana: Row) -> None:
    page(desk, ana).press("Save")
    assert patients.get(ana["id"])["version"] == 1


def test_a_change_can_be_undone(desk: FlaskClient, ana: Row) -> None:
    after = page(desk, ana).press("Save", last_name="Bose")
    assert patients.get(ana["id"])["last_name"] == "Bose"
    after.press("Undo")
    assert patients.get(ana["id"])["last_name"] == "Okafor"


def test_a_known_tag_is_taken_by_its_name(desk: FlaskClient, ana: Row) -> None:
    Screen(desk, "/patients/new").press("Save", last_name="Li", new_tag="KNEE")
    assert [tag["name"] for tag in tags.all_rows()] == ["early", "knee"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"last_name": ""}, "Last name must not be blank."),
        ({"last_name": "x" * 201}, "Last name must have at most 200 characters."),
        ({"email": "nobody"}, "The e-mail address is not written as one."),
        ({"date_of_birth": "2990-01-01"}, "The date of birth must be a day"),
        ({"date_of_birth": "soon"}, "The date of birth must be a day"),
        ({"new_tag": "x" * 101}, "The new tag must have at most 100 characters."),
        ({"tags": "6018366c-f658-47a7-9ed3-4fe53a096533"}, "A tag was taken away meanwhile."),
        ({"tags": "x"}, "A tag was taken away meanwhile."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    desk: FlaskClient, ana: Row, typed: dict[str, str], words: str
) -> None:
    for start in (Screen(desk, "/patients/new"), page(desk, ana)):
        after = start.press("Save", **{"last_name": "Li", "first_name": "Kept", **typed})
        assert (after.status, words in after.text) == (422, True)
        assert next(after.root.all("input", name="first_name")).value == "Kept"
    assert [row["version"] for row in patients.all_rows()] == [1]


def test_a_refused_patient_leaves_no_new_tag(desk: FlaskClient) -> None:
    Screen(desk, "/patients/new").press("Save", last_name="Li", email="x", new_tag="new")
    assert list(tags.all_rows()) == []


def test_what_a_colleague_changed_is_shown_and_not_overwritten(
    desk: FlaskClient, manager: FlaskClient, ana: Row
) -> None:
    seen = page(desk, ana)
    page(manager, ana).press("Save", email="new@mail.example", first_name="Anna")
    after = seen.press("Save", first_name="Anita")
    assert after.status == 409
    assert "Dana Whitfield changed" in after.text
    assert "The first name is now: “Anna”." in after.text
    assert value(after, "first_name") == "Anita"
    assert value(after, "email") == "new@mail.example"
    after.press("Save")
    row = patients.get(ana["id"])
    assert (row["first_name"], row["email"]) == ("Anita", "new@mail.example")


def value(screen: Screen, name: str) -> str:
    found: Element = next(screen.root.all("input", name=name))
    return found.value


# ---- Who has called ----


def test_a_new_patient_is_linked_to_the_call(desk: FlaskClient, make_call: MakeCall) -> None:
    call_id = make_call(customer_number="+12125550123")
    new = Screen(desk, f"/patients/new?for_call={call_id}")
    assert value(new, "phone_number") == "(212) 555-0123"
    after = new.press("Save", last_name="Li")
    (row,) = patients.all_rows()
    assert (after.path.split("?")[0], now(call_id, "patient_id")) == (
        f"/calls/{call_id}",
        row["id"],
    )
    after.press("Undo")
    assert now(call_id, "patient_id") is None


def test_a_call_that_a_colleague_linked_meanwhile_keeps_its_patient(
    desk: FlaskClient, manager: FlaskClient, make_call: MakeCall, ana: Row
) -> None:
    call_id = make_call(customer_number="+12125550999")
    new = Screen(desk, f"/patients/new?for_call={call_id}")
    Screen(manager, f"/patients/{ana['id']}?for_call={call_id}").press("This patient has called")
    after = new.press("Save", last_name="Li")
    assert after.status == 409
    assert "Dana Whitfield said who called: Ana Okafor" in after.text
    assert value(after, "last_name") == "Li"
    assert (now(call_id, "patient_id"), len(list(patients.all_rows()))) == (ana["id"], 1)


def test_a_patient_is_chosen_for_a_call_and_taken_away_again(
    desk: FlaskClient, make_call: MakeCall, ana: Row
) -> None:
    call_id = make_call()
    found = Screen(desk, f"/patients?for_call={call_id}")
    (link,) = (link for link in found.root.all("a") if link.text == "Okafor, Ana")
    after = Screen(desk, link.attrs["href"]).press("This patient has called")
    assert now(call_id, "patient_id") == ana["id"]
    after.press("It is somebody else")
    assert now(call_id, "patient_id") is None


def test_who_has_the_calls_number_is_proposed(
    desk: FlaskClient, make_call: MakeCall, ana: Row
) -> None:
    with database.write():
        patients.create({"last_name": "Okafor", "phone_number": "+12125550123"})
    call_id = make_call(customer_number="+12125550123")
    Screen(desk, f"/calls/{call_id}").press("It is Ana Okafor")
    assert now(call_id, "patient_id") == ana["id"]


@pytest.mark.parametrize("path", ["/patients/x", "/patients/new?for_call=x", "/patients?page=0"])
def test_a_wrong_address_is_a_page(desk: FlaskClient, path: str) -> None:
    screen = Screen(desk, path)
    assert screen.status in (404, 422)
    assert screen.answer.mimetype == "text/html"
