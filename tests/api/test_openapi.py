"""/openapi.json is valid, complete and true: it changes with the routes, or a test fails."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.problems import WIRE_CODES

Doc = dict[str, Any]
REF = "#/components/schemas/"

# name → JSON types and bounds, as the page has them; then what the contract adds
PAGE_PARAMETERS = {
    "page": {"type": ["integer", "null"], "default": 1, "minimum": 1, "maximum": 2147483647},
    "limit": {"type": ["integer", "null"], "default": 50, "minimum": 1, "maximum": 100},
    "q": {"type": ["string", "null"], "maxLength": 512},
    "assistant_id": {"type": ["string", "null"], "maxLength": 512},
    "status": {"anyOf": [{"$ref": REF + "CallStatus"}, {"type": "null"}]},
    "category": {"anyOf": [{"$ref": REF + "CallCategory"}, {"type": "null"}]},
    "type": {"type": ["string", "null"], "maxLength": 512},
    "customer_number": {"type": ["string", "null"], "maxLength": 512},
    "patient_id": {"type": ["string", "null"], "maxLength": 512},
    "sessions_scheduled_min": {
        "type": ["integer", "null"],
        "minimum": -2147483648,
        "maximum": 2147483647,
    },
    "tag_filter_mode": {
        "anyOf": [{"$ref": REF + "TagFilterMode"}, {"type": "null"}],
        "default": "any",
    },
    "started_gte": {"type": ["string", "null"], "format": "date-time"},
    "started_lte": {"type": ["string", "null"], "format": "date-time"},
}
MORE_PARAMETERS = {
    "tags[]": {
        "type": "array",
        "items": {"type": "string", "maxLength": 512, "pattern": "^[^,()\\[\\]{}'\"]*$"},
        "maxItems": 100,
    },
    "sort": {
        "anyOf": [{"$ref": REF + "CallSort"}, {"type": "null"}],
        "default": "-started_at",
    },
}
WORDS = {
    "CallStatus": ["pending", "done", "follow_up_needed"],
    "CallCategory": [
        "client_support",
        "miscellaneous",
        "billing",
        "new_appointment",
        "existing_appointment",
        "rescheduling",
        "cancellation",
        "authorization",
        "appointment_inquiry",
    ],
    "TagFilterMode": ["any", "all", "exclude_any", "exclude_all"],
    "CallSort": ["-started_at", "started_at"],
}
# Clients are generated with methods of these names.
OPERATION_IDS = {
    "GET /v1/calls": "list_calls",
    "POST /v1/calls": "create_call",
    "GET /v1/calls/{call_id}": "get_call",
    "PATCH /v1/calls/{call_id}": "update_call",
    "DELETE /v1/calls/{call_id}": "delete_call",
    "GET /v1/patients": "list_patients",
    "POST /v1/patients": "create_patient",
    "GET /v1/patients/{patient_id}": "get_patient",
    "PATCH /v1/patients/{patient_id}": "update_patient",
    "DELETE /v1/patients/{patient_id}": "delete_patient",
    "GET /v1/tags": "list_tags",
    "POST /v1/tags": "create_tag",
    "GET /v1/tags/{tag_id}": "get_tag",
    "PATCH /v1/tags/{tag_id}": "update_tag",
    "DELETE /v1/tags/{tag_id}": "delete_tag",
    "POST /v1/ingest/{provider}": "receive_webhook",
    "GET /health": "health",
}


@pytest.fixture
def description(anonymous: FlaskClient) -> Doc:
    answer: Doc = anonymous.get("/openapi.json").get_json()
    return answer


@pytest.fixture
def operations(description: Doc) -> dict[str, Doc]:
    """Every operation by method and path, the parameters of its path among its own."""
    return {
        f"{method.upper()} {path}": operation
        | {"parameters": item.get("parameters", []) + operation.get("parameters", [])}
        for path, item in description["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


def test_is_valid_openapi_31(description: Doc) -> None:
    assert description["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []


def test_describes_every_route_and_no_other(app: Flask, operations: dict[str, Doc]) -> None:
    routes = {
        f"{method} {rule.rule.replace('<', '{').replace('>', '}')}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/v1/") or rule.rule == "/health"
    }
    assert set(operations) == routes


def test_operation_ids_stay(operations: dict[str, Doc]) -> None:
    assert {name: o["operationId"] for name, o in operations.items()} == OPERATION_IDS


def test_every_operation_has_a_name_and_words(operations: dict[str, Doc]) -> None:
    names = [operation["operationId"] for operation in operations.values()]
    assert len(set(names)) == len(names)
    assert [o for o in operations.values() if not 5 <= len(o["summary"]) <= 60] == []
    assert [o for o in operations.values() if not (o["description"] and o["tags"])] == []


def test_every_operation_but_the_public_ones_wants_a_key(operations: dict[str, Doc]) -> None:
    public = {name for name, operation in operations.items() if operation.get("security") == []}
    keyless = {
        name for name, o in operations.items() if "invalid_api_key" not in _codes(o["responses"])
    }
    assert public == keyless == {"GET /health", "POST /v1/ingest/{provider}"}


def test_every_parameter_is_described(operations: dict[str, Doc]) -> None:
    parameters = [p for operation in operations.values() for p in operation["parameters"]]
    assert [p for p in parameters if len(p.get("description", "")) < 10] == []


def test_list_calls_takes_the_parameters_of_the_page(operations: dict[str, Doc]) -> None:
    parameters = operations["GET /v1/calls"]["parameters"]
    schemas = {p["name"]: p["schema"] for p in parameters if p["in"] == "query"}
    for schema in schemas.values():
        schema.pop("examples", None)
    assert schemas == PAGE_PARAMETERS | MORE_PARAMETERS


@pytest.mark.parametrize("name", WORDS)
def test_choices_are_listed(description: Doc, name: str) -> None:
    schema = description["components"]["schemas"][name]
    assert schema == {"type": "string", "enum": WORDS[name]}


def test_examples_do_not_fill_the_form_of_a_query(operations: dict[str, Doc]) -> None:
    parameters = [p for operation in operations.values() for p in operation["parameters"]]
    assert [p for p in parameters if "example" in p or "example" in p["schema"]] == []


def test_responses_may_gain_fields_and_requests_may_not(
    description: Doc, operations: dict[str, Doc]
) -> None:
    answers = set(_refs([o["responses"] for o in operations.values()], description))
    bodies = set(_refs([o.get("requestBody") for o in operations.values()], description))
    objects = {
        name: schema.get("additionalProperties")
        for name, schema in description["components"]["schemas"].items()
        if schema["type"] == "object"
    }
    assert {name for name in answers & objects.keys() if objects[name] is False} == set()
    assert {name for name in bodies & objects.keys() if objects[name] is not False} == set()


def test_whatever_is_posted_has_a_body(operations: dict[str, Doc]) -> None:
    senders = {name for name, operation in operations.items() if "requestBody" in operation}
    assert senders == {name for name in operations if name.startswith(("POST ", "PATCH "))}


def test_every_schema_and_field_is_described(description: Doc) -> None:
    schemas = description["components"]["schemas"]
    objects = {name: schema for name, schema in schemas.items() if schema["type"] == "object"}
    fields = {f"{n}.{f}": doc for n, s in objects.items() for f, doc in s["properties"].items()}
    containers = {name for name in fields if name.endswith((".data", ".pagination", ".detail"))}
    assert [name for name, schema in objects.items() if not schema["description"]] == []
    assert [n for n in fields.keys() - containers if not fields[n].get("description")] == []


def test_instants_are_date_times(description: Doc) -> None:
    call = description["components"]["schemas"]["CallDetail"]["properties"]
    instants = {name for name, field in call.items() if field.get("format") == "date-time"}
    assert instants == {"created_at", "started_at", "ended_at", "updated_at"}


def test_every_error_comes_in_the_envelope(operations: dict[str, Doc]) -> None:
    for operation in operations.values():
        for status, answer in operation["responses"].items():
            assert "X-Request-Id" in answer["headers"]
            if status >= "4":
                schema = answer["content"]["application/json"]["schema"]
                assert schema == {"$ref": REF + "Error"}


def test_every_code_belongs_to_an_operation(operations: dict[str, Doc]) -> None:
    documented = {code for o in operations.values() for code in _codes(o["responses"])}
    # No operation answers these: they are for requests that reach none.
    assert {*WIRE_CODES.values()} - documented == {"method_not_allowed", "bad_request"}


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


@pytest.mark.parametrize(
    ("query", "code"),
    [("dry_run=true", "unknown_parameter"), ("&".join(["x="] * 201), "invalid_field")],
)
def test_examples_of_a_route_without_a_query_are_what_is_answered(
    client: FlaskClient, operations: dict[str, Doc], query: str, code: str
) -> None:
    examples = _codes(operations["DELETE /v1/calls/{call_id}"]["responses"])
    assert client.delete(f"/v1/calls/x?{query}").json == examples[code]["value"]


def test_examples_of_refusals_are_what_is_answered(
    anonymous: FlaskClient, make_client: Callable[..., FlaskClient], operations: dict[str, Doc]
) -> None:
    examples = _codes(operations["GET /v1/calls"]["responses"])
    assert anonymous.get("/v1/calls").json == examples["invalid_api_key"]["value"]
    assert make_client("ingest").get("/v1/calls").json == examples["missing_scope"]["value"]


def test_documented_headers_are_sent(
    client: FlaskClient, anonymous: FlaskClient, operations: dict[str, Doc]
) -> None:
    posted = client.post("/v1/calls", json={})
    patient = client.post("/v1/patients", json={"last_name": "Okafor"})
    version = {"version": 1}
    answers = {
        ("POST /v1/patients", "201"): patient,
        ("GET /v1/patients", "200"): client.get("/v1/patients"),
        ("PATCH /v1/patients/{patient_id}", "200"): client.patch(
            patient.headers["Location"], json=version
        ),
        ("GET /v1/tags", "200"): client.get("/v1/tags"),
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


def test_whatever_changes_a_row_takes_if_match(operations: dict[str, Doc]) -> None:
    for name, operation in operations.items():
        takes = "If-Match" in [parameter["name"] for parameter in operation["parameters"]]
        assert takes == name.startswith(("PATCH ", "DELETE ")) == ("412" in operation["responses"])


def test_example_of_412_is_what_is_answered(
    client: FlaskClient, operations: dict[str, Doc]
) -> None:
    address = client.post("/v1/calls", json={}).headers["Location"]
    answer = client.delete(address, headers={"If-Match": '"another"'})
    examples = _codes({"412": operations["DELETE /v1/calls/{call_id}"]["responses"]["412"]})
    assert answer.json == examples["version_mismatch"]["value"]


@pytest.mark.parametrize("settings", [{"PUBLIC_URL": "https://calls.clinic.example"}])
def test_names_the_public_address_besides_its_own(description: Doc) -> None:
    addresses = [server["url"] for server in description["servers"]]
    assert addresses == ["/", "https://calls.clinic.example"]


def _codes(responses: Doc) -> dict[str, Doc]:
    """Give the documented examples of errors by their codes."""
    contents = [answer.get("content", {}) for answer in responses.values()]
    examples = [content.get("application/json", {}).get("examples", {}) for content in contents]
    return {code: example for group in examples for code, example in group.items()}


def _refs(node: Any, description: Doc) -> Iterator[str]:
    """Give the names of all schemas that a part of the description leads to."""
    if isinstance(node, list):
        for item in node:
            yield from _refs(item, description)
    elif isinstance(node, dict):
        if node.get("$ref", "").startswith(REF):
            name = node["$ref"].removeprefix(REF)
            yield name
            yield from _refs(description["components"]["schemas"][name], description)
        yield from _refs(list(node.values()), description)
