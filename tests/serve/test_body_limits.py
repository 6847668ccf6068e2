"""Bodies through a real connection: with a length or in chunks, too large or cut off."""

import json
from collections.abc import Iterator

import pytest

from tests.support.served import Served

MIB = 1024 * 1024


def chunks(size: int) -> Iterator[bytes]:
    """Give a body of exactly so many bytes of JSON as chunks."""
    whole, rest = divmod(size - 2, 65_536)
    for length in [65_536] * whole + [rest] * (rest > 0):
        yield b"%x\r\n%b\r\n" % (length, b" " * length)
    yield b"2\r\n{}\r\n0\r\n\r\n"


def total(served: Served) -> int:
    """Give how many calls there are."""
    return int(json.loads(served.ask("GET", "/v1/calls?limit=1").body)["pagination"]["total"])


@pytest.mark.parametrize("path", ["/v1/calls", "/v1/ingest/retell"])
@pytest.mark.parametrize("size", [33 * MIB, 500 * MIB])
def test_length_above_every_limit_is_413(served: Served, path: str, size: int) -> None:
    answer = served.send(served.head(path, size), b"{" * 1000)
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("size", [MIB + 1, 26 * MIB, 40 * MIB])
def test_chunks_of_more_than_one_mebibyte_are_413(served: Served, size: int) -> None:
    before = total(served)
    answer = served.send(served.head("/v1/calls", None), *chunks(size))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert total(served) == before


def test_one_mebibyte_in_chunks_is_taken(served: Served) -> None:
    answer = served.send(served.head("/v1/calls", None), *chunks(MIB))
    assert answer.startswith(b"HTTP/1.1 201 ")


def test_body_above_one_mebibyte_is_413_in_the_envelope(served: Served) -> None:
    answer = served.send(served.head("/v1/calls", MIB + 1), b" " * MIB + b"1")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"body_too_large"' in answer


def test_body_shorter_than_its_length_stores_nothing(served: Served) -> None:
    before = total(served)
    with served.connect() as connection:
        connection.sendall(served.head("/v1/calls", 100) + b"{}")
    assert total(served) == before
