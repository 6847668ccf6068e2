"""How a problem is answered: one envelope for every error, and what the log says of it."""

import errno
import logging
import traceback
from collections.abc import Iterator

import apsw
import orjson
import peewee
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from app.headers import request_id
from app.instants import ClockError
from app.models.engine import DatabaseBusy, DatabaseReplaced
from app.problems import CODES, Problem

log = logging.getLogger("clinic_calls")

RETRY_AFTER_S = 2

# The first of those with a status speaks for what the framework raises.
_CODE_OF_STATUS = {status: code for code, (status, _) in reversed(CODES.items())}


def init_app(app: Flask) -> None:
    """Answer every error of the application in the envelope."""
    app.register_error_handler(Problem, answer_problem)
    app.register_error_handler(HTTPException, answer_http_exception)
    app.register_error_handler(Exception, answer_exception)


def answer_problem(problem: Problem) -> Response:
    """Put a problem into the envelope, with the headers that go with it."""
    detail = problem.detail()
    if problem.others:
        detail["errors"] = [other.detail() for other in problem.others]
    response = Response(orjson.dumps({"detail": detail}), CODES[problem.code][0])
    response.mimetype = "application/json"
    if problem.code == "invalid_api_key":
        response.headers["WWW-Authenticate"] = 'ApiKey realm="clinic"'
    retry_after_s = problem.retry_after_s or (RETRY_AFTER_S if problem.code == "unavailable" else 0)
    if retry_after_s:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def answer_http_exception(error: HTTPException) -> Response:
    """Turn an exception of the framework into the envelope, its headers kept."""
    status = error.code or 500
    other = "bad_request" if status < 500 else "internal_error"
    response = answer_problem(Problem(_CODE_OF_STATUS.get(status, other)))
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
    return answer_problem(Problem(code))


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
    lost = (
        *(DatabaseReplaced, DatabaseBusy, ClockError, TimeoutError),
        *(apsw.Error, peewee.OperationalError),
    )
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
