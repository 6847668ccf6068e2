"""What /v1/calls refuses besides what every resource does."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.answers import error, read, total
from tests.support.resources import CALLS

URL = "/v1/calls"
START, END = "2023-11-07T05:31:56Z", "2023-11-07T05:34:26Z"

POSTS: dict[str, tuple[Any, str | None]] = {
    "an org_id": ({"org_id": "clinic"}, "org_id"),
    "an end before the start": ({"started_at": END, "ended_at": START}, "ended_at"),
    "no status": ({"status": None}, "status"),
    "a status in capitals": ({"status": "Done"}, "status"),
    "an unknown category": ({"category": "sales"}, "category"),
    "an instant without an offset": ({"started_at": "2023-11-07T05:31:56"}, "started_at"),
    "a date alone": ({"started_at": "2023-11-07"}, "started_at"),
    "an instant as a number": ({"started_at": 1699335116}, "started_at"),
    "a negative duration": ({"duration_min": -0.01}, "duration_min"),
    "a duration as text": ({"duration_min": "2.5"}, "duration_min"),
    "a duration as a truth": ({"duration_min": True}, "duration_min"),
    "half a session": ({"sessions_scheduled": 1.5}, "sessions_scheduled"),
    "too many sessions": ({"sessions_scheduled": 2**31}, "sessions_scheduled"),
    "a summary as a number": ({"summary": 5}, "summary"),
    "a NUL in the summary": ({"summary": "a\0b"}, "summary"),
    "a NUL in the notes": ({"notes": "\0"}, "notes"),
    "a long assistant": ({"assistant_id": "x" * 513}, "assistant_id"),
    "no language": ({"language": "x-1"}, "language"),
    "a word that is no language": ({"language": "billing"}, "language"),
    "a language that is no word": ({"language": "en-"}, "language"),
    "a list": ([], None),
    "a text": ("call", None),
}
CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "an org_id": ({"org_id": "x"}, "org_id"),
    "a provider": ({"provider": "vapi"}, "provider"),
    "an external_id": ({"external_id": "x"}, "external_id"),
    "no status": ({"status": None}, "status"),
    "a NUL": ({"notes": "a\0"}, "notes"),
    "an end before the start": ({"ended_at": "2023-11-06T00:00:00Z"}, "ended_at"),
    "a start after the end": ({"started_at": "2023-11-08T00:00:00Z"}, "ended_at"),
}


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


@pytest.mark.parametrize(("body", "param"), POSTS.values(), ids=POSTS.keys())
def test_refuses_a_new_one(client: FlaskClient, body: Any, param: str | None) -> None:
    count = total(client, URL)
    assert error(client.post(URL, json=body)) == (422, "invalid_field", param)
    assert total(client, URL) == count


@pytest.mark.parametrize(("values", "param"), CHANGES.values(), ids=CHANGES.keys())
def test_refuses_a_change(client: FlaskClient, values: dict[str, Any], param: str) -> None:
    given = CALLS.given | {"started_at": START, "ended_at": END}
    before = client.post(URL, json=given).get_json()
    response = client.patch(CALLS.one, json={"version": 1, **values})
    assert error(response) == (422, "invalid_field", param)
    assert read(client, CALLS.one) == before
