"""Pulling while calls come and go at the source, and from a real server that dies midway."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.models.engine import database
from app.services.calls import calls
from app.services.drafts import Draft
from app.transfer.pull import OVERLAP, PullReport, _next_page, pull
from app.transfer.source import PullError, Source
from tests.support.answers import read, total
from tests.support.application import application
from tests.support.served import Served
from tests.support.server import running
from tests.support.sources import ScriptedSource, call_row, serving

URL = "/v1/calls"
# As many as any test has calls for.
PAGES = range(1, 8)


@pytest.fixture
def source() -> Iterator[ScriptedSource]:
    """A source of 500 calls, newest first."""
    with serving(ScriptedSource([call_row(number) for number in range(499, -1, -1)])) as source:
        yield source


def pull_all(url: str, key: str = "key", *, patience_s: float = 0) -> PullReport:
    report = PullReport()
    for _ in pull(Source(url, key, patience_s=patience_s), report):
        pass
    return report


def calls_here(client: FlaskClient) -> list[dict[str, Any]]:
    pages = [read(client, f"{URL}?limit=100&page={page}")["data"] for page in PAGES]
    return [call for page in pages for call in page]


def ids_here(client: FlaskClient) -> set[str]:
    return {call["id"] for call in calls_here(client)}


def ids_there(source: ScriptedSource) -> set[str]:
    return {row["id"] for row in source.rows}


@given(st.integers(100, 10**9))
def test_a_page_overlaps_what_was_read_and_brings_more(end: int) -> None:
    number, limit = _next_page(end)
    assert 50 <= limit <= 100
    assert (number - 1) * limit <= end - OVERLAP
    assert number * limit >= end + 40


def test_calls_that_arrive_meanwhile_are_taken_too(
    client: FlaskClient, source: ScriptedSource
) -> None:
    arriving = [call_row(number) for number in range(505, 499, -1)]

    def arrive() -> None:
        if arriving:
            source.rows.insert(0, arriving.pop())

    source.before_page = arrive
    assert pull_all(source.url).added == 506
    assert ids_here(client) == ids_there(source)


def test_a_call_that_arrives_after_the_first_page_is_taken_in_the_end(
    client: FlaskClient, source: ScriptedSource
) -> None:
    progress = pull(Source(source.url, "key", patience_s=0), PullReport())
    next(progress)
    source.rows.insert(0, call_row(500))
    assert sum(page.looked_at for page in progress) == 400
    assert ids_here(client) == ids_there(source)


@pytest.mark.parametrize("deleted", [1, OVERLAP - 1, OVERLAP, 75, 300])
def test_no_call_is_passed_over_where_others_are_deleted(
    client: FlaskClient, source: ScriptedSource, deleted: int
) -> None:
    progress = pull(Source(source.url, "key", patience_s=0), PullReport())
    for _ in range(4):
        next(progress)
    del source.rows[:deleted]
    list(progress)
    assert ids_there(source) <= ids_here(client)


def test_a_call_goes_and_another_comes_between_any_two_pages(
    client: FlaskClient, source: ScriptedSource
) -> None:
    arriving = [call_row(number) for number in range(504, 499, -1)]

    def change() -> None:
        if arriving:
            source.rows.insert(0, arriving.pop())
            del source.rows[7]

    source.before_page = change
    pull_all(source.url)
    assert ids_there(source) <= ids_here(client)


def test_a_source_without_any_order_is_given_up(app: Flask, source: ScriptedSource) -> None:
    def renew() -> None:
        source.rows = [call_row(1000 * len(source.requests) + number) for number in range(300)]

    source.before_page = renew
    with pytest.raises(PullError, match="keeps changing"):
        pull_all(source.url)
    assert len(source.requests) < 50


@pytest.fixture
def server(tmp_path: Path) -> Served:
    """A server of this program with 700 calls, not yet started."""
    server = Served(tmp_path / "source")
    with application(server.database), database.write():
        for number in range(700):
            started_at = None if number % 50 == 0 else 1_700_000_000_000 + number * 333
            values: Any = {"created_at": 1_700_000_000_000, "started_at": started_at}
            calls.record_draft(
                Draft(call_row(number)["id"], values | {"summary": f"Call {number}."})
            )
    return server


def test_a_source_that_dies_midway_is_pulled_whole_the_second_time(
    client: FlaskClient, server: Served
) -> None:
    with running(server):
        progress = pull(Source(server.url, server.key, patience_s=0), PullReport())
        for _ in range(3):
            next(progress)
        server.kill()
        with pytest.raises(PullError, match="does not answer"):
            next(progress)
    with running(server):
        report = pull_all(server.url, server.key)
        source = Source(server.url, server.key, patience_s=0)
        there = [row for number in PAGES for row in source.page(number, 100).rows]
    assert (report.added + report.skipped, report.changed) == (700, 0)
    assert calls_here(client) == there


def test_waits_for_a_source_that_is_started_again(client: FlaskClient, server: Served) -> None:
    with running(server):
        progress = pull(Source(server.url, server.key, patience_s=60), PullReport())
        next(progress)
        server.kill()
        starting = Thread(target=server.start)
        starting.start()
        assert sum(page.looked_at for page in progress) == 600
        starting.join()
    assert total(client, URL) == 700
