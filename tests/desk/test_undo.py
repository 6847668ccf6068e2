"""Undo takes back the last action of a session, step by step."""

import pytest

from app.instants import now_ms
from app.models.engine import database
from app.problems import Problem
from app.services import desk
from app.services.calls import calls
from app.services.drafts import Draft, read_ranks
from app.services.history import Actor, acting
from app.services.patients import patients
from tests.conftest import MakeCall
from tests.desk.conftest import NOON
from tests.support.desk import ANA, BEN, entries, now

SOON = now_ms() + 3_600_000


def test_takes_back_step_by_step(call: str) -> None:
    desk.take(call, 1)
    desk.flag(call, 2)
    desk.done(call, 3)
    seen = []
    for _ in range(3):
        assert desk.undo().rows == [("call", call)]
        seen.append(now(call, "status", "assignee"))
    assert seen == [("follow_up_needed", "Ana"), ("pending", "Ana"), ("pending", None)]
    with pytest.raises(Problem) as refused:
        desk.undo()
    assert refused.value.code == "not_found"


def test_is_a_new_change_in_the_history(call: str) -> None:
    desk.done(call, 1)
    desk.undo()
    (entry, *_) = entries(call)
    assert (entry["action"], entry["who"], entry["version"]) == ("undone", "Ana", 3)
    assert entry["changes"] == {"status": ["done", "pending"]}


def test_done_that_is_undone_has_its_time_again(call: str) -> None:
    desk.attempt(call, 1, "no_answer", due_at=SOON)
    desk.done(call, 2)
    desk.undo()
    assert now(call, "due_at", "hidden_until", "done_at") == (SOON, SOON, None)


def test_an_undone_attempt_no_longer_counts(call: str) -> None:
    desk.attempt(call, 1, "no_answer", due_at=SOON)
    with acting(BEN):
        desk.attempt(call, 2, "left_message", due_at=SOON)
    desk.undo(act=None)
    assert now(call, "attempts", "due_at") == (1, None)


def test_is_refused_where_a_field_has_changed_since(call: str) -> None:
    desk.flag(call, 1)
    with acting(BEN):
        desk.done(call, 2)
    undone = desk.undo()
    assert (undone.rows, undone.refused) == ([], [("call", call)])
    assert now(call, "status", "version") == ("done", 3)


def test_other_fields_that_changed_since_stay(call: str) -> None:
    desk.flag(call, 1)
    with acting(BEN):
        desk.save(call, 2, {"notes": "Called twice."})
    desk.undo()
    assert now(call, "status", "notes") == ("pending", "Called twice.")


def test_what_cannot_be_undone_is_not_in_the_way_of_what_came_before(call: str) -> None:
    desk.take(call, 1)
    desk.flag(call, 2)
    with acting(BEN):
        desk.done(call, 3)
    desk.undo()
    desk.undo()
    assert now(call, "status", "assignee") == ("done", None)


def test_what_was_nobodys_decision_is_nobodys_again(call: str) -> None:
    desk.save(call, 1, {"category": "billing"})
    desk.undo()
    assert read_ranks(now(call, "origins")).get("category", 0) == 0
    with database.write():
        calls.record_draft(Draft(call, {"category": "cancellation"}, rank=3))
    assert now(call, "category") == "cancellation"


def test_what_a_colleague_decided_meanwhile_stays_decided(call: str) -> None:
    desk.save(call, 1, {"category": "billing", "notes": "Owes $20."})
    with acting(BEN):
        desk.save(call, 2, {"status": "done"})
    desk.undo()
    ranks = read_ranks(now(call, "origins"))
    assert (ranks["status"], ranks.get("notes", 0)) == (9, 0)


def test_is_the_sessions_own(call: str) -> None:
    desk.flag(call, 1)
    for stranger in (BEN, Actor("Ana", 3), Actor("key:sync")):
        with acting(stranger), pytest.raises(Problem):
            desk.undo()
    with acting(ANA):
        desk.undo()
    assert now(call, "status") == "pending"


def test_several_that_were_done_as_one_are_undone_as_one(three: list[str]) -> None:
    desk.flag(three[0], 1)
    desk.done_all([(three[0], 2), (three[1], 1), (three[2], 1)])
    assert len(desk.undo().rows) == 3
    assert [now(call_id, "status") for call_id in three] == [
        *("follow_up_needed", "pending", "pending")
    ]


def test_of_several_those_that_changed_since_are_passed_over(three: list[str]) -> None:
    desk.close_before(NOON * 2)
    with acting(BEN):
        desk.flag(three[1], 2)
    undone = desk.undo()
    assert {call_id for _, call_id in undone.rows} == {three[0], three[2]}
    assert undone.refused == [("call", three[1])]
    assert now(three[1], "status") == "follow_up_needed"


def test_a_call_that_rang_again_meanwhile_does_not_hide(call: str, make_call: MakeCall) -> None:
    desk.attempt(call, 1, "no_answer", due_at=SOON)
    desk.done(call, 2)
    make_call(customer_number="+12125550123", started_at=now_ms() + 1000)
    desk.undo()
    assert now(call, "due_at", "hidden_until") == (SOON, None)


def test_a_patient_is_as_before(me: Actor) -> None:
    _, patient = patients.create({"last_name": "Okafor", "first_name": "Ana", "tags": []})
    patients.change(patient["id"], 1, {"last_name": "Bose"})
    assert desk.undo().rows == [("patient", patient["id"])]
    assert patients.get(patient["id"])["last_name"] == "Okafor"


def test_a_deleted_call_is_there_again(call: str) -> None:
    calls.remove(call)
    desk.undo()
    assert now(call, "status") == "pending"
