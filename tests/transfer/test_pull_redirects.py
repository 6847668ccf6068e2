"""clinic-calls pull: the key goes to the source alone, wherever the source sends it."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import repeat
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from flask.testing import FlaskCliRunner
from hypothesis import given
from hypothesis import strategies as st

from app.commands import main
from app.transfer.source import Page, PullError, Source, _origin
from tests.support.sources import ScriptedSource, call_row, serving

SECRET = "cc_source_key"
PAGE = "/v1/calls?page=1&limit=100"
ELSEWHERE = (
    "sends on to another server, which must not get the key; give the address of the API itself."
)
UNREADABLE = "sends on to an address that cannot be read."


@pytest.fixture
def source() -> Iterator[ScriptedSource]:
    with serving(ScriptedSource([call_row(1)])) as source:
        yield source


@pytest.fixture
def other() -> Iterator[ScriptedSource]:
    """Who would like to have the key."""
    with serving(ScriptedSource([])) as other:
        yield other


def first_page(url: str) -> Page:
    return Source(url, SECRET, patience_s=0).page(1, 100)


def host_of(source: ScriptedSource) -> str:
    return urlsplit(source.url).netloc


# What a header holds, byte by byte.
LOCATIONS: dict[str, tuple[str, str]] = {
    "another host": ("http://OTHER/", ELSEWHERE),
    "another host without a scheme": ("//OTHER/", ELSEWHERE),
    "another scheme": ("https://SOURCE/", ELSEWHERE),
    "another port": ("http://127.0.0.1:9/", ELSEWHERE),
    "the usual port": ("http://127.0.0.1/", ELSEWHERE),
    "an empty port": ("http://127.0.0.1:/", ELSEWHERE),
    "another name of the host": ("http://localhost:PORT/", ELSEWHERE),
    "a trailing dot": ("http://127.0.0.1.:PORT/", ELSEWHERE),
    "a short IPv4": ("http://127.1:PORT/", ELSEWHERE),
    "a hexadecimal IPv4": ("http://0x7f.0.0.1:PORT/", ELSEWHERE),
    "IPv6": ("http://[::1]:PORT/", ELSEWHERE),
    "an IPv4 as IPv6": ("http://[::ffff:127.0.0.1]:PORT/", ELSEWHERE),
    "user info in a query": ("http://OTHER?@SOURCE/", ELSEWHERE),
    "user info in a fragment": ("http://OTHER#@SOURCE/", ELSEWHERE),
    "user info in a path": ("http://OTHER/@SOURCE/", ELSEWHERE),
    "a backslash and user info": ("http://OTHER\\@SOURCE/v1/calls", UNREADABLE),
    "a backslash and no scheme": ("//OTHER\\@SOURCE/v1/calls", UNREADABLE),
    "two backslashes": ("http://OTHER\\\\@SOURCE/v1/calls", UNREADABLE),
    "backslash and slash": ("http://OTHER\\/@SOURCE/v1/calls", UNREADABLE),
    "a backslash the other way": ("http://SOURCE\\@OTHER/v1/calls", UNREADABLE),
    "backslashes for slashes": ("http:\\\\OTHER/v1/calls", UNREADABLE),
    "a backslash after a slash": ("/\\OTHER/v1/calls", UNREADABLE),
    "a backslash in the path": ("/v1\\calls", UNREADABLE),
    "an encoded backslash": ("http://OTHER%5C@SOURCE/", UNREADABLE),
    "an encoded slash": ("http://OTHER%2F@SOURCE/", UNREADABLE),
    "an encoded host": ("http://%3127.0.0.1:PORT/", UNREADABLE),
    "user info": ("http://user@SOURCE/", UNREADABLE),
    "user info with a password": ("http://user:word@SOURCE/", UNREADABLE),
    "empty user info": ("http://@SOURCE/", UNREADABLE),
    "the source as user info": ("http://SOURCE@OTHER/", UNREADABLE),
    "two hosts": ("http://OTHER@SOURCE@OTHER/", UNREADABLE),
    "a tab": ("http://OTHER\t@SOURCE/", UNREADABLE),
    "a control character": ("http://OTHER\x0b@SOURCE/", UNREADABLE),
    "a control character in the path": ("http://SOURCE/\x01", UNREADABLE),
    "a space": ("http://SOURCE /", UNREADABLE),
    "two addresses": ("http://SOURCE/, http://OTHER/", UNREADABLE),
    "a full-width dot": ("http://127\u30020.0.1:PORT/", UNREADABLE),
    "letters in a circle": ("http://\u24db\u24de\u24d2alhost:PORT/", UNREADABLE),
    "letters beyond ASCII": ("http://b\u00fccher.example/", UNREADABLE),
    "letters beyond ASCII in the path": ("/\u00fc", UNREADABLE),
    "a zone": ("http://[fe80::1%25lo]:PORT/", UNREADABLE),
    "a zone that is not encoded": ("http://[fe80::1%lo]:PORT/", UNREADABLE),
    "half an IPv6": ("http://[", UNREADABLE),
    "no IPv6": ("http://[127.0.0.1]:PORT/", UNREADABLE),
    "a port that is too high": ("http://x:99999/", UNREADABLE),
    "port 0": ("http://127.0.0.1:0/", UNREADABLE),
    "a negative port": ("http://127.0.0.1:-1/", UNREADABLE),
    "a port with a sign": ("http://127.0.0.1:+PORT/", UNREADABLE),
    "two ports": ("http://SOURCE:80/", UNREADABLE),
    "an empty label": ("http://a..b/", UNREADABLE),
    "a label that is too long": (f"http://{'a' * 64}.example/", UNREADABLE),
    "no HTTP": ("file:///etc/passwd", UNREADABLE),
    "no address": ("mailto:SOURCE", UNREADABLE),
}


@pytest.mark.parametrize("name", LOCATIONS)
def test_gives_nobody_else_the_key(
    source: ScriptedSource, other: ScriptedSource, name: str
) -> None:
    location, words = LOCATIONS[name]
    location = location.replace("SOURCE", host_of(source)).replace("OTHER", host_of(other))
    location = location.replace("PORT", source.url.rpartition(":")[2]).encode().decode("latin-1")
    source.script = [(302, {"Location": location}, b"")]
    with pytest.raises(PullError) as refused:
        first_page(source.url)
    assert str(refused.value) == f"{host_of(source)} {words}"
    assert (len(source.requests), other.requests) == (1, [])


SAME = {
    "a path": PAGE,
    "a relative path": "../v1/calls?page=1&limit=100",
    "a query alone": "?limit=100&page=1",
    "an address": f"http://SOURCE{PAGE}",
    "no scheme": f"//SOURCE{PAGE}",
    "a scheme in capitals": f"HTTP://SOURCE{PAGE}",
    "a host in capitals": f"http://LOCALHOST:PORT{PAGE}",
    "a port with zeros": f"http://localhost:0PORT{PAGE}",
    "a fragment": f"http://SOURCE{PAGE}#@elsewhere",
    "an address in the query": f"http://SOURCE{PAGE}&from=http://user@elsewhere:1/",
    "nothing": "",
}


@pytest.mark.parametrize("name", SAME)
def test_follows_within_the_server_however_it_is_written(source: ScriptedSource, name: str) -> None:
    port = source.url.rpartition(":")[2]
    location = SAME[name].replace("SOURCE", f"localhost:{port}").replace("PORT", port)
    source.script = [(307, {"Location": location}, b"")]
    assert first_page(f"http://localhost:{port}").rows == source.rows
    assert [key for _, key in source.requests] == [SECRET, SECRET]


def test_a_malformed_redirect_is_one_line(runner: FlaskCliRunner, source: ScriptedSource) -> None:
    source.script = [(302, {"Location": "http://["}, b"")]
    env = {"CLINIC_PULL_KEY": SECRET}
    result = runner.invoke(main, ["pull", "--from", source.url], env=env)
    words = f"{host_of(source)} {UNREADABLE} What was copied stays; run it again."
    assert (result.exit_code, result.stderr) == (1, f"Error: {words}\n")


def test_a_redirect_without_an_address_is_a_refusal(source: ScriptedSource) -> None:
    source.script = [(302, {}, b"")]
    with pytest.raises(PullError, match="answers 302"):
        first_page(source.url)


def test_reads_nothing_of_what_comes_with_a_redirect(source: ScriptedSource) -> None:
    source.script = [(302, {"Location": PAGE}, repeat(b"x" * 65536))]
    assert first_page(source.url).rows == source.rows


PIECES = [
    "http:",
    "HTTPS:",
    "/",
    "//",
    "\\",
    "@",
    ":",
    "[",
    "]",
    "::1",
    "%",
    "%5C",
    "%25",
    "?",
    "#",
]
PIECES += ["a", "B.example", "b.example.", "127.0.0.1", "80", "8000", "0", "99999", ".", "..", "\t"]
PIECES += [
    "\0",
    "\n",
    "\x1f",
    " ",
    "\x7f",
    "\u00fc",
    "\u3002",
    "\u2100",
    "\u24db",
    "xn--bcher-kva",
    "*",
]


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.sampled_from(["", "http://"]))
def test_an_address_is_compared_as_the_request_goes(address: str, begin: str) -> None:
    with suppress(ValueError):
        origin = _origin(begin + address)
        goes_to: Any = urlsplit(requests.Request("GET", begin + address).prepare().url)
        port = goes_to.port or {"http": 80, "https": 443}[goes_to.scheme]
        assert (goes_to.scheme, goes_to.hostname, port) == origin


ADDRESSES = [
    *(
        "http://[",
        "http://[::1",
        "http://[127.0.0.1]/",
        "http://x:99999/",
        "http://x:0",
        "http://x:-1",
    ),
    *(
        "http://a.example\\@b.example",
        "http://a.example\\",
        "http:\\\\a.example",
        "http://@a.example",
    ),
    *("http://a\t.example", "http://a\n.example", " http://a.example", "http://a.example ", "\0"),
    *("http://a..example", f"http://{'a' * 64}.example", "http://.", "http://%61.example"),
    *("http://b\u00fccher.example", "http://a.example:\uff18\uff10", "http://a\u2100b.example"),
    *("http://[fe80::1%25lo]:8000", "http://[fe80::1%lo]:8000", "http:///v1", "https:a.example"),
]


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_malformed_address_is_refused(url: str) -> None:
    with pytest.raises(PullError, match=r"^--from must look like https://calls.clinic.example\."):
        Source(url, SECRET, patience_s=0)
