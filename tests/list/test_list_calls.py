"""GET /v1/calls: the answer's shape, order and pages."""

from flask.testing import FlaskClient

from tests.conftest import MakeCall

KEYS = [
    "id",
    "org_id",
    "created_at",
    "assistant_id",
    "phone_number_id",
    "type",
    "started_at",
    "ended_at",
    "summary",
    "customer_number",
    "status",
    "category",
    "duration_min",
    "patient_id",
    "language",
    "sessions_scheduled",
]


def test_gives_the_sixteen_keys_in_order(client: FlaskClient, make_call: MakeCall) -> None:
    make_call(started_at=1_700_000_000_120, ended_at=1_700_000_060_120)
    body = client.get("/v1/calls").get_json()
    assert list(body["data"][0]) == KEYS
    assert body["data"][0]["started_at"] == "2023-11-14T22:13:20.120Z"
    assert body["pagination"] == {"has_more": False, "total": 1, "page": 1, "limit": 50}


def test_lists_the_newest_first_and_ties_by_id(client: FlaskClient, make_call: MakeCall) -> None:
    low, high = "0" * 8 + "-0000-4000-8000-" + "0" * 12, "f" * 8 + "-0000-4000-8000-" + "0" * 12
    for call_id in (low, high):
        make_call(id=call_id, started_at=1_700_000_000_000)
    newest = make_call(created_at=1_700_000_000_500)
    ids = [call["id"] for call in client.get("/v1/calls").get_json()["data"]]
    assert ids == [newest, high, low]


def test_sort_started_at_turns_the_order_around(client: FlaskClient, make_call: MakeCall) -> None:
    old, new = (make_call(started_at=at) for at in (1_600_000_000_000, 1_700_000_000_000))
    ids = [call["id"] for call in client.get("/v1/calls?sort=started_at").get_json()["data"]]
    assert ids == [old, new]
