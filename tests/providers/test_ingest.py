"""Webhooks through their route: who is let in, what is answered, and what becomes of the call."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.models.engine import database
from app.providers import PROVIDERS
from tests.support.people import error, read
from tests.support.webhooks import (
    FORM,
    RETELL_CALL,
    SAMPLES,
    SETTINGS,
    call_url,
    deliver,
    outcome,
    retell,
    signed,
)

CALLS = "/v1/calls"
# Of each provider: its sample, and the id that the provider gave the call in it.
SAMPLE_CALLS = {
    "bland": ("bland-post-call.json", "dd84d804-2b61-474a-b79f-3afbbe5affce"),
    "elevenlabs": ("elevenlabs-post-call-transcription.json", "abc"),
    "retell": ("retell-call-analyzed.json", "Jabr9TXYYJHfvl6Syypi88rdAHYHmcq6"),
    "twilio": ("twilio-status-callback.form", "CA00000000000000000000000000000001"),
    "vapi": ("vapi-end-of-call-report.json", "ea62d31a-7f92-4e02-a059-4d56d600bf51"),
}
ENDING_NOTHING: dict[str, Any] = {
    "bland": None,  # has one event only
    "elevenlabs": {"type": "post_call_audio", "data": {"conversation_id": "abc"}},
    "retell": retell("call_started"),
    "twilio": b"CallSid=CA1&CallStatus=ringing",
    "vapi": {"message": {"type": "status-update", "call": {"id": "abc"}}},
}


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


def sample(provider: str) -> bytes:
    return (SAMPLES / SAMPLE_CALLS[provider][0]).read_bytes()


def total(client: FlaskClient) -> Any:
    return read(client, CALLS)["pagination"]["total"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_providers_sample_becomes_its_call(client: FlaskClient, provider: str) -> None:
    answer = deliver(client, provider, sample(provider))
    url = call_url(provider, SAMPLE_CALLS[provider][1])
    call = read(client, url)
    assert answer.get_json() == {"outcome": "created", "id": call["id"]}
    assert (call["provider"], call["external_id"]) == (provider, SAMPLE_CALLS[provider][1])


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_same_body_again_changes_nothing(client: FlaskClient, provider: str) -> None:
    deliver(client, provider, sample(provider))
    before = read(client, call_url(provider, SAMPLE_CALLS[provider][1]))
    assert outcome(deliver(client, provider, sample(provider))) == "unchanged"
    assert read(client, call_url(provider, SAMPLE_CALLS[provider][1])) == before


@pytest.mark.parametrize("provider", sorted(ENDING_NOTHING.keys() - {"bland"}))
def test_an_event_that_ends_no_call_stores_nothing(client: FlaskClient, provider: str) -> None:
    answer = deliver(client, provider, ENDING_NOTHING[provider])
    assert answer.get_json() == {"outcome": "ignored", "id": None}
    assert total(client) == 0


def test_needs_no_key(anonymous: FlaskClient) -> None:
    assert outcome(deliver(anonymous, "retell", retell())) == "created"


def test_an_unknown_provider_is_not_found(anonymous: FlaskClient) -> None:
    answer = anonymous.post("/v1/ingest/nobody", data=b"{}")
    assert error(answer) == (404, "not_found", None)


def test_another_method_is_told_which_one_to_use(anonymous: FlaskClient) -> None:
    answer = anonymous.get("/v1/ingest/retell")
    assert error(answer) == (405, "method_not_allowed", None)
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_missing_signature_is_refused(client: FlaskClient, provider: str) -> None:
    answer = client.post(f"/v1/ingest/{provider}", data=sample(provider))
    assert error(answer) == (401, "invalid_signature", None)
    assert total(client) == 0


@pytest.mark.parametrize("provider", PROVIDERS)
def test_another_secret_is_refused(client: FlaskClient, provider: str) -> None:
    answer = deliver(client, provider, sample(provider), secret="another")
    assert error(answer) == (401, "invalid_signature", None)
    assert total(client) == 0


@pytest.mark.parametrize("provider", PROVIDERS)
def test_another_body_than_the_signed_one_is_refused(client: FlaskClient, provider: str) -> None:
    headers = signed(provider, sample(provider))
    body = sample(provider).replace(b"a", b"b")
    answer = client.post(f"/v1/ingest/{provider}", data=body, headers=headers)
    assert error(answer) == (401, "invalid_signature", None)
    assert total(client) == 0


@pytest.mark.parametrize(
    ("provider", "age_s"), [("vapi", 301), ("retell", 301), ("elevenlabs", 1801)]
)
def test_an_old_signature_is_refused(client: FlaskClient, provider: str, age_s: int) -> None:
    late = deliver(client, provider, sample(provider), age_s=age_s)
    in_time = deliver(client, provider, sample(provider), age_s=age_s - 5)
    assert error(late) == (401, "invalid_signature", None)
    assert outcome(in_time) == "created"


def test_a_signature_counts_for_its_address_only(client: FlaskClient) -> None:
    headers = signed("twilio", sample("twilio"), query="category=billing")
    url = "/v1/ingest/twilio?category=cancellation"
    answer = client.post(url, data=sample("twilio"), headers=headers)
    assert error(answer) == (401, "invalid_signature", None)


class TestSecrets:
    """While a secret is replaced there are two of them."""

    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"RETELL_API_KEY": "old, new"}

    @pytest.mark.parametrize("secret", ["old", "new"])
    def test_each_of_two_secrets_is_right(self, client: FlaskClient, secret: str) -> None:
        assert outcome(deliver(client, "retell", retell(), secret=secret)) == "created"

    def test_both_together_are_no_secret(self, client: FlaskClient) -> None:
        answer = deliver(client, "retell", retell(), secret="old, new")
        assert error(answer) == (401, "invalid_signature", None)


class TestNothingSet:
    """Without a secret nobody can prove anything."""

    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"TWILIO_AUTH_TOKEN": "twilio-secret"}

    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_provider_that_is_not_configured_is_refused(
        self, client: FlaskClient, provider: str
    ) -> None:
        # Twilio's token is set, but not the URL that its signature is over.
        answer = deliver(client, provider, sample(provider))
        assert error(answer) == (403, "provider_not_configured", None)


@pytest.mark.parametrize("deleted", [False, True])
def test_an_event_goes_to_the_call_that_was_posted_under_an_id_of_its_own(
    client: FlaskClient, deleted: bool
) -> None:
    posted = {"id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "provider": "retell"}
    client.post(CALLS, json=posted | {"external_id": "Jabr9TXY"})
    if deleted:
        client.delete(f"{CALLS}/{posted['id']}")
    answer = deliver(client, "retell", retell(transcript="Hello."))
    wanted = {"outcome": "ignored" if deleted else "updated", "id": posted["id"]}
    assert (answer.get_json(), total(client)) == (wanted, not deleted)


def test_the_analysis_fills_in_what_the_end_left_open(client: FlaskClient) -> None:
    deliver(client, "retell", retell(transcript="Hello."))
    analysis = retell("call_analyzed", call_analysis={"call_summary": "Said hello."})
    assert outcome(deliver(client, "retell", analysis)) == "updated"
    call = read(client, RETELL_CALL)
    assert (call["transcript"], call["summary"], call["version"]) == ("Hello.", "Said hello.", 2)


def test_a_lower_kind_only_fills_what_is_empty(client: FlaskClient) -> None:
    deliver(client, "retell", retell("call_analyzed", agent_id="new", end_timestamp=None))
    deliver(client, "retell", retell("call_ended", agent_id="old", end_timestamp=1_000))
    call = read(client, RETELL_CALL)
    assert (call["assistant_id"], call["ended_at"]) == ("new", "1970-01-01T00:00:01Z")


def test_a_higher_kind_replaces_what_a_lower_one_said(client: FlaskClient) -> None:
    deliver(client, "retell", retell("call_ended", agent_id="old"))
    deliver(client, "retell", retell("call_analyzed", agent_id="new"))
    assert read(client, RETELL_CALL)["assistant_id"] == "new"


def test_within_a_kind_the_later_arrival_wins(client: FlaskClient) -> None:
    for agent in ("first", "second"):
        deliver(client, "retell", retell(agent_id=agent))
    assert read(client, RETELL_CALL)["assistant_id"] == "second"


def test_an_older_body_of_a_kind_that_comes_again_changes_nothing(client: FlaskClient) -> None:
    for agent in ("first", "second", "first"):
        answer = deliver(client, "retell", retell(agent_id=agent))
    assert outcome(answer) == "unchanged"
    assert read(client, RETELL_CALL)["assistant_id"] == "second"


def test_a_replay_to_another_address_changes_nothing(client: FlaskClient) -> None:
    # Bland signs neither time nor address: whoever saw a webhook can send it again.
    for price in (1, 2, 1):
        query = f"again={price}"
        answer = deliver(client, "bland", {"call_id": "abc", "price": price}, query=query * price)
    assert outcome(answer) == "unchanged"
    assert read(client, call_url("bland", "abc"))["cost_usd"] == 2.0


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(b"To=&Direction=inbound&CallStatus=busy&CallSid=CA1", id="another order"),
        pytest.param(
            b"CallSid=CA1&CallStatus=busy&Direction=inbound&To=&To=", id="a field given twice"
        ),
        pytest.param(b"CallSid=CA1&CallStatus=%62usy&Direction=inbound&To=", id="another spelling"),
    ],
)
def test_a_replay_of_twilio_with_its_fields_rearranged_changes_nothing(
    client: FlaskClient, again: bytes
) -> None:
    first = b"CallSid=CA1&CallStatus=busy&Direction=inbound&To="
    deliver(client, "twilio", first)
    deliver(client, "twilio", first.replace(b"busy", b"failed"))
    headers = signed("twilio", first)
    answer = client.post("/v1/ingest/twilio", data=again, headers=headers, content_type=FORM)
    assert outcome(answer) == "unchanged"
    assert read(client, call_url("twilio", "CA1"))["ended_reason"] == "failed"


@pytest.mark.parametrize("value", [None, "", " ", [], {"a": 1}, -5])
def test_what_cannot_be_read_erases_nothing(client: FlaskClient, value: object) -> None:
    deliver(client, "retell", retell(agent_id="asst", duration_ms=60_000))
    deliver(client, "retell", retell("call_analyzed", agent_id=value, duration_ms=value))
    call = read(client, RETELL_CALL)
    assert (call["assistant_id"], call["duration_min"]) == ("asst", 1.0)


def test_a_text_that_is_too_long_is_cut(client: FlaskClient) -> None:
    deliver(client, "retell", retell(agent_id="x" * 513, transcript="Hello."))
    call = read(client, RETELL_CALL)
    assert (call["assistant_id"], call["transcript"]) == ("x" * 511 + "…", "Hello.")


def test_what_cannot_be_stored_becomes_a_replacement_character(client: FlaskClient) -> None:
    event = b'{"event":"call_ended","call":{"call_id":"Jabr9TXY","transcript":"a\\u0000b\\ud800c"}}'
    assert outcome(deliver(client, "retell", event)) == "created"
    assert read(client, RETELL_CALL)["transcript"] == "a�b�c"


def test_the_duration_follows_from_instants_of_two_events(client: FlaskClient) -> None:
    deliver(client, "retell", retell("call_analyzed", end_timestamp=90_000))
    deliver(client, "retell", retell("call_ended", start_timestamp=0))
    assert read(client, RETELL_CALL)["duration_min"] == 1.5


# What call_ended and call_analyzed say of start and end, and what the call has, in seconds.
@pytest.mark.parametrize(
    "order", [("call_ended", "call_analyzed"), ("call_analyzed", "call_ended")]
)
@pytest.mark.parametrize(
    ("ended", "analyzed", "expected"),
    [
        pytest.param((10, 20), (30, None), (30, None), id="the lower kind's end is too early"),
        pytest.param((10, 20), (30, 25), (30, None), id="and the higher kind's too"),
        pytest.param((10, 20), (None, 5), (10, 20), id="the higher kind's end is too early"),
        pytest.param((10, None), (None, 5), (10, None), id="and there is no other"),
        pytest.param((30, 20), (None, 40), (30, 40), id="the lower kind's own end is too early"),
        pytest.param((None, 20), (20, None), (20, 20), id="an end at the start"),
        pytest.param((10, 20), (5, 7), (5, 7), id="both of the higher kind"),
    ],
)
def test_an_end_before_the_start_is_none(
    client: FlaskClient, order: Any, ended: Any, analyzed: Any, expected: Any
) -> None:
    told = {"call_ended": ended, "call_analyzed": analyzed}
    for event in order:
        stamps = [second and second * 1000 for second in told[event]]
        fields = dict(zip(("start_timestamp", "end_timestamp"), stamps, strict=True))
        deliver(client, "retell", retell(event, **fields))
    call = read(client, RETELL_CALL)
    wanted = [second and f"1970-01-01T00:00:{second:02d}Z" for second in expected]
    assert [call["started_at"], call["ended_at"]] == wanted


def test_an_end_that_was_too_early_counts_after_an_earlier_start(client: FlaskClient) -> None:
    deliver(client, "retell", retell(end_timestamp=20_000))
    deliver(client, "retell", retell("call_analyzed", start_timestamp=30_000))
    deliver(client, "retell", retell("call_analyzed", start_timestamp=10_000))
    call = read(client, RETELL_CALL)
    assert (call["ended_at"], call["duration_min"]) == ("1970-01-01T00:00:20Z", 0.17)


def test_a_call_that_never_connected_has_no_instants(client: FlaskClient) -> None:
    deliver(client, "retell", retell(disconnection_reason="dial_no_answer"))
    call = read(client, RETELL_CALL)
    assert (call["started_at"], call["ended_at"], call["duration_min"]) == (None, None, None)
    assert call["created_at"] == call["updated_at"]


def test_an_event_is_found_by_its_words(client: FlaskClient) -> None:
    deliver(client, "retell", retell(transcript="About the knee."))
    deliver(client, "retell", retell("call_analyzed", transcript="About the hip."))
    assert read(client, f"{CALLS}?q=hip")["pagination"]["total"] == 1
    assert read(client, f"{CALLS}?q=knee")["pagination"]["total"] == 0


def test_nothing_is_stored_of_what_is_refused(client: FlaskClient) -> None:
    deliver(client, "retell", retell(), secret="another")
    deliver(client, "retell", b"not JSON", secret="another")
    tables = database.raw().execute("SELECT (SELECT count(*) FROM dead_letter), count(*) FROM call")
    assert tables.fetchall() == [(0, 0)]
