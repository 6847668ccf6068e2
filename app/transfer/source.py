"""Asking another API for its calls: page by page, patiently, and never giving the key away."""

import json
import re
import time
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Thread
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.exceptions import ChunkedEncodingError, SSLError

from app.version import VERSION

TIMEOUTS_S = (10, 60)  # to connect, and between two bytes
MAX_PAGE_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 5
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
# What a server answers that is busy or being restarted.
BUSY = frozenset({429, 500, 502, 503, 504})
PORTS = {"http": 80, "https": 443}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class PullError(Exception):
    """The source cannot be read; the message says why, and nothing of any call."""


class Busy(Exception):
    """The source does not answer now; `pause_s` is how long it asks to be left alone."""

    def __init__(self, words: str, pause_s: float | None = None) -> None:
        super().__init__(words)
        self.pause_s = pause_s


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a source's list, its rows as they came."""

    number: int
    limit: int
    rows: list[dict[str, Any]]
    total: int
    has_more: bool


class _Session(requests.Session):
    """Leaves redirects alone: it would read all that comes with one, and fail at a bad one."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Source:
    """The list of calls of another API."""

    def __init__(self, url: str, key: str, *, patience_s: float, since: str = "") -> None:
        """Take the API's address, with or without its path. Raises PullError for no such address.

        `patience_s` is how long to wait for one page: without any there is one request, of a
        minute at most. `since` is a value of `started_gte`.
        """
        self.url = _calls_url(url)
        self.host = urlsplit(self.url).netloc
        self.patience_s = patience_s
        self.longest_s = patience_s or TIMEOUTS_S[1]
        self.filters = {"started_gte": since} if since else {}
        self.session = _Session()
        self.session.headers["X-API-Key"] = key
        self.session.headers["User-Agent"] = f"clinic-calls/{VERSION}"

    @property
    def is_readable_on_the_way(self) -> bool:
        """Tell whether the key and the calls cross a network without encryption."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and parts.hostname not in LOOPBACK

    def close(self) -> None:
        self.session.close()

    def page(self, number: int, limit: int) -> Page:
        """Give a page; a source that is busy or away is asked again. Raises PullError."""
        params = {"page": str(number), "limit": str(limit), **self.filters}
        started_at, next_pause_s = time.monotonic(), FIRST_PAUSE_S
        while True:
            try:
                body = self._ask_until(started_at + self.longest_s, params)
                return _read_page(body, number, limit)
            except Busy as busy:
                pause_s = next_pause_s if busy.pause_s is None else max(1.0, busy.pause_s)
                if time.monotonic() + pause_s > started_at + self.patience_s:
                    raise PullError(f"{self.host} {busy}") from None
            time.sleep(pause_s)
            next_pause_s = min(next_pause_s * 2, LONGEST_PAUSE_S)

    def _ask_until(self, ends_at: float, params: dict[str, str]) -> bytes:
        """Give what `_ask` gives, but in time. Raises Busy and PullError."""
        # No timeout of requests ends an answer that comes byte by byte: its thread is left behind.
        answer: Future[bytes] = Future()

        def ask() -> None:
            try:
                answer.set_result(self._ask(params))
            except Exception as error:
                answer.set_exception(error)

        Thread(target=ask, daemon=True).start()
        try:
            return answer.result(ends_at - time.monotonic())
        except TimeoutError:
            raise PullError(f"{self.host} gives no whole page in {self.longest_s:g} s.") from None

    def _ask(self, params: dict[str, str]) -> bytes:
        """Give the body of a page. Raises Busy where asking again may help, else PullError."""
        try:
            with self._get(params) as response:
                self._check_status(response)
                return _body(response)
        except SSLError:
            raise PullError(f"{self.host} shows no certificate that can be trusted.") from None
        except (requests.ConnectionError, requests.Timeout, ChunkedEncodingError):
            raise Busy("does not answer.") from None
        except ValueError:
            raise PullError(f"{self.host} sends on to an address that cannot be read.") from None
        except requests.RequestException:
            raise PullError(f"{self.host} cannot be asked; look at the address.") from None

    def _get(self, params: dict[str, str]) -> requests.Response:
        """Send the request, and again where it is sent on within the same server."""
        url, query = self.url, params
        for _ in range(MAX_REDIRECTS):
            response = self.session.get(
                url, params=query, timeout=TIMEOUTS_S, stream=True, allow_redirects=False
            )
            if not response.is_redirect:
                return response
            response.close()
            url, query = urljoin(response.url, response.headers["Location"]), {}
            if _origin(url) != _origin(self.url):
                # requests would take the key along: it only keeps Authorization back.
                raise PullError(
                    f"{self.host} sends on to another server, which must not get the key;"
                    " give the address of the API itself."
                )
        raise PullError(f"{self.host} sends on in circles.")

    def _check_status(self, response: requests.Response) -> None:
        status = response.status_code
        if status in BUSY:
            raise Busy(f"answers {status}.", _retry_after_s(response))
        if status in (401, 403):
            raise PullError(f"{self.host} refuses the key ({status}); it needs the scope read.")
        if status == 404:
            raise PullError(f"There is no list of calls at {self.url}.")
        if status != 200:
            raise PullError(f"{self.host} answers {status}.")


def _calls_url(url: str) -> str:
    """Give the address of an API's list of calls."""
    try:
        readable = _origin(url) and not {"?", "#"} & set(url)
    except ValueError:
        readable = False
    if not readable:
        raise PullError("--from must look like https://calls.clinic.example. It is plain ASCII.")
    parts = urlsplit(url)
    path = re.sub(r"/v1(/calls)?$", "", parts.path.rstrip("/"))
    return f"{parts.scheme}://{parts.netloc}{path}/v1/calls"


def _origin(url: str) -> tuple[str, str, int]:
    """Give scheme, host and port; raises ValueError where the HTTP library may read others."""
    parts, asked = urlsplit(url), urlsplit(str(requests.Request("GET", url).prepare().url))
    host, port = parts.hostname or "", parts.port
    host.encode("idna")  # the library looks at the length of labels only when it connects
    # A backslash is a slash to some; for port 0 requests goes to port 80 or 443.
    plain = re.fullmatch(r"[!-\[\]-~]+", url) and not re.search("[@%]", parts.netloc) and port != 0
    same = (host, port) == (asked.hostname or "", asked.port)
    if not (plain and same and host and parts.scheme in PORTS):
        raise ValueError("malformed, or not read by all in the same way")
    return parts.scheme, host, port or PORTS[parts.scheme]


def _retry_after_s(response: requests.Response) -> float | None:
    """Give the seconds that a Retry-After asks for, as a number or a date, maybe gone by."""
    value = response.headers.get("Retry-After", "")
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


def _body(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > MAX_PAGE_BYTES:
            raise PullError(f"A page there is larger than {MAX_PAGE_BYTES} bytes.")
    return bytes(body)


def _read_page(body: bytes, number: int, limit: int) -> Page:
    """Read the body of a page. Raises PullError for what is none."""
    try:
        # orjson refuses lone surrogates, which bytes that are not UTF-8 become here: the whole page
        # for one text. Of json they spoil that text alone.
        content = json.loads(body.decode("utf-8", "surrogateescape"), strict=False)
        rows, about = content["data"], content["pagination"]
        page = Page(about["page"], about["limit"], rows, about["total"], about["has_more"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise PullError(UNLIKE) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PullError(UNLIKE)
    as_asked = (page.number, page.limit) == (number, limit) and type(page.total) is int
    if not as_asked or page.has_more not in (False, bool(rows)):
        raise PullError(UNLIKE)
    return page


UNLIKE = "The source does not answer as this API does: its answer is no page of calls."
