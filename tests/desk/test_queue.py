"""The queue: which calls stand in which view, in which order, and what is new there."""

from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.instants import now_ms
from app.models.engine import database
from app.problems import Problem
from app.services import desk, queue
from app.services.calls import calls
from app.services.drafts import Draft
from app.services.history import Actor, acting
from app.services.patients import patients
from tests.conftest import MakeCall
from tests.desk.conftest import NOON
from tests.support.desk import BEN, now

HOUR = 3_600_000
SOON = now_ms() + HOUR


def ids(view: str = "waiting") -> list[str]:
    return [row["id"] for row in queue.list_queue(view).rows]


def counted() -> tuple[int, ...]:
    found = queue.counts()
    return (found.waiting, found.flagged, found.later, found.done_today)


def test_flagged_come_first_each_oldest_first(me: Actor, make_call: MakeCall) -> None:
    old, new = make_call(started_at=NOON), make_call(started_at=NOON + 2 * HOUR)
    flagged = [
        make_call(started_at=NOON + hour * HOUR, status="follow_up_needed") for hour in (3, 1)
    ]
    make_call(started_at=NOON, status="done")
    assert ids() == [flagged[1], flagged[0], old, new]
    assert ids("flagged") == [flagged[1], flagged[0]]
    assert counted() == (4, 2, 0, 0)


def test_what_waits_for_its_time_is_in_later_by_its_time(three: list[str]) -> None:
    desk.attempt(three[0], 1, "no_answer", due_at=SOON + HOUR)
    desk.flag(three[1], 1)
    desk.attempt(three[1], 2, "no_answer", due_at=SOON)
    assert ids("later") == [three[1], three[0]]
    assert (ids(), ids("flagged")) == ([three[2]], [])
    assert counted() == (1, 0, 2, 0)


def test_comes_back_when_its_time_has_come(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.attempt(call, 1, "no_answer", due_at=SOON)
    before = queue.version()
    monkeypatch.setattr("app.services.queue.now_ms", lambda: SOON)
    assert (ids(), counted()) == ([call], (1, 0, 0, 0))
    assert queue.version() != before


def test_comes_back_when_the_number_rings_again(call: str, make_call: MakeCall) -> None:
    desk.attempt(call, 1, "no_answer", due_at=SOON)
    again = make_call(customer_number="(212) 555-0123", started_at=NOON + HOUR)
    assert ids() == [call, again]
    assert now(call, "due_at", "version") == (SOON, 2)


def test_comes_back_when_an_event_tells_the_number(call: str, make_call: MakeCall) -> None:
    desk.attempt(call, 1, "no_answer", due_at=SOON)
    again = make_call(started_at=NOON + HOUR)
    assert ids() == [again]
    with database.write():
        calls.record_draft(Draft(again, {"customer_number": "+12125550123"}, rank=2))
    assert ids() == [call, again]


@pytest.mark.parametrize(
    ("number", "started_at"),
    [("+12125550123", NOON - HOUR), ("+12125550124", NOON + HOUR)],
    ids=["an earlier call", "another number"],
)
def test_stays_in_later_whatever_else_arrives(
    call: str, make_call: MakeCall, number: str, started_at: int
) -> None:
    desk.attempt(call, 1, "no_answer", due_at=SOON)
    make_call(customer_number=number, started_at=started_at)
    assert ids("later") == [call]


def test_a_withheld_number_is_nobodys(me: Actor, make_call: MakeCall) -> None:
    first, _ = (
        make_call(customer_number="+266696687", started_at=NOON + hour * HOUR) for hour in (0, 1)
    )
    assert [row["nth"] for row in queue.list_queue("waiting").rows] == [0, 0]
    assert queue.other_calls(calls.get(first)) == []
    desk.attempt(first, 1, "no_answer", due_at=SOON)
    make_call(customer_number="+266696687", started_at=NOON + 2 * HOUR)
    assert first not in ids()


def test_done_today_is_what_became_done_here_newest_first(
    app: Flask, three: list[str], make_call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour, call_id in enumerate(three):
        monkeypatch.setattr("app.services.calls.now_ms", lambda hour=hour: 1000 + hour)
        desk.done(call_id, 1)
    monkeypatch.setattr("app.services.queue._midnight", lambda: 1001)
    assert ids("done_today") == [three[2], three[1]]
    assert counted() == (0, 0, 0, 2)


def test_today_begins_at_midnight_in_the_clinic(app: Flask) -> None:
    app.config["CLINIC_TIMEZONE"] = ZoneInfo("Asia/Tokyo")
    into_the_day = now_ms() + 9 * HOUR - queue._midnight() - 9 * HOUR
    assert 0 <= into_the_day < 24 * HOUR
    assert (queue._midnight() + 9 * HOUR) % (24 * HOUR) == 0


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_follow_each_other(me: Actor, make_call: MakeCall, limit: int) -> None:
    for hour in range(4):
        make_call(started_at=NOON, status=("pending", "follow_up_needed")[hour % 2])
    whole, found, after = ids(), [], None
    while page := queue.list_queue("waiting", after, limit):
        found += [row["id"] for row in page.rows]
        after = page.more
        if after is None:
            break
    assert found == whole
    assert len(whole) == 4


@pytest.mark.parametrize("after", ["open", "open.x.y", "done.1.x", "flagged.-1.x", "x" * 99])
def test_a_page_that_is_none_is_refused(me: Actor, after: str) -> None:
    with pytest.raises(Problem):
        queue.list_queue("waiting", after)


def test_a_row_says_who_rang_how_often_and_what_was_tried(three: list[str]) -> None:
    with acting(Actor("key:sync")):
        _, patient = patients.create({"last_name": "Okafor", "first_name": "Ana", "tags": []})
    desk.save(three[2], 1, {"patient_id": patient["id"]})
    desk.attempt(three[2], 2, "left_message")
    *_, row = queue.list_queue("waiting").rows
    assert (row["patient_name"], row["nth"], row["last_outcome"]) == (
        "Ana Okafor",
        3,
        "left_message",
    )
    assert (row["attempts"], row["version"], row["customer_number"]) == (1, 3, "+12125550199")
    assert now_ms() - row["last_attempt_at"] < 60_000


def test_counts_the_calls_of_24_hours_of_number_or_patient(me: Actor, make_call: MakeCall) -> None:
    make_call(customer_number="+12125550123", started_at=NOON)
    make_call(patient_id="p", started_at=NOON + HOUR)
    make_call(customer_number="+12125550123", patient_id="p", started_at=NOON + 2 * HOUR)
    make_call(customer_number="+12125550123", patient_id="p", started_at=NOON + 24 * HOUR)
    assert [row["nth"] for row in queue.list_queue("waiting").rows] == [1, 1, 3, 3]


def test_the_last_attempt_is_one_that_was_not_undone(call: str) -> None:
    desk.attempt(call, 1, "left_message")
    desk.attempt(call, 2, "no_answer")
    desk.undo()
    (row,) = queue.list_queue("waiting").rows
    assert (row["last_outcome"], row["attempts"]) == ("left_message", 1)


def test_the_other_calls_of_number_and_patient(three: list[str], make_call: MakeCall) -> None:
    desk.save(three[0], 1, {"patient_id": "p"})
    by_patient = make_call(patient_id="p", started_at=NOON - HOUR, status="done")
    row = calls.get(three[0])
    assert [other["id"] for other in queue.other_calls(row)] == [three[2], three[1], by_patient]
    assert [other["id"] for other in queue.other_calls(row, only_open=True)] == three[:0:-1]


def test_proposes_all_patients_of_the_number(call: str) -> None:
    for name in ("Adeyemi", "Bose", "Cruz"):
        patients.create({"last_name": name, "phone_number": "+12125550123"})
    assert {row["last_name"] for row in queue.proposals(calls.get(call))} == {
        *("Adeyemi", "Bose", "Cruz")
    }


def test_news_are_new_calls_and_what_others_changed(three: list[str], make_call: MakeCall) -> None:
    since = queue.mark()
    desk.flag(three[0], 1)
    assert queue.news(since) == queue.News(0, 0)
    make_call(started_at=NOON)
    make_call(started_at=NOON, status="done")
    with acting(BEN):
        desk.take(three[1], 1)
        desk.done(three[1], 2)
    assert queue.news(since) == queue.News(calls=1, changes=1)


def test_a_call_whose_time_has_come_is_news(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.attempt(call, 1, "no_answer", due_at=SOON)
    since = queue.mark()
    monkeypatch.setattr("app.services.queue.now_ms", lambda: SOON + 1)
    assert queue.news(since) == queue.News(calls=1, changes=0)


def test_the_version_is_another_after_each_change(call: str) -> None:
    before = queue.version()
    assert queue.version() == before
    desk.flag(call, 1)
    assert queue.version() != before


@pytest.mark.parametrize("since", ["", "1", "x.y.z"])
def test_a_mark_that_is_none_is_refused(me: Actor, since: str) -> None:
    with pytest.raises(Problem):
        queue.news(since)
