"""waitress as `serve` needs it: one connection's trouble stays its own."""

from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

# waitress holds half-open and slow requests in its own loop; a thread works only on whole ones.
# One thread would be fastest under Python's lock, but then a slow search would delay the rest.
THREADS = 4
# More than the application takes of any body, so that it is the application that refuses one:
# waitress counts what divides the chunks too, and refuses at its limit already.
MAX_REQUEST_BYTES = 32 * 1024 * 1024


class Parser(HTTPRequestParser):
    """Reads one request of a connection."""

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.completed:
            # For want of a body waitress would ask for one and take the next request into this.
            self.expect_continue = False
        return consumed


class Task(WSGITask):
    """Lets the application answer one request."""

    def set_close_on_finish(self) -> None:
        # waitress does so for want of a length, which 204 and 304 do without (RFC 9112, 6.3).
        if self.has_body or self.request.connection_close or self.version == "1.0":
            super().set_close_on_finish()


class Channel(HTTPChannel):
    """One connection."""

    parser_class = Parser
    task_class = Task


class Server(TcpWSGIServer):
    """Listens on one address."""

    channel_class = Channel


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
