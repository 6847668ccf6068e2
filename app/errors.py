"""How a problem is answered: one envelope, on pages plain words, and what the log says of it."""

import errno
import logging
import traceback
from collections.abc import Iterator

import apsw
import orjson
import peewee
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from app.headers import is_page, request_id
from app.instants import ClockError
from app.models.engine import DatabaseBusy, DatabaseReplaced
from app.problems import CODES, PAGE_CODES, Problem

log = logging.getLogger("clinic_calls")

RETRY_AFTER_S = 2

# What a page says: its heading, and its words where the problem has none of its own for people.
_PAGE_WORDS = {
    400: ("That did not work", "Go back and try again."),
    403: ("That is not allowed", "You may not do that here."),
    404: ("There is nothing here", "It may have been deleted, or the address is mistyped."),
    409: ("Somebody was faster", "It was changed meanwhile. Go back and load the page again."),
    413: ("That is too much", "What you sent is too long. Go back and shorten it."),
    422: ("Something is not right", "Go back and look at what you have filled in."),
    429: ("Too many tries", "Wait a moment, then try again."),
    500: ("Something went wrong", "It is not your fault. Go back and try again."),
    503: ("Not just now", "The service is busy or being looked after. Try again in a moment."),
    507: ("The disk is full", "Nothing was stored. Tell whoever looks after the computer."),
}

# The first of those with a status speaks for what the framework raises.
_CODE_OF_STATUS = {status: code for code, (status, _) in reversed(CODES.items())}


def init_app(app: Flask) -> None:
    """Answer every error of the application in the envelope."""
    app.register_error_handler(Problem, answer_problem)
    app.register_error_handler(HTTPException, answer_http_exception)
    app.register_error_handler(Exception, answer_exception)


def wants_json() -> bool:
    """Tell a program, or a page's script that says so, from a person who reads a page."""
    is_script = request.accept_mimetypes.best == "application/json"
    return is_script or not is_page(request.path)


def answer_problem(problem: Problem) -> Response:
    """Put a problem into the envelope, or on a page, with the headers that go with it."""
    response = _envelope(problem) if wants_json() else _page(problem)
    if problem.code == "invalid_api_key":
        response.headers["WWW-Authenticate"] = 'ApiKey realm="clinic"'
    retry_after_s = problem.retry_after_s or (RETRY_AFTER_S if problem.code == "unavailable" else 0)
    if retry_after_s:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def _envelope(problem: Problem) -> Response:
    detail = problem.detail()
    if problem.others:
        detail["errors"] = [other.detail() for other in problem.others]
    return Response(orjson.dumps({"detail": detail}), problem.status, mimetype="application/json")


def _page(problem: Problem) -> Response:
    """Give a page that says what is wrong and how to go on."""
    fallback = _PAGE_WORDS[500 if problem.status >= 500 else 400]
    heading, words = _PAGE_WORDS.get(problem.status, fallback)
    if problem.message or problem.code in PAGE_CODES:
        words = problem.words
    page = render_template("problem.html", heading=heading, words=words)
    return Response(page, problem.status)


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
