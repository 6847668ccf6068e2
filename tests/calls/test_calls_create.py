"""POST /v1/calls: what is stored of a call, and what follows from it."""

from flask.testing import FlaskClient

from tests.support.answers import read

URL = "/v1/calls"
START, END = "2023-11-07T05:31:56Z", "2023-11-07T05:34:26Z"


def test_a_call_of_which_nothing_is_said_is_pending(client: FlaskClient) -> None:
    call = client.post(URL, json={}).get_json()
    known = {name: value for name, value in call.items() if value is not None}
    assert known.keys() == {
        *("id", "org_id", "created_at", "status", "updated_at", "version", "attempts")
    }
    assert (call["status"], call["org_id"], call["version"]) == ("pending", "clinic", 1)
    assert call["created_at"] == call["updated_at"]


def test_gives_the_keys_of_the_list_and_then_the_rest(client: FlaskClient) -> None:
    call = client.post(URL, json={}).get_json()
    assert list(call)[:16] == list(read(client, URL)["data"][0])
    assert list(call)[16:] == [
        *("provider", "external_id", "transcript", "recording_url", "cost_usd"),
        *("ended_reason", "notes", "updated_at", "version", "assignee", "due_at", "attempts"),
    ]


def test_values_are_stored_in_their_own_form(client: FlaskClient) -> None:
    given = {
        "started_at": "2023-11-07T06:31:56.1209+01:00",
        "customer_number": "(212) 555-0123",
        "language": "cmn",
        "duration_min": 2.005,
        "assistant_id": " asst_1 ",
    }
    call = client.post(URL, json=given).get_json()
    stored = ["2023-11-07T05:31:56.120Z", "+12125550123", "chinese", 2.01, "asst_1"]
    assert [call[name] for name in given] == stored


def test_the_duration_follows_from_the_instants(client: FlaskClient) -> None:
    call = client.post(URL, json={"started_at": START, "ended_at": END}).get_json()
    assert call["duration_min"] == 2.5


def test_a_given_duration_counts_for_more_than_the_instants(client: FlaskClient) -> None:
    given = {"started_at": START, "ended_at": END, "duration_min": 7}
    assert client.post(URL, json=given).get_json()["duration_min"] == 7.0


def test_the_id_follows_from_the_providers(client: FlaskClient) -> None:
    given = {"provider": "retell", "external_id": "Jabr9TXY"}
    first, again = client.post(URL, json=given), client.post(URL, json=given)
    assert first.get_json()["id"] == "f192d7f3-ff5a-5d60-a0fe-1b7024ad6b25"
    assert (first.status_code, again.status_code) == (201, 200)
