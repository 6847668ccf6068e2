"""waitress as `serve` needs it: one connection's trouble stays its own."""

import errno
import resource
import socket
import time
from contextlib import suppress
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.utilities import Error, RequestEntityTooLarge
from waitress.wasyncore import close_all

from app.auth import INGEST_PREFIX
from app.auth.keys import BEGINS_AGAIN
from app.errors import answer_problem
from app.models.clock import TakesLong, clock
from app.problems import Problem
from app.providers import PROVIDERS
from app.providers.webhooks.receiving import MAX_BODY_BYTES as MAX_WEBHOOK_BYTES
from app.providers.webhooks.receiving import is_set_up
from app.reading import MAX_BODY_BYTES

# waitress holds half-open and slow requests in its own loop; a thread works only on whole ones.
# What is read begins in the quick ones, and begins again in the long ones where it takes long. What
# writes waits for the database in threads of its own.
THREADS = {"quick": 4, "long": 2, "writing": 2, "webhooks": 2}
# Of a list for its turn among those that take long: before it is 503, and before it matters that
# its client sends no more, which may have given up.
MAX_WAIT_S = 5.0
SHORT_WAIT_S = 0.5
MAX_CONNECTIONS = 1000
# A proxy on this machine connects from here for everybody; what it lets through, all share.
PROXY_ADDRESSES = ("127.0.0.1", "::1")
# Of any request: waitress counts what divides the chunks, too.
MAX_REQUEST_BYTES = 32 * 1024 * 1024
# Of answers, before whoever asks for more without reading is answered no more.
UNREAD_BYTES = 1024 * 1024
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
    command = ""
    begins_again = False

    def __init__(self, settings: Adjustments, server: "Server") -> None:
        super().__init__(settings)
        self.server = server

    def received(self, data: bytes) -> int:
        try:
            consumed: int = super().received(data)
        except OSError:
            # Large bodies are written to the disk, which is full.
            self.error = Refused(self.server.app, self.path, Problem("storage_full"))
            self.completed = True
            return len(data)
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

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[BEGINS_AGAIN] = self.request.begins_again
        return environ

    def set_close_on_finish(self) -> None:
        # waitress does so for want of a length, which 204 and 304 do without (RFC 9112, 6.3).
        if self.has_body or self.request.connection_close or self.version == "1.0":
            super().set_close_on_finish()


class Channel(HTTPChannel):
    """One connection."""

    task_class = Task
    connected: bool
    is_refused = False
    is_half_closed = False

    def __init__(self, server: "Server", *args: Any, **kwargs: Any) -> None:
        super().__init__(server, *args, **kwargs)
        self.waits_since = self.creation_time
        server.make_room(self)

    def parser_class(self, settings: Adjustments) -> Parser:
        return Parser(settings, self.server)

    @property
    def standing(self) -> tuple[bool, float]:
        """Of connections that no thread works for, the one whose standing is least goes first."""
        has_asked = self.request is not None and self.request.headers_finished
        return has_asked or self.total_outbufs_len > 0, self.waits_since

    @property
    def kind(self) -> str:
        """Give the threads, of THREADS, that the first request is answered in."""
        request = self.requests[0]
        if request.begins_again:
            return "long"
        if request.command in ("POST", "PATCH", "DELETE"):
            return "webhooks" if request.path in self.server.webhooks else "writing"
        return "quick"

    def service(self) -> None:
        request = self.requests[0]
        clock.is_quick = self.kind == "quick"
        waited_s = time.time() - self.waits_since if request.begins_again else 0.0
        if waited_s > MAX_WAIT_S:
            request.error = Refused(self.server.app, request.path, Problem("unavailable"))
        elif waited_s > SHORT_WAIT_S:
            self.connected = self.connected and not self._has_left()
        self.is_refused = request.error is not None
        try:
            super().service()
        except TakesLong:
            # Nothing of an answer is there yet.
            request.begins_again, self.waits_since = True, time.time()
            self.server.add_task(self)
        else:
            self.waits_since = self.last_activity

    def _has_left(self) -> bool:
        """Tell whether the client has closed its side of the connection."""
        try:
            return self.socket.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _flush_outbufs_below_high_watermark(self) -> None:
        if len(self.requests) > 1 and self.total_outbufs_len > UNREAD_BYTES:
            # Its thread would wait until the client has read what it asked for before.
            with self.requests_lock:
                self.close_when_flushed = True
                del self.requests[1:]
        else:
            super()._flush_outbufs_below_high_watermark()

    def received(self, data: bytes) -> bool:
        if self.is_half_closed:
            # As silent: closed, whatever still comes, when the time of the silent is over.
            self.last_activity = self.waits_since
            return False
        return bool(super().received(data))

    def handle_close(self) -> None:
        # Closed on data that nobody has read, a connection could lose its last answer: who was
        # refused while still sending gets an end of ours first, and is listened to no more.
        if not self.is_refused or self.is_half_closed:
            super().handle_close()
            return
        self.is_half_closed, self.will_close = True, False
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)


class Server(TcpWSGIServer):
    """Listens on one address."""

    channel_class = Channel

    def __init__(self, app: Flask, *args: Any, **kwargs: Any) -> None:
        self.app = app
        # The other half is for the database, and for large bodies and answers.
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2
        self.limit = min(files, MAX_CONNECTIONS) if files > 0 else MAX_CONNECTIONS
        self.limit_per_address = app.config.get("CONNECTIONS_PER_ADDRESS") or MAX_CONNECTIONS
        self.webhooks = {
            f"{INGEST_PREFIX}{name}"
            for name, provider in PROVIDERS.items()
            if is_set_up(provider, app.config)
        }
        super().__init__(app, *args, **kwargs)

    def handle_accept(self) -> None:
        """Accept all that wait: the loop takes its time where it holds many connections."""
        before = -1
        while before < (before := len(self._map)):
            super().handle_accept()

    def accept(self) -> Any:
        try:
            return super().accept()
        except OSError as error:
            if error.errno == errno.EMFILE:
                drop_first(self.channels())
            raise

    def channels(self) -> list[Channel]:
        """Give all connections, those to the other addresses too that are listened on."""
        found = [channel for channel in self._map.values() if isinstance(channel, Channel)]
        return [channel for channel in found if not channel.will_close]

    def make_room(self, new: Channel) -> None:
        """Drop a connection where a new one makes them too many, in all or from its address."""
        crowd, address = self.channels(), new.addr[0]
        if len(crowd) <= self.limit:
            crowd = [channel for channel in crowd if channel.addr[0] == address]
            if len(crowd) <= self.limit_per_address or address in PROXY_ADDRESSES:
                return
        drop_first(crowd, new)


def drop_first(crowd: list[Channel], new: Channel | None = None) -> None:
    """Drop the oldest connection that has not asked for anything yet.

    Else the oldest that still sends or reads, else the new one: a thread works for all others.
    """
    waiting = [channel for channel in crowd if channel is not new and not channel.requests]
    dropped = min(waiting, key=lambda channel: channel.standing, default=new)
    if dropped is not None:
        dropped.will_close = True
        # Not closed: its number must not be another's before the loop has done with it.
        with suppress(OSError):
            dropped.socket.shutdown(socket.SHUT_RDWR)


class Threads:
    """The threads that answer: who waits for those of one kind delays no other kind."""

    def __init__(self) -> None:
        self.kinds = {kind: ThreadedTaskDispatcher() for kind in THREADS}
        for kind, threads in self.kinds.items():
            threads.set_thread_count(THREADS[kind])

    def add_task(self, channel: Channel) -> None:
        """Answer the first request of a connection."""
        self.kinds[channel.kind].add_task(channel)

    def shutdown(self) -> None:
        """Let each thread end what it works on, for at most 5 s."""
        for threads in self.kinds.values():
            threads.set_thread_count(0)
        for threads in self.kinds.values():
            threads.shutdown()


def create_server(app: Flask, host: str, port: int) -> Any:
    """Give a server that has `run()` and `close()`. Raises OSError or ValueError for an address."""
    settings = Adjustments(
        host=host,
        port=port,
        connection_limit=10 * MAX_CONNECTIONS,  # where waitress would accept nobody any more
        channel_timeout=30,
        asyncore_use_poll=True,
        max_request_body_size=MAX_REQUEST_BYTES,
        expose_tracebacks=False,
        ident=None,
        clear_untrusted_proxy_headers=not app.config["TRUSTED_PROXIES"],
    )
    threads = Threads()
    sockets: dict[int, Any] = {}
    try:
        for address in settings.listen:
            Server(app, sockets, dispatcher=threads, adj=settings, sockinfo=address)
    except OSError:
        close_all(sockets)
        raise
    return MultiSocketServer(sockets, settings, dispatcher=threads)
