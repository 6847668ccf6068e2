"""What people do with a call of the queue, on the version that they saw."""

import pytest

from app.instants import now_ms
from app.models.engine import database
from app.problems import Problem
from app.services import desk
from app.services.calls import calls
from app.services.drafts import Draft
from app.services.history import Actor, acting
from tests.support.desk import BEN, entries, now

SOON = now_ms() + 3_600_000


def test_done_clears_the_time_and_keeps_who_had_it(call: str) -> None:
    desk.take(call, 1)
    desk.attempt(call, 2, "no_answer", due_at=SOON)
    desk.done(call, 3)
    assert now(call, "status", "due_at", "assignee") == ("done", None, "Ana")
    assert now_ms() - now(call, "done_at") < 60_000


def test_what_is_no_longer_done_has_no_instant_of_it(call: str) -> None:
    desk.done(call, 1)
    desk.flag(call, 2)
    assert now(call, "status", "done_at") == ("follow_up_needed", None)
    desk.unflag(call, 3)
    assert now(call, "status", "version") == ("pending", 4)


@pytest.mark.parametrize("act", [desk.done, desk.flag, desk.unflag, desk.take, desk.release])
def test_an_old_version_changes_nothing(call: str, act: object) -> None:
    desk.save(call, 1, {"notes": "Rang back."})
    with pytest.raises(Problem) as refused:
        act(call, 1)  # type: ignore[operator]
    assert refused.value.code == "version_mismatch"
    assert now(call, "version", "status", "assignee") == (2, "pending", None)


def test_taking_what_a_colleague_took_a_moment_ago_tells_so(call: str) -> None:
    with acting(BEN):
        desk.take(call, 1)
    with pytest.raises(Problem) as refused:
        desk.take(call, 1)
    assert refused.value.words == "Ben has it now; nothing was changed."
    assert now(call, "assignee", "version") == ("Ben", 2)


def test_a_call_goes_from_hand_to_hand(call: str) -> None:
    desk.take(call, 1)
    desk.give_to(call, 2, "Ben")
    desk.take(call, 3)
    desk.release(call, 4)
    holders = [entry["changes"]["assignee"] for entry in entries(call)[:-1]]
    assert holders == [["Ana", None], ["Ben", "Ana"], ["Ana", "Ben"], [None, "Ana"]]


@pytest.mark.parametrize("name", ["Eve", "ana", "Nobody"])
def test_nobody_gets_a_call_who_does_not_sign_in_here(call: str, name: str) -> None:
    with pytest.raises(Problem) as refused:
        desk.give_to(call, 1, name)
    assert (refused.value.code, refused.value.param) == ("invalid_field", "assignee")
    assert now(call, "assignee") is None


def test_an_attempt_is_noted_and_changes_neither_status_nor_assignee(call: str) -> None:
    desk.take(call, 1)
    desk.attempt(call, 2, "left_message", "With her son.", SOON)
    (entry, *_) = entries(call)
    assert (entry["action"], entry["outcome"], entry["who"]) == ("attempted", "left_message", "Ana")
    assert (entry["note"], entry["version"]) == ("With her son.", 3)
    assert now(call, "status", "assignee", "attempts", "due_at") == ("pending", "Ana", 1, SOON)


def test_an_attempt_without_a_time_clears_it(call: str) -> None:
    desk.attempt(call, 1, "no_answer", due_at=SOON)
    desk.attempt(call, 2, "reached")
    assert now(call, "due_at", "attempts") == (None, 2)


@pytest.mark.parametrize(
    ("outcome", "due_at"), [("reached", SOON), ("no_answer", 1)], ids=["pointless", "past"]
)
def test_a_time_that_is_past_or_pointless_is_refused(call: str, outcome: str, due_at: int) -> None:
    with pytest.raises(Problem) as refused:
        desk.attempt(call, 1, outcome, due_at=due_at)
    assert (refused.value.code, refused.value.param) == ("invalid_field", "due_at")
    assert now(call, "attempts", "version") == (0, 1)


def test_several_are_done_as_one_or_none_is(three: list[str]) -> None:
    with pytest.raises(Problem):
        desk.done_all([(three[0], 1), (three[1], 7)])
    assert now(three[0], "status") == "pending"
    assert len(desk.done_all([(call_id, 1) for call_id in three])) == 3
    assert [now(call_id, "status") for call_id in three] == ["done"] * 3


def test_closes_what_is_older_than_a_date(three: list[str]) -> None:
    assert desk.close_before(now(three[2], "sort_at")) == 2
    assert [now(call_id, "status") for call_id in three] == ["done", "done", "pending"]
    assert desk.close_before(now(three[2], "sort_at")) == 0


def test_an_event_leaves_to_people_what_is_theirs(call: str) -> None:
    desk.take(call, 1)
    desk.attempt(call, 2, "no_answer", due_at=SOON)
    with acting(Actor("provider:retell")), database.write():
        calls.record_draft(Draft(call, {"status": "done", "summary": "Moved."}, rank=8))
    assert now(call, "status", "done_at", "summary") == ("done", None, "Moved.")
    assert now(call, "assignee", "due_at", "attempts") == ("Ana", SOON, 1)
