"""Bodies through a real connection: with a length or in chunks, too large or cut off."""

import json
from collections.abc import Iterator

import pytest

from tests.support.served import Served

MIB = 1024 * 1024


def chunks(size: int) -> Iterator[bytes]:
    """Give a body of so many bytes of JSON as chunks."""
    chunk = b" " * 65_536
    for _ in range(size // len(chunk)):
        yield b"10000\r\n" + chunk + b"\r\n"
    yield b"2\r\n{}\r\n0\r\n\r\n"


def total(served: Served) -> int:
    """Give how many calls there are."""
    return int(json.loads(served.ask("GET", "/v1/calls?limit=1").body)["pagination"]["total"])


@pytest.mark.parametrize("path", ["/v1/calls", "/v1/ingest/retell"])
@pytest.mark.parametrize("size", [33 * MIB, 500 * MIB])
def test_length_above_every_limit_is_413(served: Served, path: str, size: int) -> None:
    answer = served.send(served.head(path, size), b"{" * 1000)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_chunks_above_every_limit_are_413(served: Served) -> None:
    before = total(served)
    answer = served.send(served.head("/v1/calls", None), *chunks(40 * MIB))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert total(served) == before


@pytest.mark.parametrize("length", [MIB + 2, None])
def test_body_above_one_mebibyte_is_413_in_the_envelope(served: Served, length: int | None) -> None:
    before = total(served)
    body = [b" " * MIB + b"{}"] if length else list(chunks(MIB))
    answer = served.send(served.head("/v1/calls", length), *body)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"body_too_large"' in answer
    assert total(served) == before


def test_body_of_one_mebibyte_in_chunks_is_taken(served: Served) -> None:
    answer = served.send(served.head("/v1/calls", None), *chunks(MIB - 65_536))
    assert answer.startswith(b"HTTP/1.1 201 ")


def test_body_shorter_than_its_length_stores_nothing(served: Served) -> None:
    before = total(served)
    with served.connect() as connection:
        connection.sendall(served.head("/v1/calls", 100) + b"{}")
    assert total(served) == before
