"""A source to pull from whose every answer a test decides: an HTTP server in a thread."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

# Status, headers and body; a body that is no bytes becomes JSON, but an iterator comes in chunks.
Answer = tuple[int, dict[str, str], Any]
Row = dict[str, Any]

KEY = "cc_source_key"


class ScriptedSource:
    """Answers as the list of calls does, from `rows`, but first gives what is in `script`.

    `before_page` is run before each page, so that calls can come and go between two requests.
    """

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.script: list[Answer] = []
        self.before_page: Callable[[], object] = lambda: None
        self.requests: list[tuple[str, str | None]] = []
        self.url = ""

    def answer(self, target: str, key: str | None) -> Answer:
        self.requests.append((target, key))
        if self.script:
            return self.script.pop(0)
        self.before_page()
        query = parse_qs(urlsplit(target).query)
        page, limit = int(query["page"][0]), int(query["limit"][0])
        data = self.rows[(page - 1) * limit : page * limit]
        more = page * limit < len(self.rows)
        about = {"has_more": more, "total": len(self.rows), "page": page, "limit": limit}
        return 200, {}, {"data": data, "pagination": about}


def call_row(number: int, **values: Any) -> Row:
    """Give a row of the sixteen keys; a higher number is a later call."""
    started_at = f"2026-01-{1 + number // 1440:02d}T{number // 60 % 24:02d}:{number % 60:02d}:00Z"
    return {
        "id": f"3c90c3cc-0d44-4b50-8888-{number:012d}",
        "org_id": "elsewhere",
        "created_at": started_at,
        "assistant_id": None,
        "phone_number_id": None,
        "type": "inboundPhoneCall",
        "started_at": started_at,
        "ended_at": None,
        "summary": f"Call {number}.",
        "customer_number": None,
        "status": "pending",
        "category": None,
        "duration_min": None,
        "patient_id": None,
        "language": None,
        "sessions_scheduled": None,
    } | values


class SourceServer(ThreadingHTTPServer):
    """Keeps what went wrong while it answered, but for clients who did not wait for all of it."""

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.errors: list[BaseException] = []

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exception()
        # A client that has read enough closes its connection: that is no error of ours.
        if error is not None and not isinstance(error, ConnectionError):
            self.errors.append(error)


@contextmanager
def serving(source: ScriptedSource) -> Iterator[ScriptedSource]:
    """Serve a source on a port of its own. Raises at the end what went wrong in its thread."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = source.answer(self.path, self.headers["X-API-Key"])
            if isinstance(body, Iterator):
                self.drip(status, headers, body)
                return
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def drip(self, status: int, headers: dict[str, str], pieces: Iterator[bytes]) -> None:
            self.send_response(status)
            for name, value in ({"Transfer-Encoding": "chunked"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            for piece in chain(pieces, [b""]):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))

        def log_message(self, *args: object) -> None:
            pass

    with SourceServer(Handler) as server:
        source.url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield source
        finally:
            server.shutdown()
    if server.errors:
        raise server.errors[0]
