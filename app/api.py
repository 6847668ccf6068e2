"""Our Api, Blueprint, Schema and request parser: strictness and documentation in one place."""

import difflib
import http
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

import flask_smorest
import marshmallow as ma
import orjson
from flask import Flask, Request, Response, current_app, render_template
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge

from app.auth import PUBLIC, requires
from app.errors import CODES, ApiError
from app.schemas.errors import ErrorSchema

MAX_VALUE_LENGTH = 512
MAX_BODY_BYTES = 1024 * 1024

Parsed = Any


class RequestParser(FlaskParser):
    """Reads a request strictly: nothing unknown, repeated or unreadable is passed over."""

    USE_ARGS_POSITIONAL = True
    DEFAULT_UNKNOWN_BY_LOCATION = {"query": ma.RAISE, "json": ma.RAISE}

    def parse(self, argmap: Any, req: Request | None = None, **kwargs: Any) -> Parsed:
        """Give the arguments of the current request at a location, validated by their schema."""
        request = req or self.get_default_request()
        if kwargs.get("location") == "query":
            return self._remembered_query(argmap, request.query_string)
        return load(_schema(argmap), read_json(request))

    def _remembered_query(self, argmap: Any, query_string: bytes) -> Parsed:
        # The same text always means the same to the same application: it is parsed once.
        return current_app.extensions["parse_query"](argmap, query_string)


def _schema(argmap: Any) -> ma.Schema:
    return argmap() if isinstance(argmap, type) else argmap


def parse_query(argmap: Any, query_string: bytes) -> Parsed:
    """Validate the text behind a URL's question mark. Raises ApiError for what is not known."""
    schema = _schema(argmap)
    fields = {field.data_key or name: field for name, field in schema.load_fields.items()}
    values: dict[str, Any] = {}
    errors: list[ApiError] = []
    for name, value in _pairs(query_string, errors):
        if name not in fields:
            errors.append(_unknown(name, list(fields)))
        elif not value.strip():
            continue
        elif isinstance(fields[name], ma.fields.List):
            values.setdefault(name, []).append(value)
        elif name in values:
            errors.append(ApiError("repeated_parameter", f"Give {name} once only.", name))
        else:
            values[name] = value
    return load(schema, values, errors)


def _pairs(query_string: bytes, errors: list[ApiError]) -> Iterator[tuple[str, str]]:
    """Decode the pairs of a query string; what cannot be decoded becomes an error."""
    for pair in query_string.replace(b"+", b" ").split(b"&"):
        if not pair:
            continue
        raw_name, _, raw_value = pair.partition(b"=")
        name = unquote_to_bytes(raw_name).decode("utf-8", "replace")
        try:
            value = unquote_to_bytes(raw_value).decode("utf-8")
        except UnicodeDecodeError:
            errors.append(ApiError("invalid_field", f"{_shown(name)} is not UTF-8.", _shown(name)))
            continue
        if "\0" in value:
            message = f"{_shown(name)} holds a NUL character."
            errors.append(ApiError("invalid_field", message, _shown(name)))
        elif len(value) > MAX_VALUE_LENGTH:
            message = f"{_shown(name)} is longer than {MAX_VALUE_LENGTH} characters."
            errors.append(ApiError("invalid_field", message, _shown(name)))
        else:
            yield name, value


def _unknown(name: str, known: list[str]) -> ApiError:
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0)
    hint = f" Did you mean {near[0]}?" if near else ""
    message = f"There is no parameter {_shown(name)}.{hint}"
    return ApiError("unknown_parameter", message, _shown(name))


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in name[:64])


def load(schema: ma.Schema, values: Any, errors: list[ApiError] | None = None) -> Parsed:
    """Validate values by a schema, all faults in one ApiError after those already found."""
    errors = list(errors or ())
    parsed: Parsed = None
    try:
        parsed = schema.load(values)
    except ma.ValidationError as error:
        errors.extend(_field_errors(error.normalized_messages()))
    if errors:
        first = errors[0]
        several = errors[:100] if len(errors) > 1 else []
        raise ApiError(first.code, first.message, first.param, errors=several)
    return parsed


def _field_errors(messages: Any, path: str = "") -> Iterator[ApiError]:
    """Flatten marshmallow's messages, `{"tags": {0: ["…"]}}`, into errors that name the field."""
    if isinstance(messages, dict):
        for key, value in messages.items():
            inner = path if isinstance(key, int) or key == "_schema" else str(key)
            yield from _field_errors(value, inner)
        return
    param = _shown(path) or None
    for message in messages:
        yield ApiError("invalid_field", f"{param} {message}" if param else message, param)


def read_json(request: Request) -> Any:
    """Give the JSON body of a request. Raises ApiError for the wrong type, size or text."""
    if request.mimetype != "application/json":
        raise ApiError("unsupported_media_type")
    try:
        request.max_content_length = MAX_BODY_BYTES
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise ApiError(
            "body_too_large", f"The body is larger than {MAX_BODY_BYTES} bytes."
        ) from None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ApiError("malformed_json") from None


class Schema(ma.Schema):
    """Refuses unknown fields when it reads, keeps the page's order when it writes."""

    class Meta:
        unknown = ma.RAISE

    error_messages = {
        "unknown": "is not a field here.",
        "type": "The body must be a JSON object.",
    }


class Blueprint(flask_smorest.Blueprint):
    """Documents each operation's id, key and errors by itself."""

    ARGUMENTS_PARSER = RequestParser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(self._prepare_scope_doc)

    def _store_endpoint_docs(
        self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any
    ) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)
        for method, doc in self._docs[endpoint].items():
            if method != "parameters":
                doc["operation_id"] = obj.__name__
                doc["scopes"] = obj.scopes

    def _prepare_scope_doc(
        self, doc: dict[str, Any], doc_info: dict[str, Any], **_: Any
    ) -> dict[str, Any]:
        doc["operationId"] = doc_info["operation_id"]
        scopes = doc_info["scopes"]
        if PUBLIC in scopes:
            doc["security"] = []
        responses = doc.setdefault("responses", {})
        responses.pop("422", None)
        for status in sorted(_error_statuses(doc, scopes)):
            responses.setdefault(str(status), _error_response(status))
        return doc


def _error_statuses(doc: dict[str, Any], scopes: frozenset[str]) -> set[int]:
    statuses = {500, 503}
    if PUBLIC not in scopes:
        statuses |= {401, 403, 429}
    if doc.get("parameters") or doc.get("requestBody"):
        statuses |= {422}
    if doc.get("requestBody"):
        statuses |= {400, 409, 413, 415, 507}
    return statuses


def _error_response(status: int) -> dict[str, Any]:
    codes = [code for code, (number, _, _) in CODES.items() if number == status]
    code = codes[0]
    example = ApiError(code).detail()
    response: dict[str, Any] = {
        "description": f"{http.HTTPStatus(status).phrase}: {', '.join(codes)}",
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/Error"},
                "example": {"detail": example},
            }
        },
    }
    header = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}.get(status)
    if header:
        response["headers"] = {header: {"schema": {"type": "string"}}}
    return response


class Api(flask_smorest.Api):
    """flask-smorest's Api; its pages are ours, and app.errors answers the errors."""

    ERROR_SCHEMA = ErrorSchema

    def _register_error_handlers(self) -> None:
        pass

    @requires(PUBLIC)
    def _openapi_json(self) -> Response:
        """Serve the description of the API."""
        return Response(self.description, mimetype="application/json")

    @cached_property
    def description(self) -> bytes:
        return orjson.dumps(self.spec.to_dict(), option=orjson.OPT_INDENT_2)

    @requires(PUBLIC)
    def _openapi_swagger_ui(self) -> str:
        """Show the description of the API and let a person try it."""
        return render_template("docs.html", title=self.spec.title)


def init_app(app: Flask) -> None:
    """Register the routes and what describes them."""
    from app.routes import calls, health

    app.extensions["parse_query"] = lru_cache(maxsize=1024)(parse_query)
    app.config.update(OPENAPI)
    api = Api(app)
    api.spec.components.security_scheme("ApiKey", API_KEY_SCHEME)
    for blueprint in (calls.blp,):
        api.register_blueprint(blueprint)
    app.register_blueprint(health.blp)


API_KEY_SCHEME = {
    "type": "apiKey",
    "in": "header",
    "name": "X-API-Key",
    "description": "A key made by `clinic-calls keys create`.",
}
OPENAPI = {
    "API_TITLE": "clinic-calls",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/",
    "OPENAPI_JSON_PATH": "openapi.json",
    "OPENAPI_SWAGGER_UI_PATH": "docs",
    "OPENAPI_SWAGGER_UI_URL": "/static/vendor/swagger-ui/",
    "API_SPEC_OPTIONS": {
        "info": {"description": "A clinic's own book of calls.", "license": {"name": "MIT"}},
        "security": [{"ApiKey": []}],
        "servers": [{"url": "/"}],
    },
}
