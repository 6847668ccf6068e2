"""What /v1/patients refuses besides what every resource does."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.answers import error, read, total
from tests.support.resources import NOBODY, PATIENTS

URL = "/v1/patients"

REFUSED = {
    "a last name missing": ({"first_name": "Ana"}, "last_name"),
    "a last name blank": ({"last_name": " "}, "last_name"),
    "a last name of a number": ({"last_name": 5}, "last_name"),
    "a last name too long": ({"last_name": "x" * 201}, "last_name"),
    "a first name of null": ({"last_name": "O", "first_name": None}, "first_name"),
    "a NUL": ({"last_name": "O\0"}, "last_name"),
    "no day of the calendar": ({"last_name": "O", "date_of_birth": "2023-02-29"}, "date_of_birth"),
    "a date otherwise": ({"last_name": "O", "date_of_birth": "20230228"}, "date_of_birth"),
    "a birth to come": ({"last_name": "O", "date_of_birth": "9999-12-31"}, "date_of_birth"),
    "a date of a number": ({"last_name": "O", "date_of_birth": 1990}, "date_of_birth"),
    "no address": ({"last_name": "O", "email": "ana at mail.example"}, "email"),
    "tags of null": ({"last_name": "O", "tags": None}, "tags"),
    "tags not in a list": ({"last_name": "O", "tags": NOBODY}, "tags"),
    "a tag that is no UUID": ({"last_name": "O", "tags": ["VIP"]}, "tags"),
    "an unknown tag": ({"last_name": "O", "tags": [NOBODY]}, "tags"),
    "too many tags": ({"last_name": "O", "tags": [NOBODY] * 101}, "tags"),
    "active as a number": ({"last_name": "O", "active": 1}, "active"),
    "active as text": ({"last_name": "O", "active": "true"}, "active"),
    "an instant of ours": ({"last_name": "O", "created_at": "2023-11-07T05:31:56Z"}, "created_at"),
}
QUERIES = {
    "seventeen words": ("q=" + "+".join("abcdefghijklmnopq"), "q"),
    "an unknown mode": ("tag_filter_mode=some", "tag_filter_mode"),
    "too many tags": ("&".join(f"tags[]={n}" for n in range(101)), "tags[]"),
}


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


@pytest.mark.parametrize(("body", "param"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses_a_new_one(client: FlaskClient, body: dict[str, Any], param: str) -> None:
    count = total(client, URL)
    assert error(client.post(URL, json=body)) == (422, "invalid_field", param)
    assert total(client, URL) == count


@pytest.mark.parametrize(
    ("values", "param"),
    [({"last_name": ""}, "last_name"), ({"tags": [NOBODY]}, "tags")],
    ids=["no last name", "an unknown tag"],
)
def test_refuses_a_change(client: FlaskClient, values: dict[str, Any], param: str) -> None:
    client.post(URL, json=PATIENTS.given)
    response = client.patch(PATIENTS.one, json={"version": 1, **values})
    assert error(response) == (422, "invalid_field", param)
    assert read(client, PATIENTS.one)["version"] == 1


@pytest.mark.parametrize(("query", "param"), QUERIES.values(), ids=QUERIES.keys())
def test_refuses_a_query(client: FlaskClient, query: str, param: str) -> None:
    assert error(client.get(f"{URL}?{query}")) == (422, "invalid_field", param)
