"""clinic-calls pull: what is taken over of a source's calls, and what stays as it is here."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.answers import read, total
from tests.support.commands import Run
from tests.support.sources import ScriptedSource, call_row
from tests.support.webhooks import RETELL_CALL, SETTINGS, deliver, retell

URL = "/v1/calls"


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


def stored(client: FlaskClient, number: int = 1) -> Any:
    return read(client, f"{URL}/{call_row(number)['id']}")


def test_copies_the_sixteen_keys(client: FlaskClient, source: ScriptedSource, pull: Run) -> None:
    row = call_row(1, ended_at="2026-01-01T00:03:00Z", customer_number="+12125550123")
    row |= {"status": "done", "category": "billing", "duration_min": 1.5, "language": "english"}
    row |= {"patient_id": "p1", "sessions_scheduled": 2, "assistant_id": "asst"}
    source.rows = [row]
    assert pull().stdout == "1 added, 0 changed, 0 skipped.\n"
    assert read(client, URL)["data"] == [row | {"org_id": "clinic"}]


def test_a_second_pull_changes_nothing(
    client: FlaskClient, source: ScriptedSource, pull: Run
) -> None:
    source.rows = [call_row(number) for number in range(250)][::-1]
    assert pull().stdout == "250 added, 0 changed, 0 skipped.\n"
    before = stored(client)
    assert pull().stdout == "0 added, 0 changed, 250 skipped.\n"
    assert stored(client) == before


def test_brings_known_calls_up_to_date(
    client: FlaskClient, source: ScriptedSource, pull: Run
) -> None:
    for status, minutes in (("pending", 1), ("done", 2), ("pending", 3)):
        source.rows = [call_row(1, status=status, duration_min=minutes, summary=status)]
        pull()
        call = stored(client)
        assert (call["status"], call["duration_min"], call["summary"]) == (status, minutes, status)
    assert call["version"] == 3


def test_what_a_person_here_decided_stays(
    client: FlaskClient, source: ScriptedSource, pull: Run
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
    client: FlaskClient, source: ScriptedSource, pull: Run
) -> None:
    deliver(client, "retell", retell(transcript="Hello.", agent_id="asst"))
    before = read(client, RETELL_CALL)
    source.rows = [call_row(1, id=before["id"], summary=None, type=None)]
    pull()
    call = read(client, RETELL_CALL)
    assert (call["transcript"], call["assistant_id"]) == ("Hello.", "asst")
    assert call["started_at"] == "2026-01-01T00:01:00Z"


@pytest.mark.parametrize("language", ["multi", "", "русский", 7])
def test_what_is_no_language_hides_no_call(
    client: FlaskClient, source: ScriptedSource, pull: Any, language: Any
) -> None:
    source.rows = [call_row(1, language="Farsi")]
    pull()
    source.rows = [call_row(1, summary="Asked for Ana.", language=language)]
    assert pull().stdout == "0 added, 1 changed, 0 skipped.\n"
    assert (stored(client)["summary"], stored(client)["language"]) == ("Asked for Ana.", "persian")


def test_the_source_counts_for_more_than_an_event(
    client: FlaskClient, source: ScriptedSource, pull: Run
) -> None:
    deliver(client, "retell", retell("call_analyzed", metadata={"category": "billing"}))
    source.rows = [call_row(1, id=RETELL_CALL[-36:], category="cancellation")]
    pull()
    deliver(client, "retell", retell("call_ended", metadata={"category": "authorization"}))
    assert read(client, RETELL_CALL)["category"] == "cancellation"


def test_takes_more_than_the_sixteen_keys_where_there_are_more(
    client: FlaskClient, source: ScriptedSource, pull: Run
) -> None:
    source.rows = [call_row(1, transcript="Hello.", version=7, updated_at="x", colour="red")]
    assert pull().exit_code == 0
    call = stored(client)
    assert (call["transcript"], call["version"]) == ("Hello.", 1)


def test_a_call_deleted_here_stays_deleted(
    client: FlaskClient, source: ScriptedSource, pull: Run
) -> None:
    source.rows = [call_row(1)]
    pull()
    client.delete(f"{URL}/{call_row(1)['id']}")
    assert pull().stdout == "0 added, 0 changed, 1 skipped.\n"
    assert total(client, URL) == 0


def test_links_nobody_by_the_number(client: FlaskClient, source: ScriptedSource, pull: Run) -> None:
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
    assert (total(client, "/v1/calls"), call["summary"], call["transcript"]) == (
        1,
        "Said hello.",
        "Hello.",
    )


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
    client: FlaskClient, source: ScriptedSource, pull: Run, name: str
) -> None:
    values, reason = BAD_ROWS[name]
    source.rows = [call_row(3), call_row(2, **values), call_row(1)]
    result = pull()
    where = f"page=1&limit=100, call {call_row(2)['id']}"
    assert result.stdout == "2 added, 0 changed, 0 skipped.\n"
    assert result.stderr == (
        f"{where}: {reason}\nError: 1 calls are not valid and were left out.\n"
    )
    assert (result.exit_code, total(client, URL)) == (1, 2)


@pytest.mark.parametrize("call_id", [None, 7, "Knee", "Knee\n", {}])
def test_a_call_without_an_id_is_reported_too(
    source: ScriptedSource, pull: Run, call_id: object
) -> None:
    source.rows = [call_row(2), call_row(1, id=call_id)]
    result = pull()
    assert result.stdout == "1 added, 0 changed, 0 skipped.\n"
    assert len(result.stderr.splitlines()) == 2
