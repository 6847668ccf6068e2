"""The order of calls whose seconds, milliseconds or everything but the id is the same."""

import random
import uuid

from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database
from app.services.calls import calls
from app.services.drafts import Draft
from tests.conftest import MakeCall

NOON = 1_700_000_000_000


def listed_ids(client: FlaskClient, query: str = "") -> list[str]:
    ids: list[str] = []
    page = 1
    while True:
        body = client.get(f"/v1/calls?limit=100&page={page}&{query}").get_json()
        ids += [call["id"] for call in body["data"]]
        if not body["pagination"]["has_more"]:
            return ids
        page += 1


def store(drawn: list[tuple[int, str]]) -> list[str]:
    """Store calls of these instants and ids; give their ids in the order of the list."""
    with database.write():
        for started_at, call_id in drawn:
            calls.record_draft(
                Draft(call_id, {"started_at": started_at, "summary": f"n{call_id[:8]}"})
            )
    return [call_id for _, call_id in sorted(drawn, reverse=True)]


def test_two_thousand_calls_of_one_instant_come_by_id(app: Flask, client: FlaskClient) -> None:
    rng = random.Random(5)
    expected = store([(NOON, str(uuid.UUID(int=rng.getrandbits(128)))) for _ in range(2000)])
    assert listed_ids(client) == expected
    assert listed_ids(client, "sort=started_at") == expected[::-1]


def test_rising_and_falling_ids_of_one_second_come_in_order(
    app: Flask, client: FlaskClient
) -> None:
    rising = [(NOON + n % 7, str(uuid.UUID(int=n << 64))) for n in range(1, 700)]
    falling = [(NOON + n % 7, str(uuid.UUID(int=(n << 64) + 1))) for n in range(700, 1, -1)]
    expected = store(rising + falling)
    assert listed_ids(client) == expected


def test_moved_calls_are_still_found_by_words(app: Flask, client: FlaskClient) -> None:
    rng = random.Random(6)
    ids = store([(NOON, str(uuid.UUID(int=rng.getrandbits(128)))) for _ in range(300)])
    found = [listed_ids(client, f"q=n{call_id[:8]}") for call_id in ids]
    assert found == [[call_id] for call_id in ids]


def test_a_changed_start_moves_a_call(client: FlaskClient, make_call: MakeCall) -> None:
    old, new = make_call(started_at=NOON), make_call(started_at=NOON + 60_000)
    body = {"version": 1, "started_at": "2024-01-01T00:00:00Z"}
    assert client.patch(f"/v1/calls/{old}", json=body).status_code == 200
    assert listed_ids(client) == [old, new]


def test_bounds_cut_within_a_second(client: FlaskClient, make_call: MakeCall) -> None:
    ids = [make_call(started_at=NOON + ms) for ms in (0, 250, 500, 750)]
    query = "started_gte=2023-11-14T22:13:20.250Z&started_lte=2023-11-14T22:13:20.5Z"
    assert listed_ids(client, query) == [ids[2], ids[1]]
