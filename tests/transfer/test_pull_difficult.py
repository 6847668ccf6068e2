"""clinic-calls pull: pages in crumbs, large, spoilt or late, and lists without end."""

import json
import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from app.transfer.pull import PullReport, pull
from app.transfer.source import MAX_PAGE_BYTES, Page, PullError, Source
from tests.support.sources import Answer, ScriptedSource, call_row, serving


@pytest.fixture
def source() -> Iterator[ScriptedSource]:
    with serving(ScriptedSource([call_row(number) for number in range(5)])) as source:
        yield source


def first_page(source: ScriptedSource, patience_s: float = 0) -> Page:
    return Source(source.url, "key", patience_s=patience_s).page(1, 100)


def pull_all(source: ScriptedSource, patience_s: float = 0) -> PullReport:
    report = PullReport()
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


def drip(pieces: int = 200) -> Iterator[bytes]:
    """Give a space every 50 ms."""
    for _ in range(pieces):
        Event().wait(0.05)
        yield b" "


def test_a_page_that_drips_ends_with_the_patience(source: ScriptedSource) -> None:
    source.script = [(200, {}, drip())]
    began_at = time.monotonic()
    with pytest.raises(PullError, match=r"gives no whole page in 0\.5 s\.$"):
        first_page(source, patience_s=0.5)
    assert 0.5 <= time.monotonic() - began_at < 5


def test_a_page_that_never_begins_ends_with_the_patience(source: ScriptedSource) -> None:
    source.before_page = lambda: Event().wait(10)
    with pytest.raises(PullError, match=r"gives no whole page in 0\.5 s\.$"):
        first_page(source, patience_s=0.5)


def test_attempts_share_the_patience(source: ScriptedSource) -> None:
    source.script = [(503, {}, b""), (200, {}, drip())]
    began_at = time.monotonic()
    with pytest.raises(PullError, match="gives no whole page in 1 s"):
        first_page(source, patience_s=1)
    assert time.monotonic() - began_at < 5


def test_without_patience_a_page_has_its_time_too(source: ScriptedSource) -> None:
    source.before_page = lambda: Event().wait(0.3)
    assert first_page(source, patience_s=0).rows == source.rows


class RoundSource(ScriptedSource):
    """Has always more, and its calls come round again and again."""

    total: Callable[[int], int]

    def answer(self, target: str, key: str | None) -> Answer:
        self.requests.append((target, key))
        asked = parse_qs(urlsplit(target).query)
        page, limit = int(asked["page"][0]), int(asked["limit"][0])
        places = range((page - 1) * limit, page * limit)
        data = [self.rows[place % len(self.rows)] for place in places]
        about = {"page": page, "limit": limit, "total": self.total(page * limit), "has_more": True}
        return 200, {}, {"data": data, "pagination": about}


TOTALS: dict[str, tuple[int, Callable[[int], int]]] = {
    "one page again and again": (50, lambda end: 10**9),
    "pages in turn": (1000, lambda end: 10**9),
    "a total that grows": (1000, lambda end: end + 1),
    "a total that is true": (1000, lambda end: 1000),
}


@pytest.mark.parametrize("name", TOTALS)
def test_a_list_without_end_is_given_up(app: Flask, name: str) -> None:
    count, total = TOTALS[name]
    source = RoundSource([call_row(number) for number in range(count)])
    source.total = total
    with serving(source), pytest.raises(PullError, match="gives the same calls again and again"):
        pull_all(source, patience_s=1)


def test_a_list_beyond_its_total_is_given_up_at_once(app: Flask) -> None:
    source = RoundSource([call_row(number) for number in range(150)])
    source.total = lambda end: 150
    with serving(source), pytest.raises(PullError, match="gives the same calls again and again"):
        pull_all(source, patience_s=300)
    assert len(source.requests) < 5


def test_a_long_list_takes_longer_than_the_patience(app: Flask, source: ScriptedSource) -> None:
    source.rows = [call_row(number) for number in range(1000)]
    source.before_page = lambda: Event().wait(0.1)
    assert pull_all(source, patience_s=1).added == 1000


@pytest.mark.parametrize(("rows", "more"), [([], True), ([call_row(1)], "no"), ([], None)])
def test_more_after_nothing_is_no_page(source: ScriptedSource, rows: Any, more: object) -> None:
    about = {"page": 1, "limit": 100, "total": 1000, "has_more": more}
    source.script = [(200, {}, {"data": rows, "pagination": about})]
    with pytest.raises(PullError, match="its answer is no page of calls"):
        first_page(source)
