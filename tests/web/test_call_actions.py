"""What the buttons of a call do, pressed as without script, and what becomes of conflicts."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.instants import now_ms
from app.services import desk as acts
from app.services.calls import calls
from tests.conftest import MakeCall
from tests.support.clock import Clock
from tests.support.desk import now
from tests.support.front_desk import signed_in
from tests.support.screens import Screen, buttons

NUMBER = "+12125550123"
NEW_YORK = ZoneInfo("America/New_York")
ROW = {"X-Part": "row"}


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> dict[str, str]:
    hours = getattr(request, "param", "")
    return {
        "CLINIC_TIMEZONE": "America/New_York",
        "CLINIC_HOURS": hours,
        "VAPI_WEBHOOK_SECRET": "secret",
    }


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.now = datetime(2026, 11, 20, 16, 0, tzinfo=NEW_YORK).timestamp()  # a Friday
    monkeypatch.setattr("app.instants.time", clock)
    return clock


@pytest.fixture
def call(make_call: MakeCall) -> str:
    return make_call(customer_number=NUMBER)


@pytest.fixture
def colleague(manager: FlaskClient) -> FlaskClient:
    """Dana's browser, beside that of Sam."""
    return manager


def page(client: FlaskClient, call_id: str) -> Screen:
    return Screen(client, f"/calls/{call_id}")


def test_each_button_does_what_it_says(desk: FlaskClient, call: str) -> None:
    seen = []
    for name in ("Flag", "Unflag", "Take", "Release", "Done", "Open again", "Reached"):
        assert page(desk, call).press(name).status == 200
        seen.append(now(call, "status", "assignee", "attempts"))
    assert seen == [
        ("follow_up_needed", None, 0),
        ("pending", None, 0),
        ("pending", "Sam Ortiz", 0),
        ("pending", None, 0),
        ("done", None, 0),
        ("pending", None, 0),
        ("pending", None, 1),
    ]


def test_a_page_has_the_buttons_that_make_sense(
    desk: FlaskClient, colleague: FlaskClient, call: str
) -> None:
    open_one = ["Done", "No answer", "Take", "Flag", "Left message", "Reached"]
    assert buttons(page(desk, call).row(call))[:6] == open_one
    page(colleague, call).press("Take")
    assert "Take over" in buttons(page(desk, call).row(call))
    page(desk, call).press("Done")
    assert buttons(page(desk, call).row(call))[0] == "Open again"


def test_done_keeps_who_had_it_and_clears_the_time(desk: FlaskClient, call: str) -> None:
    page(desk, call).press("Take")
    page(desk, call).press("No answer").press("In 2 hours")
    page(desk, call).press("Done")
    assert now(call, "status", "assignee", "due_at") == ("done", "Sam Ortiz", None)


def test_gives_to_a_colleague_by_name(desk: FlaskClient, colleague: FlaskClient, call: str) -> None:
    page(desk, call).press("Give to Dana Whitfield")
    assert now(call, "assignee") == "Dana Whitfield"
    assert "Dana Whitfield has it" in page(desk, call).text


def test_nobody_is_given_to_who_does_not_sign_in_here(desk: FlaskClient, call: str) -> None:
    answer = desk.post(f"/calls/{call}", data={"give": "Nobody Known", "version": "1"})
    assert answer.status_code == 422
    assert "That person no longer signs in here." in answer.text
    assert now(call, "assignee", "version") == (None, 1)


# ---- When to try again ----


@pytest.mark.parametrize(
    ("settings", "name", "due"),
    [
        ("", "In 2 hours", "2026-11-20 18:00"),
        ("", "Tomorrow morning", "2026-11-21 09:00"),
        ("", "Next Monday", "2026-11-23 09:00"),
        ("Mon-Fri 08:30-18:00", "Tomorrow morning", "2026-11-23 08:30"),
        ("Mon-Fri 08:30-18:00, Sat 10:00-12:00", "Tomorrow morning", "2026-11-21 10:00"),
        ("Tue-Fri 08:00-18:00", "Next Monday", "2026-11-24 08:00"),
        ("", "Only note it", None),
    ],
    indirect=["settings"],
)
@pytest.mark.parametrize("outcome", ["No answer", "Left message"])
def test_one_press_records_attempt_and_time(
    app: Flask,
    clock: Clock,
    desk: FlaskClient,
    make_call: MakeCall,
    outcome: str,
    name: str,
    due: str | None,
) -> None:
    call_id = make_call()
    page(desk, call_id).press(outcome).press(name, note="Machine.")
    due_at, attempts = now(call_id, "due_at", "attempts")
    found = datetime.fromtimestamp(due_at / 1000, NEW_YORK) if due_at else None
    assert (f"{found:%Y-%m-%d %H:%M}" if found else None, attempts) == (due, 1)
    assert "Machine." in page(desk, call_id).text


def test_on_a_monday_the_next_one_is_in_a_week(app: Flask, clock: Clock, call: str) -> None:
    clock.now += 3 * 86_400
    desk = signed_in(app, "Kim Lee", "desk")
    page(desk, call).press("No answer").press("Next Monday")
    assert now(call, "due_at") == datetime(2026, 11, 30, 9, tzinfo=NEW_YORK).timestamp() * 1000


def test_a_time_may_be_chosen(clock: Clock, desk: FlaskClient, call: str) -> None:
    page(desk, call).press("Left message").press("Choose a time", at="2026-12-01T10:15")
    due = datetime(2026, 12, 1, 10, 15, tzinfo=NEW_YORK)
    assert now(call, "due_at") == due.timestamp() * 1000


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-20T15:59", "Choose a time that is still to come."),
        ("", "Choose a date and a time."),
        ("soon", "Choose a date and a time."),
        ("9" * 500, "Choose a date and a time."),
    ],
)
def test_a_wrong_time_changes_nothing_and_keeps_the_note(
    clock: Clock, desk: FlaskClient, call: str, at: str, words: str
) -> None:
    asked = page(desk, call).press("No answer")
    after = asked.press("Choose a time", at=at, note="With her son.")
    assert (after.status, words in after.text) == (422, True)
    assert next(after.root.all("input", name="note")).value == "With her son."
    assert now(call, "version", "attempts") == (1, 0)


def test_a_script_is_told_of_a_wrong_time_in_a_sentence(desk: FlaskClient, call: str) -> None:
    data = {"do": "no_answer", "when": "at", "at": "1999-01-01T10:00", "version": "1"}
    answer = desk.post(f"/calls/{call}", data=data, headers=ROW)
    assert answer.status_code == 422
    assert answer.text == '<p class="problem" role="alert">Choose a time that is still to come.</p>'


def test_a_note_has_an_end(desk: FlaskClient, call: str) -> None:
    after = page(desk, call).press("No answer").press("Only note it", note="x" * 2001)
    assert "The note must have at most 2000 characters." in after.text
    assert now(call, "attempts") == 0


def test_what_is_put_off_comes_back_when_its_time_has_come(
    app: Flask, clock: Clock, desk: FlaskClient, call: str
) -> None:
    page(desk, call).press("No answer").press("In 2 hours")
    assert call not in Screen(desk, "/queue").call_ids
    assert call in Screen(desk, "/queue?view=later").call_ids
    clock.now += 2 * 3600
    desk = signed_in(app, "Kim Lee", "desk")
    assert call in Screen(desk, "/queue").call_ids


def test_what_is_put_off_comes_back_when_the_number_rings_again(
    desk: FlaskClient, anonymous: FlaskClient, call: str
) -> None:
    page(desk, call).press("Left message").press("Tomorrow morning")
    due_at = now(call, "due_at")
    message = {"type": "end-of-call-report", "call": {"id": "x", "customer": {"number": NUMBER}}}
    text = json.dumps({"message": message | {"endedReason": "customer-ended-call"}})
    headers = {"X-Vapi-Secret": "secret", "Content-Type": "application/json"}
    assert anonymous.post("/v1/ingest/vapi", data=text, headers=headers).status_code == 200
    assert call in Screen(desk, "/queue").call_ids
    assert now(call, "due_at") == due_at


# ---- All of one caller ----


def test_done_for_all_is_one_action_that_is_undone_as_one(
    desk: FlaskClient, make_call: MakeCall
) -> None:
    ids = [make_call(customer_number=NUMBER) for _ in range(3)]
    after = page(desk, ids[0]).press("Done for all 3")
    assert "Done for all." in after.text
    assert [now(call_id, "status") for call_id in ids] == ["done"] * 3
    after.press("Undo")
    assert [now(call_id, "status") for call_id in ids] == ["pending"] * 3


def test_done_for_all_does_all_or_nothing_and_says_who_was_faster(
    desk: FlaskClient, colleague: FlaskClient, make_call: MakeCall
) -> None:
    ids = [make_call(customer_number=NUMBER) for _ in range(2)]
    seen = page(desk, ids[0])
    page(colleague, ids[1]).press("Flag")
    after = seen.press("Done for all 2")
    assert after.status == 409
    assert "Another of these calls: Dana Whitfield flagged it" in after.text
    assert [now(call_id, "status") for call_id in ids] == ["pending", "follow_up_needed"]


def test_done_for_all_needs_others(desk: FlaskClient, call: str) -> None:
    assert not [name for name in buttons(page(desk, call).root) if name.startswith("Done for")]


# ---- Undo ----


def test_undo_goes_back_step_by_step_without_script(desk: FlaskClient, call: str) -> None:
    for name in ("Take", "Flag", "Done"):
        after = page(desk, call).press(name)
    seen = []
    for _ in range(3):
        after = after.press("Undo")
        seen.append(now(call, "status", "assignee"))
    assert seen == [("follow_up_needed", "Sam Ortiz"), ("pending", "Sam Ortiz"), ("pending", None)]
    assert "Undo" not in buttons(after.root)


def test_undo_stands_on_the_calls_page_too(desk: FlaskClient, call: str) -> None:
    after = page(desk, call).press("Done")
    after = after.press("Undo", call)
    assert "Undone." in after.text
    assert now(call, "status") == "pending"


def test_undo_twice_says_that_there_is_nothing_any_more(desk: FlaskClient, call: str) -> None:
    after = page(desk, call).press("Done")
    after.press("Undo")
    assert "There was nothing to undo any more." in after.press("Undo").text


def test_undo_of_nothing_is_a_page(desk: FlaskClient) -> None:
    screen = Screen(desk, "/undo", method="POST")
    assert (screen.status, "There is nothing to undo." in screen.text) == (404, True)


def test_undo_is_refused_where_a_colleague_has_changed_it_since(
    desk: FlaskClient, colleague: FlaskClient, call: str
) -> None:
    after = page(desk, call).press("Flag")
    page(colleague, call).press("Done")
    refused = after.press("Undo")
    assert refused.status == 409
    assert "Dana Whitfield set it done" in refused.text
    assert now(call, "status") == "done"


def test_a_refused_undo_gives_a_script_the_row_as_it_is(
    desk: FlaskClient, colleague: FlaskClient, call: str
) -> None:
    page(desk, call).press("Flag")
    act = acts_of(desk, call)
    page(colleague, call).press("Done")
    answer = desk.post(f"/calls/{call}", data={"do": f"undo-{act}"}, headers=ROW)
    assert answer.status_code == 409
    assert f'data-call-id="{call}"' in answer.text
    assert "Open again" in answer.text


def acts_of(client: FlaskClient, call_id: str) -> str:
    """Give the number of the last action of a browser at a call."""
    version = now(call_id, "version")
    data = {"do": "take", "version": str(version)}
    text = client.post(f"/calls/{call_id}", data=data, headers=ROW).text
    client.post(f"/calls/{call_id}", data={"do": "undo-" + text.split("undo-")[1].split('"')[0]})
    return str(int(text.split("undo-")[1].split('"')[0]) - 1)


def test_what_changed_nothing_offers_no_undo_of_something_else(
    desk: FlaskClient, make_call: MakeCall, call: str
) -> None:
    other = make_call()
    page(desk, other).press("Done")
    page(desk, call).press("Flag")
    version = str(now(call, "version"))
    answer = desk.post(f"/calls/{call}", data={"do": "flag", "version": version}, headers=ROW)
    assert answer.status_code == 200
    assert "undo-" not in answer.text


def test_an_undone_attempt_no_longer_counts(desk: FlaskClient, call: str) -> None:
    page(desk, call).press("Reached").press("Undo")
    assert now(call, "attempts") == 0
    assert "You took back: an attempt" in page(desk, call).text


# ---- Conflicts ----

BUTTONS = {
    "done": {},
    "flag": {},
    "unflag": {},
    "open": {},
    "take": {},
    "release": {},
    "save": {"notes": "Mine."},
    "link": {"patient_id": ""},
    "done_all": {},
    "no_answer": {"when": "2h"},
    "left_message": {"when": "none"},
    "reached": {},
}


@pytest.mark.parametrize("name", BUTTONS)
def test_every_button_is_refused_on_an_old_version(
    desk: FlaskClient, colleague: FlaskClient, call: str, name: str
) -> None:
    page(colleague, call).press("Take")
    data = {"do": name, "version": "1", **BUTTONS[name]}
    as_page, as_row = (
        desk.post(f"/calls/{call}", data=data, headers=headers) for headers in ({}, ROW)
    )
    for answer in (as_page, as_row):
        assert (answer.status_code, "Dana Whitfield took it" in answer.text) == (409, True)
    assert f'data-call-id="{call}"' in as_row.text
    assert now(call, "assignee", "version") == ("Dana Whitfield", 2)


def test_what_was_typed_stays_and_what_was_not_touched_is_as_it_is_now(
    desk: FlaskClient, colleague: FlaskClient, call: str
) -> None:
    seen = page(desk, call)
    page(colleague, call).press("Save", status="done")
    after = seen.press("Save", notes="Rings back.")
    form = next(after.root.all("form", id="decide"))
    assert next(form.all("textarea")).value == "Rings back."
    assert next(form.all("select", name="status")).value == "done"
    after.press("Save")
    assert now(call, "status", "notes") == ("done", "Rings back.")


def test_what_both_have_typed_is_shown_in_both_ways(
    desk: FlaskClient, colleague: FlaskClient, call: str
) -> None:
    seen = page(desk, call)
    page(colleague, call).press("Save", notes="Hers.")
    after = seen.press("Save", notes="His.")
    assert "Dana Whitfield changed notes" in after.text
    assert "The notes are now: “Hers.”" in after.text
    assert next(after.root.all("textarea")).value == "His."
    assert now(call, "notes") == "Hers."


def test_save_changes_only_what_was_touched(desk: FlaskClient, make_call: MakeCall) -> None:
    call_id = make_call(category="billing", notes=" One line,\nanother. ")
    page(desk, call_id).press("Save", notes="One line,\r\nanother.")
    assert now(call_id, "version") == 1
    page(desk, call_id).press("Save", sessions_scheduled="2")
    assert now(call_id, "sessions_scheduled", "version") == (2, 2)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"sessions_scheduled": "two"}, "Sessions booked must be a whole number."),
        ({"category": "x"}, "Choose what it was about from the list."),
        ({"status": "x"}, "Choose a status from the list."),
        ({"notes": "a\0"}, "Notes must not hold"),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    desk: FlaskClient, call: str, typed: dict[str, str], words: str
) -> None:
    after = page(desk, call).press("Save", **{"notes": "Kept.", **typed})
    assert (after.status, words in after.text) == (422, True)
    assert now(call, "version") == 1


@pytest.mark.parametrize("do", ["", "x", "undo-x", "undo-" + "9" * 40, "done-1"])
def test_an_unknown_button_is_a_page(desk: FlaskClient, call: str, do: str) -> None:
    answer = desk.post(f"/calls/{call}", data={"do": do, "version": "1"})
    assert answer.status_code in (303, 404, 409, 422)
    assert calls.get(call)["version"] in (1, 2)


def test_where_one_is_led_tells_nothing_of_a_patient(desk: FlaskClient, call: str) -> None:
    version, back = "1", "/calls?q=Okafor"
    data = {"do": "done", "version": version, "back": "/queue?view=flagged&said=done&act=1"}
    led = desk.post(f"/calls/{call}", data=data).headers["Location"]
    assert led.startswith("/queue?view=flagged&said=done&act=")
    answer = desk.post(f"/calls/{call}", data=data | {"version": "2", "do": "open", "back": back})
    assert "Okafor" not in answer.headers["Location"]


def test_a_call_that_was_deleted_meanwhile_is_a_page(desk: FlaskClient, call: str) -> None:
    seen = page(desk, call)
    calls.remove(call)
    after = seen.press("Done")
    assert (after.status, "There is nothing here" in after.text) == (404, True)


def test_a_later_time_is_not_touched_by_flagging(desk: FlaskClient, call: str) -> None:
    acts.attempt(call, 1, "no_answer", due_at=now_ms() + 3_600_000)
    page(desk, call).press("Flag")
    assert call in Screen(desk, "/queue?view=later").call_ids
