"""What every response carries: its id, and what browsers and caches may do with it."""

from random import getrandbits

from flask import Flask, Response, request
from flask_cors import CORS

# Nothing but what the service itself serves; no inline script or style (w3.org/TR/CSP3).
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


_NO_PAGES = ("/health", "/openapi.json", "/docs", "/favicon.ico")
_REQUEST_ID = "clinic_calls.request_id"


def init_app(app: Flask) -> None:
    """Add the headers to every response, and those for CORS_ORIGINS where there are any."""
    app.after_request(add_headers)
    if app.config["CORS_ORIGINS"]:
        CORS(
            app,
            resources=r"/v1/.*",
            origins=list(app.config["CORS_ORIGINS"]),
            allow_headers=["X-API-Key", "Content-Type", "If-Match", "If-None-Match"],
            expose_headers=["Link", "Location", "ETag", "Retry-After", "X-Request-Id"],
            max_age=600,
        )


def is_page(path: str) -> bool:
    """Tell the addresses that people see from the API's, its description's and files'."""
    return path not in _NO_PAGES and not f"{path}/".startswith(("/v1/", "/static/"))


def request_id() -> str:
    """Give the id of the current request, under which the log knows it."""
    environ = request.environ
    if _REQUEST_ID not in environ:
        environ[_REQUEST_ID] = f"{getrandbits(64):016x}"
    return str(environ[_REQUEST_ID])


def add_headers(response: Response) -> Response:
    under_v1 = request.path.startswith("/v1/")
    # add() does not look for an earlier one, as assigning would: there is none.
    add = response.headers.add
    add("X-Request-Id", request_id())
    add("X-Content-Type-Options", "nosniff")
    add("Referrer-Policy", "no-referrer")
    if under_v1:
        add("Cache-Control", "no-store")
    else:
        add("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        if is_page(request.path):
            response.headers["Cache-Control"] = "no-store"
            # Without any, a browser would not tell us either whose form it sends.
            response.headers["Referrer-Policy"] = "same-origin"
    return response
