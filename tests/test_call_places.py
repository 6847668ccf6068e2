"""Calls of one and the same second: they keep their order, content and search when room is made."""

from flask.testing import FlaskClient

from tests.conftest import MakeCall
from tests.people import read

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


def test_a_call_that_moves_where_no_room_is_harms_no_other(
    client: FlaskClient, make_call: MakeCall
) -> None:
    # Eleven calls that come backwards take the last slot before the first of them.
    ids = make_calls(make_call, range(30, 19, -1))
    moved = {"version": 1, "started_at": "2023-11-14T22:13:20.001Z", "summary": "Moved"}
    assert client.patch(f"{URL}/{ids[30]}", json=moved).status_code == 200
    assert summaries(client) == [*(f"Call of {ms}" for ms in range(29, 19, -1)), "Moved"]
    assert [summaries(client, f"q={word}") for word in ("29", "30", "moved")] == [
        *(["Call of 29"], [], ["Moved"])
    ]
