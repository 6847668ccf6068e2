"""/openapi.json is valid and complete: it changes with the routes, or a test fails."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.problems import WIRE_CODES
from tests.support.openapi import REF, Doc, codes_of, faults_of

TEXT = {"type": ["string", "null"], "maxLength": 512, "pattern": r"^[^\u0000]*$"}
YEARS = r"^(19[7-9]|[2-9][0-9]{2})[0-9]-"
INSTANT = {"type": ["string", "null"], "format": "date-time", "pattern": YEARS}

# name → JSON types and bounds, as the page has them; then what the contract adds
PAGE_PARAMETERS = {
    "page": {"type": ["integer", "null"], "default": 1, "minimum": 1, "maximum": 2147483647},
    "limit": {"type": ["integer", "null"], "default": 50, "minimum": 1, "maximum": 100},
    "q": TEXT,
    "assistant_id": TEXT,
    "status": {"anyOf": [{"$ref": REF + "CallStatus"}, {"type": "null"}]},
    "category": {"anyOf": [{"$ref": REF + "CallCategory"}, {"type": "null"}]},
    "type": TEXT,
    "customer_number": TEXT,
    "patient_id": TEXT,
    "sessions_scheduled_min": {
        "type": ["integer", "null"],
        "minimum": -2147483648,
        "maximum": 2147483647,
    },
    "tag_filter_mode": {
        "anyOf": [{"$ref": REF + "TagFilterMode"}, {"type": "null"}],
        "default": "any",
    },
    "started_gte": INSTANT,
    "started_lte": INSTANT,
}
MORE_PARAMETERS = {
    "tags[]": {
        "type": "array",
        "items": {"type": "string", "maxLength": 512, "pattern": "^[^\\u0000,()\\[\\]{}'\"]*$"},
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
    "GET /v1/calls/stats": "call_stats",
    "POST /v1/calls": "create_call",
    "GET /v1/calls/{call_id}": "get_call",
    "PATCH /v1/calls/{call_id}": "update_call",
    "DELETE /v1/calls/{call_id}": "delete_call",
    "POST /v1/calls/{call_id}/attempts": "create_attempt",
    "GET /v1/calls/{call_id}/history": "list_call_history",
    "GET /v1/patients": "list_patients",
    "POST /v1/patients": "create_patient",
    "GET /v1/patients/{patient_id}": "get_patient",
    "PATCH /v1/patients/{patient_id}": "update_patient",
    "DELETE /v1/patients/{patient_id}": "delete_patient",
    "GET /v1/patients/{patient_id}/history": "list_patient_history",
    "GET /v1/tags": "list_tags",
    "POST /v1/tags": "create_tag",
    "GET /v1/tags/{tag_id}": "get_tag",
    "PATCH /v1/tags/{tag_id}": "update_tag",
    "DELETE /v1/tags/{tag_id}": "delete_tag",
    "POST /v1/ingest/{provider}": "receive_webhook",
    "GET /health": "health",
}


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


def test_is_valid_openapi_31(description: Doc) -> None:
    assert description["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []


def test_describes_every_route_and_no_other(app: Flask, operations: dict[str, Doc]) -> None:
    routes = {
        method + " " + re.sub("<(?:call:)?([^>]+)>", r"{\1}", rule.rule)
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
        name for name, o in operations.items() if "invalid_api_key" not in codes_of(o["responses"])
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


def test_the_id_of_a_call_is_a_uuid_in_a_path_too(
    description: Doc, operations: dict[str, Doc]
) -> None:
    parts = [p for o in operations.values() for p in o["parameters"] if p["in"] == "path"]
    formats = {(p["name"], p["schema"].get("format")) for p in parts}
    own = [description["components"]["schemas"][name] for name in ("Call", "CallCreate")]
    others = {(name, None) for name in ("patient_id", "tag_id", "provider")}
    assert formats == {("call_id", "uuid")} | others
    assert [schema["properties"]["id"]["format"] for schema in own] == ["uuid", "uuid"]


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ("Call", ["patient_id"]),
        ("CallCreate", ["patient_id"]),
        ("Patient", ["id", "tags"]),
        ("PatientCreate", ["id", "tags"]),
        ("PatientPatch", ["tags"]),
        ("Tag", ["id"]),
        ("TagCreate", ["id"]),
    ],
)
def test_ids_of_patients_and_tags_are_plain_text(
    description: Doc, schema: str, names: list[str]
) -> None:
    fields = description["components"]["schemas"][schema]["properties"]
    kinds = [fields[name].get("items", fields[name]) for name in names]
    assert [kind for kind in kinds if "string" not in kind["type"] or "format" in kind] == []


def test_no_text_may_hold_a_nul(description: Doc, operations: dict[str, Doc]) -> None:
    bodies = set(_refs([o.get("requestBody") for o in operations.values()], description))
    schemas = [description["components"]["schemas"][name] for name in bodies]
    fields = [field for schema in schemas for field in schema.get("properties", {}).items()]
    for operation in operations.values():
        fields += [(p["name"], p["schema"]) for p in operation["parameters"] if p["in"] == "query"]
    # Of a language only its format says what it is.
    takes_nul = {name for name, schema in fields if not faults_of("a\0", schema, description)}
    assert takes_nul == {"language"}


def _examples(node: Any) -> Iterator[tuple[Any, Doc]]:
    """Give every example below a part of the description, with the schema that it is one of."""
    if isinstance(node, list):
        for item in node:
            yield from _examples(item)
    elif isinstance(node, dict):
        if "example" in node:
            yield node["example"], node["schema"]
        if isinstance(node.get("examples"), dict):
            yield from ((example["value"], node["schema"]) for example in node["examples"].values())
        elif "examples" in node:
            yield from ((example, node) for example in node["examples"])
        yield from _examples(list(node.values()))


def test_every_example_is_valid(description: Doc) -> None:
    examples = list(_examples(description))
    assert len(examples) > 250
    assert [e for e, schema in examples if faults_of(e, schema, description)] == []


def test_instants_are_date_times(description: Doc) -> None:
    call = description["components"]["schemas"]["CallDetail"]["properties"]
    instants = {name for name, field in call.items() if field.get("format") == "date-time"}
    assert instants == {"created_at", "started_at", "ended_at", "updated_at", "due_at"}


def test_every_error_comes_in_the_envelope(operations: dict[str, Doc]) -> None:
    # Of the server itself, before the application is asked.
    assert operations["GET /health"]["responses"].pop("400").keys() == {"description"}
    for operation in operations.values():
        for status, answer in operation["responses"].items():
            assert "X-Request-Id" in answer["headers"]
            if status >= "4":
                schema = answer["content"]["application/json"]["schema"]
                assert schema == {"$ref": REF + "Error"}


def test_every_code_belongs_to_an_operation(operations: dict[str, Doc]) -> None:
    documented = {code for o in operations.values() for code in codes_of(o["responses"])}
    # No operation answers these: they are for requests that reach none.
    assert {*WIRE_CODES.values()} - documented == {"method_not_allowed", "bad_request"}
