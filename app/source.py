"""Asking another API for its calls: one page at a time, patiently, and never giving the key away."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson
import requests

from app import __version__

CONNECT_TIMEOUT_S = 10
READ_TIMEOUT_S = 60
MAX_PAGE_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 5
LONGEST_PAUSE_S = 30
# What a server answers that is busy or being restarted.
BUSY = frozenset({429, 500, 502, 503, 504})
DEFAULT_PORTS = {"http": 80, "https": 443}


class PullError(Exception):
    """The source cannot be read; the message tells a person why, without anything of a call."""


class _Busy(Exception):
    """The source did not answer this time; the message says how, `pause_s` what it asks for."""

    def __init__(self, words: str, pause_s: float | None = None) -> None:
        super().__init__(words)
        self.pause_s = pause_s


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a source's list, its rows as they came."""

    number: int
    limit: int
    rows: list[dict[str, Any]]
    has_more: bool
    total: int


class Source:
    """The list of calls of another API."""

    def __init__(self, url: str, key: str, *, patience_s: float, since: str | None = None) -> None:
        """Take the API's address, with or without `/v1/calls`. Raises PullError.

        `patience_s` is how long to wait in all for one page, `since` a value of `started_gte`.
        """
        self.url = _calls_url(url)
        self.host = urlsplit(self.url).netloc
        self.patience_s = patience_s
        self.filters = {"started_gte": since} if since else {}
        self.session = requests.Session()
        self.session.headers.update(
            {"X-API-Key": key, "Accept": "application/json"}
            | {"User-Agent": f"clinic-calls/{__version__}"}
        )

    @property
    def is_open_to_others(self) -> bool:
        """Tell whether the key and the calls travel unencrypted over a network."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost")

    def page(self, number: int, limit: int) -> Page:
        """Give a page, however often it takes to ask. Raises PullError."""
        params = {"page": str(number), "limit": str(limit), **self.filters}
        waited_s, pause_s = 0.0, 0.5
        while True:
            try:
                return _read_page(self._ask(params), number, limit)
            except _Busy as busy:
                wait_s = pause_s if busy.pause_s is None else busy.pause_s
                waited_s += wait_s
                if waited_s > self.patience_s:
                    raise PullError(f"{self.host} {busy}.") from None
            time.sleep(wait_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _ask(self, params: dict[str, str]) -> bytes:
        """Give the body of a page. Raises _Busy where asking again may help, else PullError."""
        try:
            response = self._follow(params)
            with response:
                body = _body(response)
        except requests.exceptions.SSLError:
            raise PullError(f"{self.host} has no certificate that can be trusted.") from None
        except requests.exceptions.Timeout:
            raise _Busy("does not answer in time") from None
        except requests.ConnectionError...
