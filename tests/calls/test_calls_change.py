"""PATCH /v1/calls/{id}: what follows from a change: search, duration, place in the list."""

from flask.testing import FlaskClient

from tests.support.answers import read, total
from tests.support.resources import CALL_ID as ID

URL = "/v1/calls"
CALL = f"{URL}/{ID}"
START, END = "2023-11-07T05:31:56Z", "2023-11-07T05:34:26Z"


def test_the_search_follows_a_change(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID, "summary": "Asked for Ana."})
    client.patch(CALL, json={"version": 1, "summary": "Asked for Olga."})
    assert total(client, f"{URL}?q=olga") == 1
    assert total(client, f"{URL}?q=ana") == 0


def test_the_duration_follows_a_change_of_the_end(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID, "started_at": START, "ended_at": END})
    changes = {"version": 1, "ended_at": "2023-11-07T05:32:56Z"}
    assert client.patch(CALL, json=changes).get_json()["duration_min"] == 1.0


def test_a_changed_start_moves_the_call_in_the_list(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID, "started_at": START})
    newer = client.post(URL, json={"started_at": END}).get_json()["id"]
    assert [call["id"] for call in read(client, URL)["data"]] == [newer, ID]
    client.patch(CALL, json={"version": 1, "started_at": "2023-11-08T00:00:00Z"})
    assert [call["id"] for call in read(client, URL)["data"]] == [ID, newer]
