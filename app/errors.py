"""One envelope for every error: what went wrong, in a shape for programs and words for people."""

import errno
import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import apsw
import orjson
import peewee
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from app.headers import request_id
from app.models.engine import DatabaseBusy, DatabaseReplaced

log = logging.getLogger("clinic_calls")

# code → (status, type, message where the caller has no better one)
CODES = {
    "malformed_json": (400, "invalid_request_error", "The body is not valid JSON in UTF-8."),
    "bad_request": (400, "invalid_request_error", "The request cannot be understood."),
    "invalid_api_key": (
        401,
        "authentication_error",
        "Send a valid API key in the X-API-Key header.",
    ),
    "invalid_signature": (
        401,
        "authentication_error",
        "The webhook's signature is missing, wrong or too old.",
    ),
    "missing_scope": (403, "permission_error", "This key may not do that."),
    "provider_not_configured": (
        403,
        "permission_error",
        "This provider's webhook secret is not set on the server.",
    ),
    "not_found": (404, "not_found_error", "There is nothing at this address."),
    "method_not_allowed": (
        405,
        "invalid_request_error",
        "This address does not take that method; the Allow header lists those it takes.",
    ),
    "version_mismatch": (
        409,
        "conflict_error",
        "It was changed meanwhile: get it again and repeat the change with its new version.",
    ),
    "already_exists": (409, "conflict_error", "The id is taken by something else."),
    "body_too_large": (413, "invalid_request_error", "The body is larger than allowed here."),
    "unsupported_media_type": (
        415,
        "invalid_request_error",
        "Send the body as JSON, with Content-Type: application/json.",
    ),
    "invalid_field": (422, "validation_error", "A value is not valid."),
    "unknown_parameter": (422, "validation_error", "There is no such parameter."),
    "repeated_parameter": (422, "validation_error", "This parameter may be given once only."),
    "too_many_requests": (429, "rate_limit_error", "Too many requests; try again later."),
    "internal_error": (
        500,
        "server_error",
        "Something went wrong in the service; its log has more under this request's id.",
    ),
    "unavailable": (503, "server_error", "The database cannot be used now; try again soon."),
    "storage_full": (507, "server_error", "The disk is full; nothing was stored."),
}
RETRY_AFTER_S = 2

_CODE_OF_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    503: "unavailable",
    507: "storage_full",
}


@dataclass(slots=True)
class ApiError(Exception):
    """An error to be answered: a code of CODES and, where known, the field at fault."""

    code: str
    message: str | None = None
    param: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    errors: list["ApiError"] = field(default_factory=list)

    def detail(self) -> dict[str, Any]:
        _, kind, message = CODES[self.code]
        return {
            "type": kind,
            "code": self.code,
            "message": self.message or message,
            "param": self.param,
        }

    def response(self) -> Response:
        detail = self.detail()
        if self.errors:
            detail["errors"] = [error.detail() for error in self.errors]
        body = orjson.dumps({"detail": detail})
        return Response(body, CODES[self.code][0], self.headers, mimetype="application/json")


def init_app(app: Flask) -> None:
    """Answer every error of the application in the envelope."""
    app.register_error_handler(ApiError, ApiError.response)
    app.register_error_handler(HTTPException, answer_http_exception)
    app.register_error_handler(Exception, answer_exception)


def answer_http_exception(error: HTTPException) -> Response:
    """Turn an exception of the framework into the envelope, its headers kept."""
    if error.code is not None and error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    status = error.code or 500
    other = "bad_request" if status < 500 else "internal_error"
    response = ApiError(_CODE_OF_STATUS.get(status, other)).response()
    response.status_code = status
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def answer_exception(error: Exception) -> Response:
    """Answer what nobody expected; log where it happened, but no value that it speaks of."""
    code = _code_of(error)
    if code == "internal_error":
        log_place(f"{request.url_rule}, request {request_id()}", error)
    else:
        log.error("%s: %s, request %s", code, type(error).__name__, request_id())
    headers = {"Retry-After": str(RETRY_AFTER_S)} if code == "unavailable" else {}
    return ApiError(code, headers=headers).response()


def log_place(doing: str, error: Exception) -> None:
    """Log an error's type and place: its message may hold a patient's data."""
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s at %s\n%s", type(error).__name__, doing, places)


def _code_of(error: BaseException) -> str:
    """Tell a full disk and a busy or lost database from everything else."""
    chain = list(causes(error))
    if any(_is_full(cause) for cause in chain):
        return "storage_full"
    # What peewee says of it is less exact than SQLite's own word.
    exact = [cause for cause in chain if isinstance(cause, apsw.Error)]
    lost = (DatabaseReplaced, DatabaseBusy, apsw.Error, peewee.OperationalError)
    if any(isinstance(cause, lost) and not _is_ours(cause) for cause in exact or chain):
        return "unavailable"
    return "internal_error"


def _is_full(cause: BaseException) -> bool:
    """Tell a full disk, the database's or the one that large bodies are spooled to."""
    if isinstance(cause, OSError):
        return cause.errno == errno.ENOSPC
    return isinstance(cause, apsw.FullError)


def _is_ours(cause: BaseException) -> bool:
    """Tell whether the database complains of a statement or a value, not of its own state."""
    return isinstance(
        cause, apsw.SQLError | apsw.ConstraintError | apsw.BindingsError | apsw.MismatchError
    )


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error and what lies behind it."""
    # SQLite rolls back by itself when the disk is full, and the ROLLBACK that follows fails:
    # the first cause is further down.
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
