"""waitress as `serve` needs it: one connection's trouble stays its own."""

import socket
from contextlib import suppress
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.utilities import Error, RequestEntityTooLarge

from app.auth import INGEST_PREFIX
from app.errors import answer_problem
from app.problems import Problem
from app.providers import PROVIDERS
from app.providers.webhooks.receiving import MAX_BODY_BYTES as MAX_WEBHOOK_BYTES
from app.providers.webhooks.receiving import is_set_up
from app.routes.reading import MAX_BODY_BYTES

# waitress holds half-open and slow requests in its own loop; a thread works only on whole ones.
# One thread would be fastest under Python's lock, but then a slow search would delay the rest.
THREADS = 4
# Of any request: waitress counts what divides the chunks, too.
MAX_REQUEST_BYTES = 32 * 1024 * 1024
# Of a line before a chunk, which waitress would keep however long it becomes.
MAX_CHUNK_LINE_BYTES = 16 * 1024


class Refused(Error):
    """Why the application never sees a request; it answers in its envelope all the same."""

    def __init__(self, app: Flask, path: str, problem: Problem) -> None:
        self.app, self.problem = app, problem
        self.path = "/v1/" if path.startswith("/v1/") else "/"

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        with self.app.test_request_context(self.path):
            response = self.app.process_response(answer_problem(self.problem))
        return response.status, list(response.headers), response.get_data()


class Parser(HTTPRequestParser):
    """Reads one request of a connection, and no more of a body than its address takes."""

    completed: bool
    error: Error | None

    def __init__(self, settings: Adjustments, server: "Server") -> None:
        super().__init__(settings)
        self.server = server

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.body_rcv is not None:
            self._limit_body()
        if self.completed:
            # For want of a body waitress would ask for one and take the next request into this.
            self.expect_continue = False
        return consumed

    def _limit_body(self) -> None:
        is_webhook = self.command == "POST" and self.path in self.server.webhooks
        limit = MAX_WEBHOOK_BYTES if is_webhook else MAX_BODY_BYTES
        size = max(self.content_length, len(self.body_rcv))
        beside = self.body_rcv.control_line + self.body_rcv.trailer if self.chunked else b""
        too_long = size > limit or len(beside) > MAX_CHUNK_LINE_BYTES
        if too_long or isinstance(self.error, RequestEntityTooLarge):
            problem = Problem("body_too_large", f"The body is larger than {limit} bytes.")
            self.error = Refused(self.server.app, self.path, problem)
            self.completed = True


class Task(WSGITask):
    """Lets the application answer one request."""

    def set_close_on_finish(self) -> None:
        # waitress does so for want of a length, which 204 and 304 do without (RFC 9112, 6.3).
        if self.has_body or self.request.connection_close or self.version == "1.0":
            super().set_close_on_finish()


class Channel(HTTPChannel):
    """One connection."""

    task_class = Task
    is_refused = False
    is_half_closed = False
    closed_at = 0.0

    def parser_class(self, settings: Adjustments) -> Parser:
        return Parser(settings, self.server)

    def service(self) -> None:
        self.is_refused = self.requests[0].error is not None
        super().service()

    def received(self, data: bytes) -> bool:
        if self.is_half_closed:
            # As silent: closed, whatever still comes, when the time of the silent is over.
            self.last_activity = self.closed_at
            return False
        return bool(super().received(data))

    def handle_close(self) -> None:
        # Closed on data that nobody has read, a connection could lose its last answer: who was
        # refused while still sending gets an end of ours first, and is listened to no more.
        if not self.is_refused or self.is_half_closed:
            super().handle_close()
            return
        self.is_half_closed, self.will_close = True, False
        self.closed_at = self.last_activity
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)


class Server(TcpWSGIServer):
    """Listens on one address."""

    channel_class = Channel

    def __init__(self, app: Flask, *args: Any, **kwargs: Any) -> None:
        self.app = app
        self.webhooks = {
            f"{INGEST_PREFIX}{name}"
            for name, provider in PROVIDERS.items()
            if is_set_up(provider, app.config)
        }
        super().__init__(app, *args, **kwargs)


def create_server(app: Flask, host: str, port: int) -> Any:
    """Give a server that has `run()` and `close()`. Raises OSError or ValueError for an address."""
    settings = Adjustments(
        host=host,
        port=port,
        connection_limit=1000,
        channel_timeout=30,
        asyncore_use_poll=True,
        max_request_body_size=MAX_REQUEST_BYTES,
        expose_tracebacks=False,
        ident=None,
        clear_untrusted_proxy_headers=True,
    )
    threads = ThreadedTaskDispatcher()
    threads.set_thread_count(THREADS)
    sockets: dict[int, Any] = {}
    for address in settings.listen:
        Server(app, sockets, dispatcher=threads, adj=settings, sockinfo=address)
    return MultiSocketServer(sockets, settings, dispatcher=threads)
