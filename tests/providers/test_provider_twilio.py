"""What a status callback of Twilio tells about a call."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from app.providers.webhooks.delivery import Unreadable
from app.services.drafts import Draft
from tests.providers import reading

URL = "https://clinic.example/v1/ingest/twilio"


def read(changes: dict[str, str | None], query: str = "") -> Draft | None:
    """Read the sample with some fields replaced, or removed where None."""
    fields = dict(parse_qsl(reading.sample("twilio").decode(), keep_blank_values=True)) | changes
    body = urlencode({name: value for name, value in fields.items() if value is not None})
    return reading.read("twilio", body.encode(), f"{URL}?{query}")


def draft_of(changes: dict[str, str | None], query: str = "") -> Draft:
    draft = read(changes, query)
    assert draft is not None
    return draft


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        pytest.param({"Direction": "outbound-api"}, "type", "outboundPhoneCall", id="api"),
        pytest.param({"Direction": "outbound-dial"}, "type", "outboundPhoneCall", id="dial"),
        pytest.param({"Direction": "outbound-api"}, "customer_number", "+15555550102", id="to"),
        pytest.param({"Direction": "outbound-api"}, "phone_number_id", "+15555550101", id="from"),
        pytest.param({"Direction": "trunking-terminating"}, "type", None, id="trunk"),
        pytest.param({"Direction": None}, "customer_number", None, id="no direction"),
        pytest.param({"From": ""}, "customer_number", None, id="blank From"),
        pytest.param({"To": None}, "phone_number_id", None, id="no To"),
        pytest.param({"CallDuration": None}, "started_at", None, id="start without duration"),
        pytest.param({"CallDuration": "soon"}, "started_at", None, id="start, duration a word"),
        pytest.param({"CallDuration": None}, "ended_at", 1521971599000, id="end, no duration"),
        pytest.param({"CallDuration": None}, "duration_min", None, id="Duration is not minutes"),
        pytest.param({"CallDuration": "-5"}, "duration_min", None, id="negative duration"),
        pytest.param({"CallDuration": "9" * 5000}, "duration_min", None, id="5000 digits"),
        pytest.param({"CallDuration": "0"}, "started_at", 1521971599000, id="zero seconds"),
        pytest.param({"CallDuration": "999999999999"}, "started_at", None, id="before 1970"),
        pytest.param({"Timestamp": None}, "ended_at", None, id="no Timestamp"),
        pytest.param({"Timestamp": None}, "started_at", None, id="start without Timestamp"),
        pytest.param({"Timestamp": "soon"}, "ended_at", None, id="Timestamp a word"),
        pytest.param(
            {"Timestamp": "Sun, 25 Mar 2018 09:53:19 -0000"},
            "ended_at",
            1521971599000,
            id="offset -0000",
        ),
        pytest.param(
            {"Timestamp": "Sun, 25 Mar 2018 11:53:19 +0200"},
            "ended_at",
            1521971599000,
            id="another offset",
        ),
        pytest.param(
            {"Timestamp": "Sun, 25 Mar 99999 09:53:19 +0000"}, "ended_at", None, id="year 99999"
        ),
        pytest.param(
            {"RecordingUrl": "https://r.example/1"},
            "recording_url",
            "https://r.example/1",
            id="recording",
        ),
        pytest.param({"CallStatus": "no-answer"}, "ended_reason", "no-answer", id="no answer"),
        pytest.param(
            {"From": "sip:garc\u00eda@c.example"},
            "customer_number",
            "sip:garc\u00eda@c.example",
            id="SIP",
        ),
    ],
)
def test_reads(changes: dict[str, str | None], field: str, expected: Any) -> None:
    assert draft_of(changes).values.get(field) == expected


def test_bytes_that_are_not_utf8_become_replacement_characters() -> None:
    body = b"CallStatus=busy&CallSid=CA1&Direction=inbound&From=a%FFb%00&To=\xff"
    told = reading.values_of("twilio", body, URL)
    assert (told["customer_number"], told["phone_number_id"]) == ("a\ufffdb\ufffd", "\ufffd")


@pytest.mark.parametrize("status", ["completed", "busy", "failed", "no-answer", "canceled"])
def test_terminal_status_ends_a_call(status: str) -> None:
    assert draft_of({"CallStatus": status}).values["ended_reason"] == status


@pytest.mark.parametrize("status", ["queued", "ringing", "in-progress", "initiated", "Completed"])
def test_other_status_is_ignored(status: str) -> None:
    assert read({"CallStatus": status, "CallSid": None}) is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"CallSid": None}, id="no call id"),
        pytest.param({"CallSid": " "}, id="blank call id"),
        pytest.param({"CallSid": "x" * 513}, id="call id too long"),
        pytest.param({"CallStatus": None}, id="no status"),
        pytest.param({"CallStatus": ""}, id="blank status"),
    ],
)
def test_unreadable_form_is_told_apart(changes: dict[str, str | None]) -> None:
    with pytest.raises(Unreadable):
        read(changes)


@pytest.mark.parametrize(
    ("number", "rank"),
    [("0", 1), ("6", 7), ("7", 8), ("12", 8), (None, 1), ("", 1), ("-1", 1), ("٣", 1)],
)
def test_later_sequence_number_ranks_higher(number: str | None, rank: int) -> None:
    assert draft_of({"SequenceNumber": number}).rank == rank


def test_proposals_come_from_the_query_of_the_callback_url() -> None:
    query = "category=cancellation&patient_id=p%201&sessions_scheduled=3"
    told = draft_of({"category": "billing"}, query).values
    assert (told["category"], told["patient_id"]) == ("cancellation", "p 1")
    assert told["sessions_scheduled"] == 3
