"""clinic-calls pull: pages in crumbs, large, spoilt or late, and lists without end."""

import json
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from app.transfer.pull import Report, pull
from app.transfer.source import MAX_PAGE_BYTES, Page, PullError, Source
from tests.support.sources import ScriptedSource, call_row, serving


@pytest.fixture
def source() -> Iterator[ScriptedSource]:
    with serving(ScriptedSource([call_row(number) for number in range(5)])) as source:
        yield source


def first_page(source: ScriptedSource, patience_s: float = 0) -> Page:
    return Source(source.url, "key", patience_s=patience_s).page(1, 100)


def pull_all(source: ScriptedSource, patience_s: float = 0) -> Report:
    report = Report()
    for _ in pull(Source(source.url, "key", patience_s=patience_s), report):
        pass
    return report


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


BROKEN = "summary must not hold a broken character."
NUL = "summary must not hold a NUL character."
TEXTS = {
    "the first half of a pair": (rb"\ud83d", BROKEN),
    "the second half of a pair": (rb"\ude00", BROKEN),
    "a pair the wrong way round": (rb"\ude00\ud83d", BROKEN),
    "a half in UTF-8": (b"\xed\xa0\xbd", BROKEN),
    "Latin-1": (b"Garc\xeda", BROKEN),
    "half a character before the end": (b"\xc3", BROKEN),
    "more than Unicode has": (b"\xf5\x80\x80\x80", BROKEN),
    "an escaped NUL": (rb"\u0000", NUL),
    "a NUL": (b"\0", NUL),
}


@pytest.mark.parametrize("name", TEXTS)
def test_an_unreadable_text_spoils_its_call_alone(
    app: Flask, source: ScriptedSource, name: str
) -> None:
    text, reason = TEXTS[name]
    source.script = [(200, {}, body_of(source).replace(b"Call 3.", b"Knee " + text))]
    report = pull_all(source)
    assert (report.added, report.bad_count) == (4, 1)
    assert report.bad == [f"page=1&limit=100, call {call_row(3)['id']}: {reason}"]


def test_an_unreadable_id_spoils_its_call_alone(app: Flask, source: ScriptedSource) -> None:
    source.rows[3]["id"] = "\ud800"
    report = pull_all(source)
    assert (report.added, report.bad_count) == (4, 1)
    assert report.bad == ["page=1&limit=100, a call without a readable id: id must be a UUID."]


@pytest.mark.parametrize("value", ["\ud800", ["\ud800"], {"\ud800": 1}])
def test_what_is_not_taken_over_spoils_nothing(
    app: Flask, source: ScriptedSource, value: object
) -> None:
    source.rows[3] |= {"org_id": value, "colour": value, "\ud800": value}
    assert pull_all(source).added == 5


def test_a_row_of_which_nothing_can_be_read_is_left_out(app: Flask, source: ScriptedSource) -> None:
    source.rows[3] = {"id": ["\ud800"], "summary": "\ud800", "duration_min": 10**400}
    source.rows[2] |= {"id": None, "summary": json.loads("[" * 500 + "]" * 500)}
    report = pull_all(source)
    assert (report.added, report.bad_count) == (3, 2)


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'"\xff' + b"[" * 100_000, b"\xff", b"\xff\xfe{}"]
)
def test_what_is_no_json_is_no_page(source: ScriptedSource, body: bytes) -> None:
    source.script = [(200, {}, body)]
    with pytest.raises(PullError, match="its answer is no page of calls"):
        first_page(source)


PAUSES = {
    "0": 1.0,
    "1": 1.0,
    "3": 3.0,
    "Wed, 21 Oct 2015 07:28:00 GMT": 1.0,
    "Wed, 21 Oct 2015 07:28:00": 1.0,
    "-1": 0.5,
    "soon": 0.5,
    f"Wed, 21 Oct 2015 07:28:00 +{'9' * 30}": 0.5,
}


@pytest.mark.parametrize("value", PAUSES)
def test_waits_as_the_source_asks_and_a_second_at_least(
    source: ScriptedSource, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    source.script = [(429, {"Retry-After": value}, b"")]
    assert first_page(source, patience_s=60).rows == source.rows
    assert pauses == [PAUSES[value]]
