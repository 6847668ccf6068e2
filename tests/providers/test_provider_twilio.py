"""What a status callback of Twilio tells about a call."""

import io
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from app.providers import twilio
from app.providers.webhooks.delivery import CallDraft, Delivery, Unreadable
from tests.support import DATA

SAMPLE = DATA / "providers" / "twilio-status-callback.form"
URL = "https://clinic.example/v1/ingest/twilio"


def read(changes: dict[str, str | None], query: str = "") -> CallDraft | None:
    """The draft of the sample with some fields replaced, or removed where None."""
    fields = dict(parse_qsl(SAMPLE.read_text(), keep_blank_values=True)) | changes
    body = urlencode({name: value for name, value in fields.items() if value is not None})
    return twilio.read(Delivery(io.BytesIO(body.encode()), url=f"{URL}?{query}"))


def value(field: str, changes: dict[str, str | None]) -> Any:
    draft = read(changes)
    assert draft is not None
    return draft.values.get(field)


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
    assert value(field, changes) == expected


def test_bytes_that_are_not_utf8_become_replacement_characters() -> None:
    body = b"CallStatus=busy&CallSid=CA1&Direction=inbound&From=a%FFb%00&To=\xff"
    draft = twilio.read(Delivery(io.BytesIO(body), url=URL))
    assert draft is not None
    assert draft.values["customer_number"] == "a\ufffdb\ufffd"
    assert draft.values["phone_number_id"] == "\ufffd"


@pytest.mark.parametrize("status", ["completed", "busy", "failed", "no-answer", "canceled"])
def test_terminal_status_ends_a_call(status: str) -> None:
    assert value("ended_reason", {"CallStatus": status}) == status


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
    draft = read({"SequenceNumber": number})
    assert draft is not None
    assert draft.rank == rank


def test_proposals_come_from_the_query_of_the_callback_url() -> None:
    draft = read(
        {"category": "billing"}, "category=cancellation&patient_id=p%201&sessions_scheduled=3"
    )
    assert draft is not None
    assert draft.proposals == {
        "category": "cancellation",
        "patient_id": "p 1",
        "sessions_scheduled": 3,
    }
