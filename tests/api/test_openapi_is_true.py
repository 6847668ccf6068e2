"""What /openapi.json says of answers is what is answered."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.support.openapi import Doc, codes_of


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("/v1/calls?limit=0", "invalid_field"),
        ("/v1/calls?pagesize=20", "unknown_parameter"),
        ("/v1/calls?limit=1&limit=2", "repeated_parameter"),
    ],
)
def test_examples_of_errors_are_what_is_answered(
    client: FlaskClient, operations: dict[str, Doc], url: str, code: str
) -> None:
    content = operations["GET /v1/calls"]["responses"]["422"]["content"]["application/json"]
    assert client.get(url).json == content["examples"][code]["value"]


def test_examples_of_refusals_are_what_is_answered(
    anonymous: FlaskClient, make_client: Callable[..., FlaskClient], operations: dict[str, Doc]
) -> None:
    examples = codes_of(operations["GET /v1/calls"]["responses"])
    assert anonymous.get("/v1/calls").json == examples["invalid_api_key"]["value"]
    assert make_client("ingest").get("/v1/calls").json == examples["missing_scope"]["value"]


def test_documented_headers_are_sent(
    client: FlaskClient, anonymous: FlaskClient, operations: dict[str, Doc]
) -> None:
    posted = client.post("/v1/calls", json={})
    answers = {
        ("POST /v1/calls", "201"): posted,
        ("GET /v1/calls", "200"): client.get("/v1/calls"),
        ("GET /v1/calls/{call_id}", "200"): client.get(posted.headers["Location"]),
        ("GET /v1/calls", "401"): anonymous.get("/v1/calls"),
    }
    for (name, status), answer in answers.items():
        assert answer.status.startswith(status)
        assert operations[name]["responses"][status]["headers"].keys() <= set(answer.headers.keys())


def test_whatever_has_an_etag_can_be_asked_for_by_it(
    client: FlaskClient, operations: dict[str, Doc]
) -> None:
    address = client.post("/v1/calls", json={}).headers["Location"]
    etag = client.get(address).headers["ETag"]
    answer = client.get(address, headers={"If-None-Match": etag})
    operation = operations["GET /v1/calls/{call_id}"]
    assert answer.status_code == 304
    assert "304" in operation["responses"]
    assert "If-None-Match" in [parameter["name"] for parameter in operation["parameters"]]


@pytest.mark.parametrize("settings", [{"PUBLIC_URL": "https://calls.clinic.example"}])
def test_names_the_public_address_besides_its_own(description: Doc) -> None:
    addresses = [server["url"] for server in description["servers"]]
    assert addresses == ["/", "https://calls.clinic.example"]
