"""Dead letters: what was genuine and could not be read is kept, shown, replayed and deleted."""

from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from click.testing import Result
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from app.models.dead_letters import DeadLetter
from app.models.engine import database
from app.providers import PROVIDERS
from app.providers.webhooks.delivery import Delivery
from app.services.dead_letters import keep_dead_letter, list_dead_letters
from tests.support.people import read
from tests.support.webhooks import RETELL_CALL, SETTINGS, call_url, deliver, outcome, retell

UNREADABLE: dict[str, tuple[str, Any]] = {
    "nothing at all": ("retell", b""),
    "half a JSON": ("vapi", b'{"message":'),
    "a list": ("elevenlabs", []),
    "a number for an id": ("bland", {"call_id": 7}),
    "no form": ("twilio", b"{}"),
}
LETTER = b'{"event":"call_ended","call":{"transcript":"About the knee."}}'


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


def kept(client: FlaskClient, body: bytes = LETTER) -> str:
    """Deliver what cannot be read and give the id of the dead letter."""
    answer = deliver(client, "retell", body)
    assert outcome(answer) == "kept"
    return str(answer.get_json()["id"])


def deadletters(runner: FlaskCliRunner, *args: str) -> Result:
    return runner.invoke(main, ["deadletters", *args])


@pytest.mark.parametrize("name", UNREADABLE)
def test_keeps_what_cannot_be_read(client: FlaskClient, name: str) -> None:
    provider, event = UNREADABLE[name]
    answer = deliver(client, provider, event)
    assert outcome(answer) == "kept"
    assert [letter.id for letter in list_dead_letters()] == [answer.get_json()["id"]]
    assert read(client, "/v1/calls")["pagination"]["total"] == 0


def test_the_same_body_again_is_the_same_letter(client: FlaskClient) -> None:
    assert kept(client) == kept(client) != kept(client, b"another")
    assert len(list_dead_letters()) == 2


def test_list_shows_nothing_of_the_content(client: FlaskClient, runner: FlaskCliRunner) -> None:
    letter_id = kept(client)
    heading, line = deadletters(runner, "list").stdout.splitlines()
    assert heading.split() == ["ID", "PROVIDER", "RECEIVED", "BYTES", "REASON"]
    assert line.split()[:2] + line.split()[3:4] == [letter_id, "retell", "62"]
    assert line.endswith("The body has no readable call id.")


def test_list_says_that_there_are_none(runner: FlaskCliRunner) -> None:
    assert deadletters(runner, "list").stdout == "No dead letters.\n"


@pytest.mark.parametrize("body", [LETTER, b"\xff\x00\r\n"])
def test_show_writes_the_body_byte_for_byte(
    client: FlaskClient, runner: FlaskCliRunner, body: bytes
) -> None:
    assert deadletters(runner, "show", kept(client, body)).stdout_bytes == body


def test_delete_is_for_good(client: FlaskClient, runner: FlaskCliRunner) -> None:
    letter_id, other = kept(client), kept(client, b"another")
    assert deadletters(runner, "delete", letter_id).exit_code == 0
    assert [letter.id for letter in list_dead_letters()] == [other]


@pytest.mark.parametrize("command", ["show", "replay", "delete"])
def test_an_unknown_letter_is_one_clear_line(runner: FlaskCliRunner, command: str) -> None:
    result = deadletters(runner, command, "7")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: There is no dead letter 7; see: clinic-calls deadletters list\n"
    )


def test_what_still_cannot_be_read_stays(client: FlaskClient, runner: FlaskCliRunner) -> None:
    letter_id = kept(client)
    result = deadletters(runner, "replay", letter_id)
    assert result.exit_code == 1
    assert result.stderr == "Error: 1 of 1 still cannot be read and stay here.\n"
    assert len(list_dead_letters()) == 1


@pytest.mark.parametrize("args", [(), ("7", "--all")])
def test_replay_takes_one_or_all(runner: FlaskCliRunner, args: Sequence[str]) -> None:
    result = deadletters(runner, "replay", *args)
    assert result.exit_code == 2
    assert "Give either an ID or --all." in result.stderr


def keep(body: bytes) -> str:
    """Keep a body as a release did that could not read it yet."""
    return keep_dead_letter("retell", body, url="", content_type="", reason="The body is too new.")


def test_what_can_be_read_now_becomes_a_call(client: FlaskClient, runner: FlaskCliRunner) -> None:
    letter_id = keep(orjson.dumps(retell(transcript="About the knee.")))
    result = deadletters(runner, "replay", letter_id)
    assert result.stdout == f"{letter_id}: created, call {RETELL_CALL.removeprefix('/v1/calls/')}\n"
    assert read(client, RETELL_CALL)["transcript"] == "About the knee."
    assert list_dead_letters() == []


def test_a_letter_is_read_before_the_lock_is_asked_for(
    client: FlaskClient, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id = keep(orjson.dumps(retell()))
    read_call, writing = PROVIDERS["retell"].read, []

    def read(delivery: Delivery) -> Any:
        writing.append(database.raw().in_transaction)
        return read_call(delivery)

    monkeypatch.setattr(PROVIDERS["retell"], "read", read)
    assert deadletters(runner, "replay", letter_id).exit_code == 0
    assert writing == [False]


def test_a_replay_does_not_win_over_a_better_event(
    client: FlaskClient, runner: FlaskCliRunner
) -> None:
    deliver(client, "retell", retell("call_analyzed", agent_id="new"))
    keep(orjson.dumps(retell("call_ended", agent_id="old", transcript="Hello.")))
    assert deadletters(runner, "replay", "--all").exit_code == 0
    call = read(client, RETELL_CALL)
    assert (call["assistant_id"], call["transcript"]) == ("new", "Hello.")


def test_replay_of_all_goes_on_after_one_that_stays(
    client: FlaskClient, runner: FlaskCliRunner
) -> None:
    kept(client)
    keep(orjson.dumps(retell("call_started")))
    readable = keep(orjson.dumps(retell()))
    result = deadletters(runner, "replay", "--all")
    assert result.stderr == "Error: 1 of 3 still cannot be read and stay here.\n"
    assert readable not in {letter.id for letter in list_dead_letters()}
    assert len(list_dead_letters()) == 1


def test_a_letter_from_twilio_keeps_its_proposals(
    client: FlaskClient, runner: FlaskCliRunner
) -> None:
    query = "category=billing"
    deliver(client, "twilio", b"CallSid=CA1", query=query)
    with database.write():
        DeadLetter.update(body=b"CallSid=CA1&CallStatus=completed").execute()
    deadletters(runner, "replay", "--all")
    assert read(client, call_url("twilio", "CA1"))["category"] == "billing"


class Faulty:
    """A provider whose reader has a fault."""

    SECRET = "RETELL_API_KEY"
    NEEDS_PUBLIC_URL = False

    def verify(self, delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
        return True

    def read(self, delivery: Delivery) -> None:
        raise ZeroDivisionError(delivery.json_object())


def test_nothing_is_lost_by_a_fault_of_ours(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(PROVIDERS, "faulty", Faulty())
    assert outcome(client.post("/v1/ingest/faulty", data=LETTER)) == "kept"
    assert list_dead_letters()[0].reason == "The reader failed; the log says where."
    assert "knee" not in caplog.text


def test_a_provider_that_is_gone_is_one_clear_line(
    client: FlaskClient, runner: FlaskCliRunner
) -> None:
    letter_id = kept(client)
    with database.write():
        DeadLetter.update(provider="gone").execute()
    result = deadletters(runner, "replay", letter_id)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


def test_doctor_counts_them(client: FlaskClient, runner: FlaskCliRunner) -> None:
    assert "ok   dead letters: 0\n" in runner.invoke(main, ["doctor"]).stdout
    kept(client)
    result = runner.invoke(main, ["doctor"])
    assert "BAD  dead letters: 1; see: clinic-calls deadletters list\n" in result.stdout
    assert result.exit_code == 1


def test_doctor_says_of_each_provider_where_it_stands(
    client: FlaskClient, runner: FlaskCliRunner
) -> None:
    deliver(client, "retell", retell(start_timestamp=1_700_000_000_000))
    lines = runner.invoke(main, ["doctor"]).stdout.splitlines()
    assert "ok   bland: BLAND_WEBHOOK_SECRET is set, no call has arrived yet" in lines
    assert "ok   retell: RETELL_API_KEY is set, the last call is of 2023-11-14T22:13:20Z" in lines


class TestHalfSet:
    """A token of Twilio without PUBLIC_URL, and no other secret."""

    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"TWILIO_AUTH_TOKEN": "twilio-secret"}

    def test_doctor_says_what_is_missing(self, runner: FlaskCliRunner) -> None:
        lines = runner.invoke(main, ["doctor"]).stdout.splitlines()
        assert "BAD  twilio: TWILIO_AUTH_TOKEN is set; set PUBLIC_URL too" in lines
        assert "ok   retell: RETELL_API_KEY is not set, its webhooks are refused" in lines
