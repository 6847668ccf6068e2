"""clinic-calls pull: what is taken over, what stays, and what a difficult source cannot do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from tests.support.people import read
from tests.support.sources import Answer, ScriptedSource, call_row, serving
from tests.support.webhooks import RETELL_CALL, SETTINGS, deliver, retell

URL = "/v1/calls"
KEY = "cc_source_key"


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture
def source() -> Iterator[ScriptedSource]:
    with serving(ScriptedSource([])) as source:
        yield source


@pytest.fixture
def pull(runner: FlaskCliRunner, source: ScriptedSource) -> Any:
    def run(*args: str, **environ: str | None) -> Result:
        """Pull from the source, which gets no second chance unless said."""
        env = {"CLINIC_PULL_KEY": KEY, "CLINIC_PULL_KEY_FILE": None} | environ
        options = ["--from", source.url, "--patience", "0", *args]
        return runner.invoke(main, ["pull", *options], env=env)

    return run


def stored(client: FlaskClient, number: int = 1) -> Any:
    return read(client, f"{URL}/{call_row(number)['id']}")


def total(client: FlaskClient) -> Any:
    return read(client, URL)["pagination"]["total"]


def test_copies_the_sixteen_keys(client: FlaskClient, source: ScriptedSource, pull: Any) -> None:
    row = call_row(1, ended_at="2026-01-01T00:03:00Z", customer_number="+12125550123")
    row |= {"status": "done", "category": "billing", "duration_min": 1.5, "language": "english"}
    row |= {"patient_id": "p1", "sessions_scheduled": 2, "assistant_id": "asst"}
    source.rows = [row]
    assert pull().stdout == "1 added, 0 changed, 0 skipped.\n"
    assert read(client, URL)["data"] == [row | {"org_id": "clinic"}]


def test_sends_the_key_in_its_header_only(source: ScriptedSource, pull: Any) -> None:
    pull()
    assert source.requests == [("/v1/calls?page=1&limit=100", KEY)]


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/calls", "/v1/calls/"])
def test_takes_the_address_with_its_path_too(source: ScriptedSource, pull: Any, path: str) -> None:
    pull("--from", source.url + path)
    assert source.requests[0][0] == "/v1/calls?page=1&limit=100"


def test_a_second_pull_changes_nothing(
    client: FlaskClient, source: ScriptedSource, pull: Any
) -> None:
    source.rows = [call_row(number) for number in range(250)][::-1]
    assert pull().stdout == "250 added, 0 changed, 0 skipped.\n"
    before = stored(client)
    assert pull().stdout == "0 added, 0 changed, 250 skipped.\n"
    assert stored(client) == before


def test_brings_known_calls_up_to_date(
    client: FlaskClient, source: ScriptedSource, pull: Any
) -> None:
    for status, minutes in (("pending", 1), ("done", 2), ("pending", 3)):
        source.rows = [call_row(1, status=status, duration_min=minutes, summary=status)]
        pull()
        call = stored(client)
        assert (call["status"], call["duration_min"], call["summary"]) == (status, minutes, status)
    assert call["version"] == 3


def test_what_a_person_here_decided_stays(
    client: FlaskClient, source: ScriptedSource, pull: Any
) -> None:
    source.rows = [call_row(1, status="pending", category="billing", patient_id="p1")]
    pull()
    url = f"{URL}/{call_row(1)['id']}"
    client.patch(url, json={"version": 1, "status": "done", "patient_id": None})
    source.rows = [call_row(1, status="follow_up_needed", category="cancellation", patient_id="p2")]
    assert pull().stdout == "0 added, 1 changed, 0 skipped.\n"
    call = stored(client)
    assert (call["status"], call["patient_id"]) == ("done", None)
    assert call["category"] == "cancellation"


def test_what_the_source_does_not_know_erases_nothing(
    client: FlaskClient, source: ScriptedSource, pull: Any
) -> None:
    deliver(client, "retell", retell(transcript="Hello.", agent_id="asst"))
    before = read(client, RETELL_CALL)
    source.rows = [call_row(1, id=before["id"], summary=None, type=None)]
    pull()
    call = read(client, RETELL_CALL)
    assert (call["transcript"], call["assistant_id"]) == ("Hello.", "asst")
    assert call["started_at"] == "2026-01-01T00:01:00Z"


def test_the_source_counts_for_more_than_an_event(
    client: FlaskClient, source: ScriptedSource, pull: Any
) -> None:
    deliver(client, "retell", retell("call_analyzed", metadata={"category": "billing"}))
    source.rows = [call_row(1, id=RETELL_CALL[-36:], category="cancellation")]
    pull()
    deliver(client, "retell", retell("call_ended", metadata={"category": "authorization"}))
    assert read(client, RETELL_CALL)["category"] == "cancellation"


def test_takes_more_than_the_sixteen_keys_where_there_are_more(
    client: FlaskClient, source: ScriptedSource, pull: Any
) -> None:
    source.rows = [call_row(1, transcript="Hello.", version=7, updated_at="x", colour="red")]
    assert pull().exit_code == 0
    call = stored(client)
    assert (call["transcript"], call["version"]) == ("Hello.", 1)


def test_a_call_deleted_here_stays_deleted(
    client: FlaskClient, source: ScriptedSource, pull: Any
) -> None:
    source.rows = [call_row(1)]
    pull()
    client.delete(f"{URL}/{call_row(1)['id']}")
    assert pull().stdout == "0 added, 0 changed, 1 skipped.\n"
    assert total(client) == 0


def test_links_nobody_by_the_number(client: FlaskClient, source: ScriptedSource, pull: Any) -> None:
    client.post("/v1/patients", json={"last_name": "Okafor", "phone_number": "+12125550123"})
    source.rows = [call_row(1, customer_number="+12125550123")]
    pull()
    assert stored(client)["patient_id"] is None


def test_a_call_of_a_provider_that_is_known_under_another_id_is_the_same(
    client: FlaskClient, source: ScriptedSource, pull: Any
) -> None:
    deliver(client, "retell", retell(transcript="Hello."))
    source.rows = [call_row(1, summary="Said hello.", provider="retell", external_id="Jabr9TXY")]
    assert pull().stdout == "0 added, 1 changed, 0 skipped.\n"
    call = read(client, RETELL_CALL)
    assert (total(client), call["summary"], call["transcript"]) == (1, "Said hello.", "Hello.")


def test_an_end_before_the_start_is_left_out(
    client: FlaskClient, source: ScriptedSource, pull: Any
) -> None:
    source.rows = [call_row(1, ended_at="2026-01-01T00:00:59Z")]
    for told in ("1 added, 0 changed, 0 skipped.\n", "0 added, 0 changed, 1 skipped.\n"):
        assert pull().stdout == told
    call = stored(client)
    assert (call["started_at"], call["ended_at"]) == ("2026-01-01T00:01:00Z", None)


BAD_ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "no status": ({"status": "Knee"}, "status must be one of pending, done, follow_up_needed."),
    "no instant": (
        {"started_at": "Knee"},
        "started_at must be an instant with an offset, such as 2023-11-07T05:31:56Z.",
    ),
    "no text": ({"summary": ["Knee"]}, "summary must be text."),
    "a NUL": ({"summary": "Knee\0"}, "summary must not hold a NUL character."),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_call_is_left_out_and_reported_without_its_content(
    client: FlaskClient, source: ScriptedSource, pull: Any, name: str
) -> None:
    values, reason = BAD_ROWS[name]
    source.rows = [call_row(3), call_row(2, **values), call_row(1)]
    result = pull()
    where = f"page=1&limit=100, call {call_row(2)['id']}"
    assert result.stdout == "2 added, 0 changed, 0 skipped.\n"
    assert result.stderr == (
        f"{where}: {reason}\nError: 1 calls are not valid and were left out.\n"
    )
    assert (result.exit_code, total(client)) == (1, 2)


@pytest.mark.parametrize("call_id", [None, 7, "Knee", "Knee\n", {}])
def test_a_call_without_an_id_is_reported_too(
    source: ScriptedSource, pull: Any, call_id: object
) -> None:
    source.rows = [call_row(2), call_row(1, id=call_id)]
    result = pull()
    assert result.stdout == "1 added, 0 changed, 0 skipped.\n"
    assert len(result.stderr.splitlines()) == 2


def test_since_leaves_out_what_is_older(source: ScriptedSource, pull: Any) -> None:
    result = pull("--since", "2026-01-31")
    assert source.requests[0][0].endswith("&started_gte=2026-01-31T00%3A00%3A00Z")
    assert result.stderr.startswith("Calls that never started are left out")
    assert pull("--since", "yesterday").exit_code == 2


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
def test_says_why_a_source_cannot_be_read(source: ScriptedSource, pull: Any, name: str) -> None:
    answer, words = REFUSED[name]
    source.script = [answer]
    result = pull()
    host = source.url.removeprefix("http://")
    assert (result.exit_code, len(source.requests)) == (1, 1)
    assert result.stderr == f"Error: {host} {words} What was copied stays; run it again.\n"


@pytest.mark.parametrize("name", UNLIKE)
def test_says_that_an_answer_is_no_page_of_calls(
    source: ScriptedSource, pull: Any, name: str
) -> None:
    source.script = [UNLIKE[name]]
    result = pull()
    assert result.exit_code == 1
    assert "does not answer as this API does" in result.stderr


def test_says_that_nobody_answers(pull: Any) -> None:
    result = pull("--from", "http://127.0.0.1:9")
    assert result.stderr.startswith("Error: 127.0.0.1:9 does not answer.")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)


def test_follows_within_the_server(client: FlaskClient, source: ScriptedSource, pull: Any) -> None:
    source.rows = [call_row(1)]
    source.script = [(308, {"Location": "/api/v1/calls?page=1&limit=100"}, b"")]
    assert pull().exit_code == 0
    assert source.requests[1] == ("/api/v1/calls?page=1&limit=100", KEY)
    assert total(client) == 1


def test_does_not_follow_in_circles(source: ScriptedSource, pull: Any) -> None:
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
    client: FlaskClient, source: ScriptedSource, pull: Any, answer: Answer
) -> None:
    source.rows = [call_row(1)]
    source.script = [answer]
    assert pull("--patience", "5").exit_code == 0
    assert (len(source.requests), total(client)) == (2, 1)


ADDRESSES = ["", "calls.example", "ftp://a.example", "https://", "https://u:p@a.example"]


@pytest.mark.parametrize("url", [*ADDRESSES, "https://a.example?key=1", "http://a.example:x"])
def test_refuses_what_is_no_address(pull: Any, url: str) -> None:
    result = pull("--from", url)
    assert result.exit_code == 1
    assert "--from must look like https://calls.clinic.example." in result.stderr


@pytest.mark.parametrize("key", ["", "two words", "schlüssel", "a\nb"])
def test_refuses_what_is_no_key(source: ScriptedSource, pull: Any, key: str) -> None:
    result = pull(CLINIC_PULL_KEY=key)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert source.requests == []


def test_takes_the_key_from_a_file(source: ScriptedSource, pull: Any, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("cc_file\n")
    pull("--key-file", str(file))
    pull(CLINIC_PULL_KEY=None, CLINIC_PULL_KEY_FILE=str(file))
    assert [key for _, key in source.requests] == ["cc_file", "cc_file"]


def test_warns_of_an_open_line(runner: FlaskCliRunner) -> None:
    env = {"CLINIC_PULL_KEY": KEY}
    options = ["--from", "http://source.invalid", "--patience", "0"]
    result = runner.invoke(main, ["pull", *options], env=env)
    assert result.stderr.startswith("The key and the calls travel to source.invalid unencrypted.\n")
