"""The description of the API beyond its routes and schemas: texts, errors, headers, examples."""

import http
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import marshmallow as ma
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask_smorest.spec.plugins import FlaskPlugin

from app.auth import PUBLIC
from app.problems import CODES, WIRE_CODES, Problem
from app.schemas.fields import Choice, Instant
from app.schemas.figures import GROUPINGS

Doc = dict[str, Any]

ABOUT = """\
A clinic's own book of the calls that its AI receptionists answered.

**Keys.** Every request carries the header `X-API-Key`; `clinic-calls keys create` makes keys.
The scope `write` includes `read`, `admin` includes all. A key is never accepted in a URL.

**Lists** come in pages, by `page` and `limit`; the `Link` header names the first, previous, next
and last page with the same filters. An empty value is the same as an absent one. What the API
does not know is refused: an ignored typo would give everybody's calls.

**Instants** are RFC 3339 in UTC, with milliseconds only where they are not zero. In a body they
need an offset; in UTC they lie in the years 1970 to 9999.

**Errors** all come in one envelope: `detail.code` is for programs, `detail.message` tells a person
what to do, `detail.param` names the field at fault. Every response has an `X-Request-Id`.

GET answers HEAD too. New fields may appear in responses: pass over those you do not know.
"""

API_KEY_SCHEME = {
    "type": "apiKey",
    "in": "header",
    "name": "X-API-Key",
    "description": "A key made by `clinic-calls keys create`.",
}

HEADERS: dict[str, Doc] = {
    "X-Request-Id": {
        "description": "Names this request; name it when you report a problem.",
        "schema": {"type": "string"},
        "example": "8f3c2e6a5b1d4c70",
    },
    "WWW-Authenticate": {
        "description": "That a key is wanted.",
        "schema": {"type": "string"},
        "example": 'ApiKey realm="clinic"',
    },
    "ETag": {"description": "Stands for this content.", "schema": {"type": "string"}},
    "Location": {"description": "Where it is now.", "schema": {"type": "string"}},
    "Link": {
        "description": "`first`, `prev`, `next` and `last` page with the same filters (RFC 8288),"
        " as many of them as 2,000 bytes hold, `next` before the others.",
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "Seconds to wait before the next attempt.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 2,
    },
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "The `ETag` of an earlier answer: 304 while nothing has changed.",
    "schema": {"type": "string"},
}
IF_MATCH = IF_NONE_MATCH | {
    "name": "If-Match",
    "description": "The `ETag` of an earlier answer, or `*`: 412 where it is no longer this.",
}
# What a provider sends is its own affair; its signature is over the bytes.
WEBHOOK_BODY: Doc = {
    "description": "What the provider sends, signed as it does.",
    "required": True,
    "content": {
        "application/json": {"schema": {"type": "object"}},
        "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
    },
}
_HEADERS_OF_METHOD = {"get": ["ETag"], "post": ["ETag", "Location"], "patch": ["ETag"]}
_CONDITION_OF_METHOD = {"get": IF_NONE_MATCH, "patch": IF_MATCH, "delete": IF_MATCH}
_HEADER_OF_CODE = {
    "invalid_api_key": "WWW-Authenticate",
    "too_many_requests": "Retry-After",
    "unavailable": "Retry-After",
}

# code → message and field of its example, where the code's own message says too little; those of
# an operation with a query or a body come before the others
Examples = dict[str, tuple[str, str | None]]
_EXAMPLES: Examples = {
    "unknown_parameter": ("There is no parameter dry_run.", "dry_run"),
    "invalid_field": ("A request may have at most 200 parameters.", None),
}
_LIST_EXAMPLES: Examples = {
    "unknown_parameter": ("There is no parameter pagesize. Did you mean page?", "pagesize"),
    "repeated_parameter": ("Give limit once only.", "limit"),
    "invalid_field": ("limit must be a whole number from 1 to 100.", "limit"),
}
_STATS_EXAMPLES: Examples = {
    "unknown_parameter": ("There is no parameter limit.", "limit"),
    "repeated_parameter": ("Give group_by once only.", "group_by"),
    "invalid_field": (f"group_by must be one of {', '.join(GROUPINGS)}.", "group_by"),
}
_BODY_EXAMPLES: Examples = {"invalid_field": ("colour is not a field here.", "colour")}

HEALTH: Doc = {
    "operationId": "health",
    "summary": "Say whether the service works",
    "description": "It works while the database can be read and its disk has room.",
    "tags": ["Service"],
    "security": [],
    "responses": {
        "200": {
            "description": "It works.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["status"],
                        "properties": {"status": {"type": "string", "enum": ["ok"]}},
                    },
                    "example": {"status": "ok"},
                }
            },
        }
    },
}
# Said by the server before the application is asked, in words of its own and in no envelope.
UNREADABLE: Doc = {"400": {"description": "The server cannot read it."}}


def spec_options(clinic: str, public_url: str | None) -> dict[str, Any]:
    """Give flask-smorest's settings for a clinic's service that is reached under an address."""
    servers = [{"url": "/", "description": "This service"}]
    if public_url:
        servers.append({"url": public_url, "description": "From outside"})
    licence = {"name": "MIT", "identifier": "MIT"}
    return {
        "info": {"description": ABOUT, "contact": {"name": clinic}, "license": licence},
        "security": [{"ApiKey": []}],
        "servers": servers,
    }


class Converter(OpenAPIConverter):
    """Describes our schemas and kinds of field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.map_to_openapi_type(Instant, "string", "date-time")
        self.attribute_functions += [self.example_of_field, self.refer_to_choices]
        self.parameter_attribute_functions += [self.nullable_parameter]

    def schema2jsonschema(self, schema: ma.Schema) -> Doc:
        """Give a schema the first line of its class as description."""
        return super().schema2jsonschema(schema) | {
            "description": (type(schema).__doc__ or "").partition("\n")[0]
        }

    def example_of_field(self, field: ma.fields.Field[Any], ret: Doc) -> Doc:
        # In the form of JSON Schema, with which Swagger UI does not fill its forms.
        return {"examples": [ret.pop("example")]} if "example" in ret else {}

    def refer_to_choices(self, field: ma.fields.Field[Any], ret: Doc) -> Doc:
        """Give the words of a choice a schema of their own: one type in a client, not many."""
        if not isinstance(field, Choice):
            return {}
        if field.component not in self.spec.components.schemas:
            words = {"type": "string", "enum": list(field.choices)}
            self.spec.components.schema(field.component, words)
        del ret["type"]
        return _or_null(field.component) if field.allow_none else _reference(field.component)

    def nullable_parameter(self, field: ma.fields.Field[Any], **kwargs: Any) -> Doc:
        """Let an optional parameter be null: an empty value is the same as an absent one."""
        schema = kwargs["ret"]["schema"]
        if isinstance(field, Choice):
            del schema["$ref"]
            schema |= _or_null(field.component)
        elif not isinstance(field, ma.fields.List):
            schema["type"] = [schema["type"], "null"]
        return {}


def _reference(component: str) -> Doc:
    return {"$ref": f"#/components/schemas/{component}"}


def _or_null(component: str) -> Doc:
    return {"anyOf": [_reference(component), {"type": "null"}]}


class SchemaPlugin(MarshmallowPlugin):
    Converter = Converter


class PathPlugin(FlaskPlugin):
    """Describes the ids in a path; those of calls are UUIDs, as they are in an answer."""

    def rule_to_params(self, rule: Any) -> list[Doc]:
        params = super().rule_to_params(rule)
        for param in params:
            param["description"] = f"The {param['name'].removesuffix('_id')}'s id."
            if param["name"] == "call_id":
                param["schema"]["format"] = "uuid"
        return params


def describe_health(spec: APISpec, rule: Any) -> None:
    """Describe the one route that is no part of a resource."""
    operation = complete(deepcopy(HEALTH), "get", set(), frozenset({PUBLIC}))
    operation["responses"] |= UNREADABLE
    # Monitors look for one status, whatever is wrong.
    operation["responses"]["503"]["description"] += "\n- `storage_full`: The disk is full."
    spec.path(rule=rule, operations={"get": operation})
    spec.tag({"name": "Service", "description": "The service itself."})


def add_components(spec: APISpec) -> None:
    """Register what operations refer to."""
    spec.components.security_scheme("ApiKey", API_KEY_SCHEME)
    for name, header in HEADERS.items():
        spec.components.header(name, header)


def complete(doc: Doc, method: str, codes: set[str], scopes: frozenset[str]) -> Doc:
    """Add to an operation the headers of its answers, its errors and what follows from an ETag."""
    wanted = f"This key may not do that: it needs the scope {' or '.join(sorted(scopes))}."
    examples, headers = _EXAMPLES | {"missing_scope": (wanted, None)}, ["X-Request-Id"]
    is_public = not scopes - {PUBLIC}
    codes |= set(_usual_codes(method, doc, is_public=is_public))
    if doc.get("parameters"):
        is_list = any("page" in parameter["schema"]().fields for parameter in doc["parameters"])
        examples |= _LIST_EXAMPLES if is_list else _STATS_EXAMPLES
        headers += ["Link"] * is_list
    if doc.get("requestBody"):
        examples |= _BODY_EXAMPLES
    if not is_public:
        headers += _HEADERS_OF_METHOD.get(method, [])
        if method in _CONDITION_OF_METHOD:
            doc.setdefault("parameters", []).append(_CONDITION_OF_METHOD[method])
    elif method == "post":
        doc["requestBody"] = deepcopy(WEBHOOK_BODY)
    answers = {str(status): answer for status, answer in doc["responses"].items()}
    answers = {status: answer for status, answer in answers.items() if status < "4"}
    if not is_public and method == "get":
        answers["304"] = {"description": "It has not changed."}
    for answer in answers.values():
        answer["headers"] = _refer_headers(headers)
    doc["responses"] = answers | _error_responses(codes, examples)
    return doc


def _usual_codes(method: str, doc: Doc, *, is_public: bool) -> Iterator[str]:
    """Give the codes that follow from what an operation is and takes."""
    yield from ("internal_error", "unavailable")
    if not is_public:
        yield from ("invalid_api_key", "missing_scope", "too_many_requests")
        yield from ("invalid_field", "unknown_parameter")
    if doc.get("parameters"):
        yield "repeated_parameter"
    if doc.get("requestBody"):
        yield "malformed_json"
        yield "version_mismatch" if method == "patch" else "already_exists"
    if method in ("post", "patch"):
        yield from ("unsupported_media_type", "body_too_large")
    if method in ("patch", "delete"):
        yield "precondition_failed"
    if method != "get":
        yield "storage_full"


def _error_responses(codes: set[str], examples: Examples) -> dict[str, Doc]:
    """Give the responses, by status, of an operation that answers with these codes."""
    statuses: dict[int, list[str]] = {}
    for code, (status, _) in CODES.items():
        if code in codes:
            statuses.setdefault(status, []).append(code)
    return {
        str(status): _error_response(status, statuses[status], examples)
        for status in sorted(statuses)
    }


def _error_response(status: int, codes: list[str], examples: Examples) -> Doc:
    problems = {WIRE_CODES[code]: Problem(code, *examples.get(code, ())) for code in codes}
    causes = "\n".join(f"- `{WIRE_CODES[code]}`: {CODES[code][1]}" for code in codes)
    headers = ["X-Request-Id", *filter(None, map(_HEADER_OF_CODE.get, codes))]
    shown = {code: {"value": {"detail": problem.detail()}} for code, problem in problems.items()}
    schema = {"$ref": "#/components/schemas/Error"}
    return {
        "description": f"{http.HTTPStatus(status).phrase}\n\n{causes}",
        "headers": _refer_headers(headers),
        "content": {"application/json": {"schema": schema, "examples": shown}},
    }


def _refer_headers(names: list[str]) -> Doc:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
