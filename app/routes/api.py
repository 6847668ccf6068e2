"""Our Api, Blueprint, Schema and request parser: strictness and documentation in one place."""

import difflib
from collections.abc import Callable, Iterator
from functools import cache, cached_property, lru_cache, wraps
from typing import Any
from urllib.parse import unquote_to_bytes

import flask_smorest
import marshmallow as ma
import orjson
from flask import Flask, Request, Response, current_app, render_template
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge

from app import __version__
from app.auth import PUBLIC, View, requires
from app.errors import ApiError
from app.routes import openapi
from app.schemas.errors import ErrorSchema

MAX_VALUE_LENGTH = 512
MAX_REMEMBERED_LENGTH = 2048
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
            # The same text always means the same to the same application: it is parsed once.
            text = request.query_string
            remember = len(text) <= MAX_REMEMBERED_LENGTH
            parse = current_app.extensions["parse_query"] if remember else parse_query
            return parse(argmap, text)
        schema, body = _schema(argmap), read_json(request)
        if schema.finish and type(body) is dict:
            return load_row(schema, body)
        return load(schema, body)


@cache
def _schema(schema: Any) -> "Schema":
    """Give the one instance of a schema: to make one takes longer than to load a body."""
    return schema() if isinstance(schema, type) else schema


def parse_query(argmap: Any, query_string: bytes) -> Parsed:
    """Validate the text behind a URL's question mark. Raises ApiError for what is not known."""
    schema = _schema(argmap)
    fields = {field.data_key or name: field for name, field in schema.load_fields.items()}
    values: dict[str, Any] = {}
    errors: list[ApiError] = []
    for given, value in _pairs(query_string, errors):
        name = schema.ALIASES.get(given, given)
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


def load_row(schema: "Schema", row: dict[str, Any]) -> dict[str, Any]:
    """Give what `load` gives for a dict, several times faster where all of it is well.

    Only the fields are asked, then the schema's `finish`, which must do what its hooks do and
    what it requires; whatever they refuse goes to `load` for its errors.
    """
    fields = schema.load_fields
    values = {}
    try:
        for name, value in row.items():
            if value is not None:
                values[name] = fields[name]._deserialize(value, name, row)
            elif fields[name].allow_none:
                values[name] = None
            else:
                return load(schema, row)
        return schema.finish(values) if schema.finish else values
    except (KeyError, ma.ValidationError):
        return load(schema, row)


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
        # One more than allowed, as werkzeug cuts a body of unknown length at the limit.
        request.max_content_length = MAX_BODY_BYTES + 1
        body = request.get_data(cache=False)
        if len(body) > MAX_BODY_BYTES:
            raise RequestEntityTooLarge
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

    # Other names of query parameters.
    ALIASES: dict[str, str] = {}
    # What is left to do after the fields, for `load_row`; None where only `load` knows it.
    finish: Callable[[dict[str, Any]], dict[str, Any]] | None = None

    class Meta:
        unknown = ma.RAISE

    error_messages = {
        "unknown": "is not a field here.",
        "type": "The body must be a JSON object.",
    }


class Blueprint(flask_smorest.Blueprint):
    """Documents each operation's id, key, headers and errors by itself."""

    ARGUMENTS_PARSER = RequestParser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(self._prepare_common_doc)

    def arguments(self, schema: Any, *, location: str = "json", **kwargs: Any) -> Any:
        """Document arguments as flask-smorest does, and parse them without its wrappers."""
        document = super().arguments(schema, location=location, **kwargs)
        parse = self.ARGUMENTS_PARSER.parse

        def decorate(view: View) -> Any:
            @wraps(view)
            def run(*args: Any, **parts: Any) -> Any:
                return view(parse(schema, location=location), *args, **parts)

            run._apidoc = document(view)._apidoc  # type: ignore[attr-defined]
            return run

        return decorate

    @staticmethod
    def errors(*codes: str) -> Callable[[View], View]:
        """Document codes of app.errors that do not follow from what an operation takes."""

        def declare(view: View) -> View:
            view.codes = set(codes)  # type: ignore[attr-defined]
            return view

        return declare

    @staticmethod
    def _make_doc_response_schema(schema: ma.Schema | None) -> ma.Schema | None:
        # A response may gain fields: its description must not forbid them.
        if isinstance(schema, ma.Schema):
            schema.unknown = ma.EXCLUDE
        return schema

    def _store_endpoint_docs(
        self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any
    ) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)
        for method, doc in self._docs[endpoint].items():
            if method != "parameters":
                doc["operation"] = (endpoint, obj.scopes, getattr(obj, "codes", set()))

    def _prepare_common_doc(
        self, doc: dict[str, Any], doc_info: dict[str, Any], *, app: Flask, method: str, **_: Any
    ) -> dict[str, Any]:
        endpoint, scopes, codes = doc_info["operation"]
        doc["operationId"] = endpoint
        if PUBLIC in scopes:
            doc["security"] = []
        names_one = next(app.url_map.iter_rules(f"{self.name}.{endpoint}")).arguments
        more = {"not_found"} if names_one else set()
        return openapi.complete(doc, method, codes | more, scopes)


class Api(flask_smorest.Api):
    """flask-smorest's Api; its pages are ours, and app.errors answers the errors."""

    ERROR_SCHEMA = ErrorSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_pagination_header(self) -> None:
        # flask-smorest's own pages are not used; its schema would stand in the description.
        pass

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
    from app.routes import calls, health, ingest, patients, tags

    app.extensions["parse_query"] = lru_cache(maxsize=1024)(parse_query)
    app.config.update(OPENAPI, API_SPEC_OPTIONS=openapi.spec_options(app.config["PUBLIC_URL"]))
    plugins = {"flask_plugin": openapi.PathPlugin(), "marshmallow_plugin": openapi.SchemaPlugin()}
    api = Api(app, spec_kwargs=plugins)
    openapi.add_components(api.spec)
    for blueprint in (calls.blp, patients.blp, tags.blp, ingest.blp):
        api.register_blueprint(blueprint)
    app.register_blueprint(health.blp)
    openapi.describe_health(api.spec, next(app.url_map.iter_rules("health.health")))


OPENAPI = {
    "API_TITLE": "clinic-calls",
    "API_VERSION": __version__,
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/",
    "OPENAPI_JSON_PATH": "openapi.json",
    "OPENAPI_SWAGGER_UI_PATH": "docs",
    "OPENAPI_SWAGGER_UI_URL": "/static/vendor/swagger-ui/",
}
