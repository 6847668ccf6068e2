"""A call ends the same, however its events are ordered and repeated, whatever staff do between."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.calls import Call
from app.models.engine import database
from app.schemas.calls import CATEGORIES
from app.services.calls import calls
from app.services.drafts import Draft, provider_call_id
from app.services.patients import patients
from tests.support.application import application
from tests.support.soundness import assert_sound

Values = dict[str, Any]

WORDS = ("shoulder", "knee", "ankle", "hip")
# Of nobody, of one patient, of another one, of two.
NUMBERS = ("+12125550100", "+12125550101", "+12125550102", "+12125550103")
PATIENT_OF_NUMBER = {NUMBERS[1]: "Okafor", NUMBERS[2]: "Lindqvist"}
# Of one patient each, and of nobody all the same.
WITHHELD = ("unknown", "+86282452253")
PATIENTS = (
    *PATIENT_OF_NUMBER.items(),
    *((NUMBERS[3], name) for name in ("Moreau", "Duval")),
    *((text, f"Patient {text}") for text in WITHHELD),
)

texts = st.sampled_from(WORDS)
numbers = st.sampled_from(NUMBERS + WITHHELD)
PROVIDER_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "created_at": st.sampled_from([1_000, 1_001, 500_000]),
    "started_at": st.sampled_from([1_000, 1_002, 400_000, 450_000]),
    "ended_at": st.sampled_from([400_000, 430_000, 460_000]),
    "duration_min": st.sampled_from([0.5, 7.0]),
    "summary": texts,
    "transcript": texts,
    "assistant_id": texts,
    "phone_number_id": texts,
    "type": texts,
    "language": st.sampled_from(["english", "spanish"]),
    "recording_url": texts,
    "cost_usd": st.sampled_from([0.1, 2.0]),
    "ended_reason": texts,
}
PROPOSED: dict[str, st.SearchStrategy[Any]] = {
    "category": st.sampled_from(CATEGORIES),
    "patient_id": st.sampled_from(["somebody", "Okafor", *[None] * 4]),
    "sessions_scheduled": st.integers(0, 3),
}
DECIDED = {
    **{name: values | st.none() for name, values in (PROVIDER_FIELDS | PROPOSED).items()},
    "customer_number": numbers | st.none(),
    "status": st.sampled_from(["pending", "done", "follow_up_needed"]),
    "notes": texts | st.none(),
}
DECIDED.pop("created_at")  # nobody may change it
# What is never refused: no start after any end, no end before any start.
DECIDED["started_at"] = st.sampled_from([1_000, 400_000, None])
DECIDED["ended_at"] = st.sampled_from([450_000, 470_000, None])


@dataclass(frozen=True)
class Story:
    """What is said of a call by each kind of event, by rank, and what staff decide.

    `steps` is how it comes: the rank of an event, perhaps repeated, as a negative where the call is
    deleted meanwhile, and None for staff's next edit. Not before the first event is there a call.
    """

    events: dict[int, tuple[Values, Values]]
    edits: list[Values]
    steps: list[int | None]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    event = st.tuples(
        st.fixed_dictionaries({"customer_number": numbers | st.none()}, optional=PROVIDER_FIELDS),
        st.fixed_dictionaries({}, optional=PROPOSED),
    )
    events = draw(st.dictionaries(st.integers(1, 8), event, min_size=1, max_size=4))
    edits = draw(st.lists(st.fixed_dictionaries({}, optional=DECIDED), max_size=3))
    first, *others = draw(st.permutations([*events]))
    repeated = draw(st.lists(st.sampled_from([*events]), max_size=4))
    arrivals = [rank * draw(st.sampled_from([1, 1, -1])) for rank in (*others, *repeated)]
    steps: list[int | None] = [*arrivals, *[None] * len(edits)]
    return Story(events, edits, [first, *draw(st.permutations(steps))])


NUMBERED = count()


def play(story: Story) -> Values:
    """Let a story happen to a call of its own and give the call at the end."""
    call_id = provider_call_id("retell", str(next(NUMBERED)))
    edits = iter(story.edits)
    for step in story.steps:
        if step is None:
            decide(call_id, next(edits))
        elif step > 0:
            deliver(call_id, step, *story.events[step])
        else:
            calls.remove(call_id)
            deliver(call_id, -step, *story.events[-step])
            assert_absent(call_id)
            calls.undelete(call_id)
    return calls.get(call_id)


def decide(call_id: str, edit: Values) -> None:
    calls.change(call_id, calls.get(call_id)["version"], edit)


def deliver(call_id: str, rank: int, values: Values, proposals: Values) -> None:
    said = values | proposals
    with database.write():
        calls.record_draft(Draft(call_id, said, rank=rank, link=True, digest=f"digest-{rank}"))


def assert_absent(call_id: str) -> None:
    row = Call.find_row(call_id)
    assert row is not None
    search = "SELECT count(*) FROM call_search WHERE rowid = ?"
    assert database.raw().execute(search, (row["number"],)).get == 0


def told(story: Story, name: str) -> Any:
    """Give what the highest kind of event says of a field."""
    events = [story.events[rank] for rank in sorted(story.events, reverse=True)]
    found = [(values | proposals).get(name) for values, proposals in events]
    return next((value for value in found if value is not None), None)


def best_end(story: Story, started_at: int | None) -> Any:
    """Give the end that the highest kind of event says, of those before no start."""
    for rank in sorted(story.events, reverse=True):
        values = story.events[rank][0]
        starts = [start for start in (started_at, values.get("started_at")) if start is not None]
        if "ended_at" in values and all(start <= values["ended_at"] for start in starts):
            return values["ended_at"]
    return None


def expected(story: Story) -> Values:
    """Give the call that a story must end in, by no order at all."""
    number = told(story, "customer_number")
    call = {name: told(story, name) for name in DECIDED | PROVIDER_FIELDS}
    call |= {"status": "pending", "notes": None}
    call["patient_id"] = call["patient_id"] or PATIENT_OF_NUMBER.get(number)
    for edit in story.edits:
        call |= edit
    if not any("ended_at" in edit for edit in story.edits):
        call["ended_at"] = best_end(story, call["started_at"])
    if told(story, "duration_min") is None and not any("duration_min" in e for e in story.edits):
        elapsed = call["started_at"], call["ended_at"]
        call["duration_min"] = (
            None if None in elapsed else round((elapsed[1] - elapsed[0]) / 60e3, 2)
        )
    if call["created_at"] is None:
        del call["created_at"]  # the arrival of the first
    return call


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with application(tmp_path_factory.mktemp("merging") / "clinic.db") as app:
        with database.write():
            for number, name in PATIENTS:
                patients.record(name, {"last_name": name, "phone_number": number})
        yield app


@settings(max_examples=200, deadline=None)
@given(stories())
def test_every_order_ends_in_the_same_call(app: Flask, story: Story) -> None:
    with app.app_context():
        call = play(story)
        wanted = expected(story)
        assert {name: call[name] for name in wanted} == wanted


def test_the_index_agrees_at_the_end(app: Flask) -> None:
    assert_sound()
