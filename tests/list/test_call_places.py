"""Calls of one and the same second: they keep their order, content and search when room is made."""

import uuid

from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database
from tests.conftest import MakeCall
from tests.support.people import read
from tests.support.soundness import assert_sound

URL = "/v1/calls"
SECOND_MS = 1_700_000_000_000


def make_calls(make_call: MakeCall, milliseconds: range) -> dict[int, str]:
    """Store a call at each millisecond of the second, and give their ids."""
    return {
        ms: make_call(started_at=SECOND_MS + ms, summary=f"Call of {ms}") for ms in milliseconds
    }


def summaries(client: FlaskClient, query: str = "") -> list[str]:
    return [call["summary"] for call in read(client, f"{URL}?limit=100&{query}")["data"]]


def test_calls_that_come_backwards_keep_their_order(
    client: FlaskClient, make_call: MakeCall
) -> None:
    make_calls(make_call, range(99, -1, -1))
    assert summaries(client) == [f"Call of {ms}" for ms in range(99, -1, -1)]
    assert summaries(client, "q=57") == ["Call of 57"]


def test_calls_that_come_from_both_ends_keep_their_order(
    client: FlaskClient, make_call: MakeCall
) -> None:
    for ms in range(50):
        make_calls(make_call, range(ms, 100 - ms, max(1, 99 - 2 * ms)))
    assert summaries(client) == [f"Call of {ms}" for ms in range(99, -1, -1)]


def call_id(start: str) -> str:
    return f"{start}000000-0000-4000-8000-000000000000"


def test_a_call_that_moves_where_no_room_is_harms_no_other(client: FlaskClient) -> None:
    def post(start: str, millisecond: int) -> None:
        moment = f"2023-11-14T22:13:20.00{millisecond}Z"
        values = {"id": call_id(start), "started_at": moment, "summary": f"Call {start}"}
        assert client.post(URL, json=values).status_code == 201

    post("15", 3)
    # Each of these lies between the first and the one before: the slots there are soon taken.
    for start in ("10", "20", "1f", "1e", "1d", "1c"):
        post(start, 2)
    slots = database.raw().execute("SELECT position FROM call ORDER BY position").fetchall()
    assert slots[1][0] - slots[0][0] == 1
    moved = {"version": 1, "started_at": "2023-11-14T22:13:20.002Z", "summary": "Moved"}
    assert client.patch(f"{URL}/{call_id('15')}", json=moved).status_code == 200
    assert summaries(client) == [
        *("Call 20", "Call 1f", "Call 1e", "Call 1d", "Call 1c", "Moved", "Call 10")
    ]
    assert [summaries(client, f"q={word}") for word in ("1c", "15", "moved")] == [
        *(["Call 1c"], [], ["Moved"])
    ]
    assert_sound()


def test_many_calls_of_one_millisecond_keep_their_order(
    app: Flask, make_call: MakeCall, client: FlaskClient
) -> None:
    ids = [str(uuid.UUID(int=number * 7919 % 1009, version=4)) for number in range(1, 1009)]
    with database.write():
        for one in ids:
            make_call(id=one, started_at=SECOND_MS + 7)
    found = database.raw().execute("SELECT id FROM call ORDER BY position")
    assert [one for (one,) in found] == sorted(ids)
    assert_sound()
