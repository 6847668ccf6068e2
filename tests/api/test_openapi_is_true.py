"""What /openapi.json says of answers is what is answered."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.support.openapi import REF, Doc, codes_of
from tests.support.resources import Resource, each

HEADERS = {"X-Request-Id", "ETag", "Location", "Link", "WWW-Authenticate", "Retry-After"}


def named(resource: Resource) -> str:
    """Give the address of one row as the description has it."""
    return f"{resource.url}/{{{resource.name.removesuffix('s')}_id}}"


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


@each
def test_documented_headers_are_those_that_are_sent(
    client: FlaskClient, operations: dict[str, Doc], resource: Resource
) -> None:
    posted, one = client.post(resource.url, json=resource.given), named(resource)
    known = {"If-None-Match": posted.headers["ETag"]}
    answers = [
        ("POST", resource.url, posted),
        ("POST", resource.url, client.post(resource.url, json=resource.given)),
        ("GET", resource.url, client.get(resource.url)),
        ("GET", one, client.get(resource.one)),
        ("GET", one, client.get(resource.one, headers=known)),
        ("PATCH", one, client.patch(resource.one, json={"version": 1})),
        ("PATCH", one, client.patch(resource.one, json={"version": 2})),
        ("DELETE", one, client.delete(resource.one)),
    ]
    statuses = [answer.status_code for _, _, answer in answers]
    assert statuses == [201, 200, 200, 200, 304, 200, 409, 204]
    for method, path, answer in answers:
        documented = operations[f"{method} {path}"]["responses"][answer.status[:3]]["headers"]
        assert documented.keys() == HEADERS & set(answer.headers.keys())


def test_a_refusal_says_what_is_wanted(anonymous: FlaskClient, operations: dict[str, Doc]) -> None:
    documented = operations["GET /v1/calls"]["responses"]["401"]["headers"]
    assert documented.keys() == HEADERS & set(anonymous.get("/v1/calls").headers.keys())


@each
def test_every_example_of_a_body_is_taken(
    client: FlaskClient, description: Doc, operations: dict[str, Doc], resource: Resource
) -> None:
    def example(name: str) -> Doc:
        """Give the body that the examples of all its fields make."""
        schema = operations[name]["requestBody"]["content"]["application/json"]["schema"]
        fields = description["components"]["schemas"][schema["$ref"].removeprefix(REF)]
        return {name: field["examples"][0] for name, field in fields["properties"].items()}

    posted = client.post(resource.url, json=example(f"POST {resource.url}"))
    changed = client.patch(posted.headers["Location"], json=example(f"PATCH {named(resource)}"))
    assert (posted.status_code, changed.status_code) == (201, 200)


@each
def test_every_example_of_a_parameter_is_taken(
    client: FlaskClient, operations: dict[str, Doc], resource: Resource
) -> None:
    for parameter in operations[f"GET {resource.url}"]["parameters"]:
        if parameter["in"] == "query":
            query = {parameter["name"]: parameter["schema"]["examples"][0]}
            assert client.get(resource.url, query_string=query).status_code == 200, query


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


@pytest.mark.parametrize(
    ("query", "code"),
    [("dry_run=true", "unknown_parameter"), ("&".join(["x="] * 201), "invalid_field")],
)
def test_examples_of_a_route_without_a_query_are_what_is_answered(
    client: FlaskClient, operations: dict[str, Doc], query: str, code: str
) -> None:
    examples = codes_of(operations["DELETE /v1/calls/{call_id}"]["responses"])
    assert client.delete(f"/v1/calls/x?{query}").json == examples[code]["value"]


def test_whatever_changes_a_row_takes_if_match(operations: dict[str, Doc]) -> None:
    for name, operation in operations.items():
        takes = "If-Match" in [parameter["name"] for parameter in operation["parameters"]]
        assert takes == name.startswith(("PATCH ", "DELETE ")) == ("412" in operation["responses"])


def test_example_of_412_is_what_is_answered(
    client: FlaskClient, operations: dict[str, Doc]
) -> None:
    address = client.post("/v1/calls", json={}).headers["Location"]
    answer = client.delete(address, headers={"If-Match": '"another"'})
    examples = codes_of({"412": operations["DELETE /v1/calls/{call_id}"]["responses"]["412"]})
    assert answer.json == examples["version_mismatch"]["value"]


def test_no_text_of_a_query_is_said_to_take_a_nul(operations: dict[str, Doc]) -> None:
    asked = [place for doc in operations.values() for place in doc.get("parameters", [])]
    schemas = [place["schema"].get("items", place["schema"]) for place in asked]
    texts = [
        schema for schema in schemas if schema.get("type") == "string" and "enum" not in schema
    ]
    assert texts
    assert not [schema for schema in texts if re.search(schema.get("pattern", "^$"), "a\0b")]
