"""clinic-calls pull: pages in crumbs, large, spoilt or late, and lists without end."""

import json
from collections.abc import Iterator

import pytest

from app.transfer.source import MAX_PAGE_BYTES, Page, PullError, Source
from tests.support.sources import ScriptedSource, call_row, serving


@pytest.fixture
def source() -> Iterator[ScriptedSource]:
    with serving(ScriptedSource([call_row(number) for number in range(5)])) as source:
        yield source


def first_page(source: ScriptedSource, patience_s: float = 0) -> Page:
    return Source(source.url, "key", patience_s=patience_s).page(1, 100)


def body_of(source: ScriptedSource) -> bytes:
    """Give what the source answers for its first page."""
    return json.dumps(source.answer("/v1/calls?page=1&limit=100", None)[2]).encode()


def test_takes_a_page_byte_by_byte(source: ScriptedSource) -> None:
    body = body_of(source)
    source.script = [(200, {}, (bytes([byte]) for byte in body))]
    assert len(body) > 1024
    assert first_page(source).rows == source.rows


def padded(source: ScriptedSource, size: int) -> Iterator[bytes]:
    """Give the first page, as large as that."""
    body = body_of(source)
    return iter([b" " * (size - len(body)), body])


def test_takes_a_page_of_as_many_bytes_as_it_may_have(source: ScriptedSource) -> None:
    source.script = [(200, {}, padded(source, MAX_PAGE_BYTES))]
    assert first_page(source).rows == source.rows


def test_refuses_a_page_of_one_byte_more(source: ScriptedSource) -> None:
    source.script = [(200, {}, padded(source, MAX_PAGE_BYTES + 1))]
    with pytest.raises(PullError, match=f"A page there is larger than {MAX_PAGE_BYTES} bytes"):
        first_page(source)
