"""Instants as text: which forms are read, and what they mean."""

import pytest
from flask.testing import FlaskClient

from app.instants import parse_instant
from tests.support.people import error

AT = 1_699_335_116_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2023-11-07T05:31:56Z", id="as written here"),
        pytest.param("2023-11-07T05:31:56.000000+0000", id="strftime"),
        pytest.param("2023-11-07 05:31:56+00", id="PostgreSQL"),
        pytest.param("2023-11-07T11:01:56+05:30", id="RFC 3339"),
        pytest.param("2023-11-07T11:01:56+0530", id="no colon"),
        pytest.param("2023-11-07T00:01:56-0530", id="west, no colon"),
        pytest.param("2023-11-07T00:31:56-05", id="hours alone"),
        pytest.param("2023-11-07T11:01:56 0530", id="plus decoded"),
        pytest.param("2023-11-07T10:31:56 05", id="plus decoded, hours alone"),
    ],
)
def test_reads_every_way_to_write_an_offset(text: str) -> None:
    assert parse_instant(text) == AT


NO_OFFSETS = ["+", "+0", "+000", "+00:0", "+0:00", "+00:", "+00000", "+2400", "-0060", "+24", "00"]


@pytest.mark.parametrize("offset", NO_OFFSETS)
def test_refuses_what_is_no_offset(offset: str) -> None:
    with pytest.raises(ValueError, match="no"):
        parse_instant(f"2023-11-07T05:31:56{offset}")


@pytest.mark.parametrize("offset", ["%2B0000", "+0000", "%2B00", "+00", "-00"])
def test_a_query_takes_offsets_without_a_colon(client: FlaskClient, offset: str) -> None:
    client.post("/v1/calls", json={"started_at": "2023-11-07T05:31:56Z"})
    instant = f"2023-11-07T05:31:56.000{offset}"
    answer = client.get(f"/v1/calls?started_gte={instant}&started_lte={instant}")
    assert answer.get_json()["pagination"]["total"] == 1


def test_a_body_takes_offsets_without_a_colon(client: FlaskClient) -> None:
    body = {"started_at": "2023-11-07T05:31:56.120+0000", "ended_at": "2023-11-07T01:31:58-04"}
    call = client.post("/v1/calls", json=body).get_json()
    assert call["started_at"] == "2023-11-07T05:31:56.120Z"
    assert call["ended_at"] == "2023-11-07T05:31:58Z"


def test_a_body_needs_an_offset(client: FlaskClient) -> None:
    answer = client.post("/v1/calls", json={"started_at": "2023-11-07T05:31:56"})
    assert error(answer) == (422, "invalid_field", "started_at")
