"""/queue: its counts, its order, what a row says, and what has come meanwhile."""

import time

import pytest
from flask.testing import FlaskClient

from app.instants import now_ms
from app.models.engine import database
from app.services import desk as acts
from app.services.calls import calls
from app.services.patients import patients
from tests.conftest import MakeCall
from tests.support.screens import Screen, buttons

HOUR = 3_600_000


@pytest.fixture
def settings() -> dict[str, str]:
    return {"CLINIC_TIMEZONE": "America/New_York"}


def wait(make_call: MakeCall, hours: float, **values: object) -> str:
    """Store a call that has waited for hours."""
    at = now_ms() - int(hours * HOUR)
    return make_call(started_at=at, created_at=at, **values)


def counts(screen: Screen) -> list[str]:
    return [link.text for link in next(screen.root.all("ul", **{"class": "counts"})).all("a")]


def test_four_counts_head_it_each_a_link(desk: FlaskClient, make_call: MakeCall) -> None:
    wait(make_call, 3, status="follow_up_needed")
    done, later, _ = (wait(make_call, 2) for _ in range(3))
    acts.done(done, 1)
    acts.attempt(later, 1, "no_answer", due_at=now_ms() + HOUR)
    screen = Screen(desk, "/queue")
    assert counts(screen) == ["2 waiting", "1 flagged", "1 later", "1 done today"]
    links = [Screen(desk, f"/queue?view={view}") for view in ("flagged", "later", "done_today")]
    assert [len(link.call_ids) for link in links] == [1, 1, 1]


def test_flagged_come_first_each_part_oldest_first(desk: FlaskClient, make_call: MakeCall) -> None:
    late, early = wait(make_call, 1), wait(make_call, 5)
    late_flag = wait(make_call, 2, status="follow_up_needed")
    early_flag = wait(make_call, 3, status="follow_up_needed")
    assert Screen(desk, "/queue").call_ids == [early_flag, late_flag, early, late]


def test_fifty_rows_and_more(desk: FlaskClient, make_call: MakeCall) -> None:
    ids = [wait(make_call, 100 - n) for n in range(52)]
    first = Screen(desk, "/queue")
    (more,) = (link for link in first.root.all("a") if link.text == "More")
    assert (first.call_ids, Screen(desk, more.attrs["href"]).call_ids) == (ids[:50], ids[50:])


def test_a_row_says_how_long_who_how_often_and_why(desk: FlaskClient, make_call: MakeCall) -> None:
    number = {"customer_number": "+12125550123"}
    wait(make_call, 30, **number)
    wait(make_call, 5, **number)
    call_id = wait(make_call, 2.5, summary="Wants an\nappointment.", **number)
    row = Screen(desk, "/queue").row(call_id).text
    for words in ("2 hours", "(212) 555-0123", "2nd call in 24 hours", "Wants an appointment."):
        assert words in row


def test_a_row_names_the_patient_and_who_has_it(desk: FlaskClient, make_call: MakeCall) -> None:
    with database.write():
        patient = patients.create({"last_name": "Okafor", "first_name": "Ana"})[1]
    mine = wait(make_call, 1, patient_id=patient["id"])
    Screen(desk, f"/calls/{mine}").press("Take")
    row = Screen(desk, "/queue").row(mine).text
    assert "Ana Okafor" in row
    assert "You have it" in row


def test_who_withholds_the_number_is_no_blank(desk: FlaskClient, make_call: MakeCall) -> None:
    call_id = wait(make_call, 1)
    row = Screen(desk, "/queue").row(call_id)
    assert "Number withheld" in row.text
    assert "Nothing is known of what was said." in row.text


def test_buttons_have_their_names_and_say_whose_they_are(
    desk: FlaskClient, make_call: MakeCall
) -> None:
    call_id = wait(make_call, 1)
    row = Screen(desk, "/queue").row(call_id)
    assert buttons(row) == ["Done", "No answer", "More"]
    name = next(row.all("a")).attrs["id"]
    assert {button.attrs["aria-describedby"] for button in row.all("button")} == {name}


def test_done_can_be_opened_again(desk: FlaskClient, make_call: MakeCall) -> None:
    call_id = wait(make_call, 1)
    Screen(desk, "/queue").press("Done", call_id)
    after = Screen(desk, "/queue?view=done_today").press("Open again", call_id)
    assert "Open again." in after.text
    assert calls.get(call_id)["status"] == "pending"


def test_who_is_flagged_is_told_by_a_word(desk: FlaskClient, make_call: MakeCall) -> None:
    call_id = wait(make_call, 1, status="follow_up_needed")
    assert "Flagged" in Screen(desk, "/queue").row(call_id).text


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("waiting", "No call has come in yet"),
        ("flagged", "Nothing is flagged"),
        ("later", "Nothing is put off"),
        ("done_today", "Nothing is done yet today"),
    ],
)
def test_an_empty_view_says_so(desk: FlaskClient, view: str, words: str) -> None:
    assert words in Screen(desk, f"/queue?view={view}").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("view=x", 404),
        ("after=x", 422),
        ("after=open.9.x", 200),
        ("view=later&after=open.1.x", 422),
    ],
)
def test_a_wrong_address_is_a_page(desk: FlaskClient, query: str, status: int) -> None:
    screen = Screen(desk, f"/queue?{query}")
    assert (screen.status, screen.answer.mimetype) == (status, "text/html")


# ---- What has come meanwhile ----


def news_of(screen: Screen) -> str:
    return next(screen.root.all("div", id="news")).attrs["data-ask"]


def test_news_are_new_calls_and_what_others_changed(
    desk: FlaskClient, manager: FlaskClient, make_call: MakeCall
) -> None:
    first, second = wait(make_call, 2), wait(make_call, 1)
    screen = Screen(desk, "/queue")
    wait(make_call, 0)
    Screen(manager, "/queue").press("Done", first)
    screen.press("Done", second)
    assert desk.get(news_of(screen)).get_json() == {"new": 1, "changed": 1}


def test_a_call_whose_time_has_come_is_news(
    desk: FlaskClient, make_call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts.attempt(wait(make_call, 1), 1, "no_answer", due_at=now_ms() + 60_000)
    asked = news_of(Screen(desk, "/queue"))
    assert desk.get(asked).get_json() == {"new": 0, "changed": 0}
    soon = time.time() + 61
    monkeypatch.setattr("app.instants.time", lambda: soon)
    assert desk.get(asked).get_json() == {"new": 1, "changed": 0}


def test_while_nothing_changes_it_is_not_answered_again(
    desk: FlaskClient, make_call: MakeCall
) -> None:
    asked = news_of(Screen(desk, "/queue"))
    known = {"If-None-Match": desk.get(asked).headers["ETag"]}
    assert desk.get(asked, headers=known).status_code == 304
    wait(make_call, 0)
    assert desk.get(asked, headers=known).status_code == 200


@pytest.mark.parametrize("since", ["", "x", "1.2", "9" * 40 + ".1.1"])
def test_a_mark_that_is_none_is_refused(desk: FlaskClient, since: str) -> None:
    asked = desk.get(f"/queue/news?since={since}", headers={"Accept": "application/json"})
    assert asked.status_code == 422


# ---- Closing old calls ----


def test_a_manager_closes_old_calls_and_takes_it_back(
    manager: FlaskClient, make_call: MakeCall
) -> None:
    old, fresh = wait(make_call, 100), wait(make_call, 0)
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 2 * 86_400))
    closed = Screen(manager, "/queue").press("Close them", before=day)
    assert "The calls are closed." in closed.text
    assert [calls.get(call_id)["status"] for call_id in (old, fresh)] == ["done", "pending"]
    closed.press("Undo")
    assert calls.get(old)["status"] == "pending"


def test_closing_nothing_offers_no_undo_of_something_else(
    manager: FlaskClient, make_call: MakeCall
) -> None:
    call_id, _ = wait(make_call, 0), wait(make_call, 0)
    Screen(manager, "/queue").press("Done", call_id)
    after = Screen(manager, "/queue").press("Close them", before="1999-01-01")
    assert "There was no open call before that day." in after.text
    assert "Undo" not in buttons(after.root)


def test_the_desk_closes_no_old_calls(desk: FlaskClient, make_call: MakeCall) -> None:
    wait(make_call, 100)
    assert "Close them" not in buttons(Screen(desk, "/queue").root)
    assert desk.post("/queue/close", data={"before": "2040-01-01"}).status_code == 403


def test_a_day_that_is_none_closes_nothing(manager: FlaskClient, make_call: MakeCall) -> None:
    wait(make_call, 100)
    after = Screen(manager, "/queue").press("Close them", before="soon")
    assert (after.status, "Choose a day" in after.text) == (422, True)
