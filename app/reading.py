"""How a request is read: strictly, nothing unknown, repeated or unreadable is passed over."""

import difflib
import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote_to_bytes

import marshmallow as ma
import orjson
from flask import Request, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.problems import Problem
from app.schemas.base import Parsed, RequestSchema, load, load_row, shown
from app.schemas.fields import MAX_VALUE_LENGTH

MAX_REMEMBERED_LENGTH = 2048
MAX_BODY_BYTES = 1024 * 1024
MAX_PARAMETERS = 200
# So many problems may name the nearest known parameter: to look for one takes the longest.
MAX_HINTS = 10


def read_arguments(schema: type[RequestSchema], location: str) -> Parsed:
    """Give what the current request says at a location, validated by a schema."""
    if location == "query":
        # The same text always means the same to the same application: it is parsed once.
        text = request.query_string
        remember = len(text) <= MAX_REMEMBERED_LENGTH
        parse = current_app.extensions["parse_query"] if remember else parse_query
        return parse(schema, text)
    body = read_json(request)
    return (load_row if type(body) is dict else load)(schema_of(schema), body)


@cache
def schema_of(kind: type[RequestSchema]) -> RequestSchema:
    """Give the one instance of a schema: to make one takes longer than to load a body."""
    return kind()


def parse_query(kind: type[RequestSchema], query_string: bytes) -> Parsed:
    """Validate the text behind a URL's question mark. Raises Problem for what is not known."""
    schema = schema_of(kind)
    fields = {field.data_key or name: field for name, field in schema.load_fields.items()}
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for given, raw in _pairs(query_string):
        name = schema.aliases.get(given, given)
        try:
            if name not in fields:
                raise _unknown(name, list(fields) if len(problems) < MAX_HINTS else [])
            value = _decode(name, raw)
            if not value.strip():
                continue
            if isinstance(fields[name], ma.fields.List):
                values.setdefault(name, []).append(value)
            elif name in values:
                raise Problem("repeated_parameter", f"Give {name} once only.", name)
            else:
                values[name] = value
        except Problem as problem:
            problems.append(problem)
    return load(schema, values, problems)


def _pairs(query_string: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the names of a query string, each with its value as it came. Raises Problem."""
    pairs = [pair for pair in query_string.replace(b"+", b" ").split(b"&") if pair]
    if len(pairs) > MAX_PARAMETERS:
        raise Problem("invalid_field", f"A request may have at most {MAX_PARAMETERS} parameters.")
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        yield unquote_to_bytes(name).decode("utf-8", "replace"), value


def _decode(name: str, raw: bytes) -> str:
    """Give the value of a parameter. Raises Problem for one that no parameter takes."""
    try:
        value = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise Problem("invalid_field", f"{name} is not UTF-8.", name) from None
    if len(value) > MAX_VALUE_LENGTH:
        message = f"{name} is longer than {MAX_VALUE_LENGTH} characters."
        raise Problem("invalid_field", message, name)
    return value


def _unknown(name: str, known: list[str]) -> Problem:
    near = difflib.get_close_matches(name[:64].lower(), known, n=1, cutoff=0.65)
    hint = f" Did you mean {near[0]}?" if near else ""
    message = f"There is no parameter {shown(name)}.{hint}"
    return Problem("unknown_parameter", message, shown(name))


def refuse_encoded(request: Request) -> None:
    """Raise Problem where the body has been compressed, or the like."""
    if (request.headers.get("Content-Encoding") or "identity").lower() != "identity":
        raise Problem("unsupported_media_type", "Send the body without a Content-Encoding.")


def read_json(request: Request) -> Any:
    """Give the JSON body of a request. Raises Problem for the wrong type, size or text."""
    if request.mimetype != "application/json":
        raise Problem("unsupported_media_type")
    refuse_encoded(request)
    try:
        # One more than allowed, as werkzeug cuts a body of unknown length at the limit.
        request.max_content_length = MAX_BODY_BYTES + 1
        body = request.get_data(cache=False)
        if len(body) > MAX_BODY_BYTES:
            raise RequestEntityTooLarge
    except RequestEntityTooLarge:
        raise Problem(
            "body_too_large", f"The body is larger than {MAX_BODY_BYTES} bytes."
        ) from None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        if body.startswith(BOM_UTF8):
            message = "The body begins with a byte order mark; send it without one."
            raise Problem("malformed_json", message) from None
        return _read_infinite(body)


def _read_infinite(body: bytes) -> Any:
    """Give a body whose numbers are too large for orjson: as infinity, which no field takes."""
    try:
        # `int` refuses NaN and Infinity, which are no JSON, and encoding a lone surrogate.
        found = json.loads(body.decode(), parse_int=float, parse_constant=int)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Problem("malformed_json") from None
    return found
