"""What a person is told about a value that is out of range, and how much at once."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.answers import assert_error

YEARS = "must lie in the years 1970 to 9999."


def post_text(client: FlaskClient, body: str) -> Any:
    return client.post("/v1/calls", data=body.encode(), content_type="application/json")


@pytest.mark.parametrize(
    "value",
    [
        *("1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z"),
        *("1970-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "123456-01-01T00:00Z"),
    ],
)
def test_years_out_of_range_are_said_so_in_a_body(client: FlaskClient, value: str) -> None:
    response = client.post("/v1/calls", json={"started_at": value})
    detail = assert_error(response, 422, "invalid_field", "started_at")
    assert detail["message"] == f"started_at {YEARS}"


@pytest.mark.parametrize("value", ["1969-12-31", "0000-01-01T00:00", "10000-01-01", "20000-01-01"])
def test_years_out_of_range_are_said_so_in_a_query(client: FlaskClient, value: str) -> None:
    response = client.get(f"/v1/calls?started_gte={value}")
    detail = assert_error(response, 422, "invalid_field", "started_gte")
    assert detail["message"] == f"started_gte {YEARS}"


@pytest.mark.parametrize("value", ["1970", "9999-13-01", "2023-11-07T05:31:56", "1969"])
def test_what_is_no_instant_is_said_so(client: FlaskClient, value: str) -> None:
    detail = client.post("/v1/calls", json={"started_at": value}).get_json()["detail"]
    assert detail["message"].startswith("started_at must be an instant with an offset, such as ")


@pytest.mark.parametrize(
    "number",
    [
        *("18446744073709551616", "-9223372036854775809", "9" * 400, "9" * 5000),
        *("1e999", "-1e999", "1e400"),
    ],
    ids=lambda text: text[:20],
)
@pytest.mark.parametrize("field", ["cost_usd", "sessions_scheduled", "summary", "started_at"])
def test_a_number_that_no_field_takes_is_its_fault(
    client: FlaskClient, field: str, number: str
) -> None:
    response = post_text(client, f'{{"status": "done", "{field}": {number}}}')
    detail = assert_error(response, 422, "invalid_field", field)
    assert detail["message"].startswith(f"{field} must be ")


@pytest.mark.parametrize(
    "body",
    [
        *('{"cost_usd": 1e999', '{"cost_usd": 1e999, "summary": "\\ud800"}', '{"cost_usd": NaN}'),
        *('{"cost_usd": -Infinity}', '{"cost_usd": 1e999} {}', "[1e999," * 2000),
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_json_stays_malformed(client: FlaskClient, body: str) -> None:
    assert_error(post_text(client, body), 400, "malformed_json")


def test_a_byte_order_mark_is_named(client: FlaskClient) -> None:
    detail = assert_error(post_text(client, "\ufeff{}"), 400, "malformed_json")
    assert detail["message"] == "The body begins with a byte order mark; send it without one."


@pytest.mark.parametrize("field", ["cost_usd", "duration_min", "sessions_scheduled"])
def test_minus_zero_is_zero(client: FlaskClient, field: str) -> None:
    posted = post_text(client, f'{{"{field}": -0.0}}')
    assert posted.status_code == 201
    for text in (posted.text, client.get(posted.headers["Location"]).text):
        assert "-0" not in text.split(f'"{field}":')[1].split(",")[0]


def test_the_first_hundred_errors_are_listed(client: FlaskClient) -> None:
    queries = "&".join(f"no_such{n}=1" for n in range(150))
    body = {f"no_such{n}": 1 for n in range(150)}
    for response in (client.get(f"/v1/calls?{queries}"), client.post("/v1/calls", json=body)):
        errors = response.get_json()["detail"]["errors"]
        assert [error["param"] for error in errors] == [f"no_such{n}" for n in range(100)]
