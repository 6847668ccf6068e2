"""clinic-calls pull: sources that refuse, send on, break off, or are something else."""

import pytest
from flask.testing import FlaskClient

from tests.support.answers import total
from tests.support.commands import Run
from tests.support.sources import KEY, Answer, ScriptedSource, call_row

URL = "/v1/calls"


REFUSED: dict[str, tuple[Answer, str]] = {
    "no key": ((401, {}, b""), "refuses the key (401); it needs the scope read."),
    "no scope": ((403, {}, b""), "refuses the key (403); it needs the scope read."),
    "an error": ((422, {}, b"Knee"), "answers 422."),
    "busy": ((503, {}, b"Knee"), "answers 503."),
    "too long a wait": ((429, {"Retry-After": "3600"}, b""), "answers 429."),
    "another server": (
        (302, {"Location": "http://localhost:9/v1/calls"}, b""),
        "sends on to another server, which must not get the key;"
        " give the address of the API itself.",
    ),
}
UNLIKE: dict[str, Answer] = {
    "a page": (200, {}, b"<html>"),
    "a list": (200, {}, []),
    "an object": (200, {}, {"data": []}),
    "rows that are none": (200, {}, {"data": [1], "pagination": {}}),
    "another limit": (
        *(200, {}),
        {"data": [], "pagination": {"page": 1, "limit": 50, "total": 0, "has_more": False}},
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_says_why_a_source_cannot_be_read(source: ScriptedSource, pull: Run, name: str) -> None:
    answer, words = REFUSED[name]
    source.script = [answer]
    result = pull()
    host = source.url.removeprefix("http://")
    assert (result.exit_code, len(source.requests)) == (1, 1)
    assert result.stderr == f"Error: {host} {words} What was copied stays; run it again.\n"


@pytest.mark.parametrize("name", UNLIKE)
def test_says_that_an_answer_is_no_page_of_calls(
    source: ScriptedSource, pull: Run, name: str
) -> None:
    source.script = [UNLIKE[name]]
    result = pull()
    assert result.exit_code == 1
    assert "does not answer as this API does" in result.stderr


def test_says_that_nobody_answers(pull: Run) -> None:
    result = pull("--from", "http://127.0.0.1:9")
    assert result.stderr.startswith("Error: 127.0.0.1:9 does not answer.")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)


def test_follows_within_the_server(client: FlaskClient, source: ScriptedSource, pull: Run) -> None:
    source.rows = [call_row(1)]
    source.script = [(308, {"Location": "/api/v1/calls?page=1&limit=100"}, b"")]
    assert pull().exit_code == 0
    assert source.requests[1] == ("/api/v1/calls?page=1&limit=100", KEY)
    assert total(client, URL) == 1


def test_does_not_follow_in_circles(source: ScriptedSource, pull: Run) -> None:
    source.script = [(302, {"Location": "/v1/calls?page=1&limit=100"}, b"")] * 20
    result = pull()
    assert "sends on in circles" in result.stderr
    assert len(source.requests) == 5


@pytest.mark.parametrize(
    "answer",
    [
        (429, {"Retry-After": "0"}, b""),
        (503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, b""),
        (200, {"Content-Length": "1000", "Connection": "close"}, b"{"),
    ],
    ids=["too many requests", "a date gone by", "half an answer"],
)
def test_asks_again_as_the_source_wishes(
    client: FlaskClient, source: ScriptedSource, pull: Run, answer: Answer
) -> None:
    source.rows = [call_row(1)]
    source.script = [answer]
    assert pull("--patience", "5").exit_code == 0
    assert (len(source.requests), total(client, URL)) == (2, 1)
