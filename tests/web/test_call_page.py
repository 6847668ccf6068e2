"""/calls/{id}: what is known of one call; /calls/new: one that somebody took by hand."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.services.calls import calls
from tests.conftest import MakeCall
from tests.support.desk import now
from tests.support.screens import Screen
from tests.support.webhooks import SAMPLES, SETTINGS, signed

NOON = 1_700_000_000_000
TYPED = {"started_at": "2023-11-14T12:30", "summary": "Wants a receipt."}


@pytest.fixture
def settings() -> dict[str, str]:
    """Everything that providers need, but not the address of a clinic."""
    return {**SETTINGS, "CLINIC_TIMEZONE": "America/New_York", "PUBLIC_URL": ""}


def page(client: FlaskClient, call_id: str) -> Screen:
    return Screen(client, f"/calls/{call_id}")


def test_tells_all_that_is_known(desk: FlaskClient, make_call: MakeCall) -> None:
    call_id = make_call(
        **{"started_at": NOON, "ended_at": NOON + 150_000, "customer_number": "+12125550123"},
        **{"type": "webCall", "language": "spanish", "cost_usd": 0.127, "provider": "elevenlabs"},
        **{"ended_reason": "customer-ended-call", "recording_url": "https://r.example/1.wav"},
    )
    text = page(desk, call_id).text
    for words in (
        *("(212) 555-0123", "for 2 min 30 s", "Nov 14, 2023 5:13 pm", "Web call", "Spanish"),
        *("by the caller", "at ElevenLabs, in a new tab", "$0.13", "Nothing has been changed."),
    ):
        assert words in text


def test_tells_little_of_a_call_of_which_little_is_known(
    desk: FlaskClient, make_call: MakeCall
) -> None:
    text = page(desk, make_call()).text
    assert "Number withheld" in text
    assert "Nothing was written down of what was said." in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("provider", "sample"),
    [
        ("vapi", "vapi-end-of-call-report.json"),
        ("retell", "retell-call-analyzed.json"),
        ("elevenlabs", "elevenlabs-post-call-transcription.json"),
        ("bland", "bland-post-call.json"),
    ],
)
def test_each_providers_transcript_is_a_talk_of_two(
    desk: FlaskClient, anonymous: FlaskClient, provider: str, sample: str
) -> None:
    body = (SAMPLES / sample).read_bytes()
    headers = {**signed(provider, body), "Content-Type": "application/json"}
    answer = anonymous.post(f"/v1/ingest/{provider}", data=body, headers=headers)
    assert answer.status_code == 200, answer.text
    (row,) = calls.all_rows()
    (talk,) = page(desk, row["id"]).root.all("ol", **{"class": "talk"})
    speakers = {speaker.text for speaker in talk.all("b")}
    assert speakers == {"Assistant", "Caller"}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "file:///x",
    ],
)
def test_a_recording_that_is_no_web_address_is_no_link(
    desk: FlaskClient, make_call: MakeCall, url: str
) -> None:
    screen = page(desk, make_call(recording_url=url))
    assert url not in [link.attrs.get("href") for link in screen.root.all("a")]
    assert "Recording" not in screen.text


def test_a_recording_opens_in_a_tab_that_knows_nothing_of_ours(
    desk: FlaskClient, make_call: MakeCall
) -> None:
    screen = page(desk, make_call(recording_url="HTTPS://r.example/1.wav"))
    (link,) = screen.root.all("a", href="HTTPS://r.example/1.wav")
    assert link.attrs["rel"] == "noreferrer noopener"


@pytest.mark.parametrize(("language", "code"), [("spanish", "es"), ("english", None), (None, None)])
def test_what_was_said_carries_its_language(
    desk: FlaskClient, make_call: MakeCall, language: str | None, code: str | None
) -> None:
    call_id = make_call(language=language, summary="Hola.", transcript="AI: Hola")
    screen = page(desk, call_id)
    (talk,) = screen.root.all("ol", **{"class": "talk"})
    assert talk.attrs.get("lang") == code


def test_other_calls_of_the_number_stand_beside_it(desk: FlaskClient, make_call: MakeCall) -> None:
    first, *others = (make_call(customer_number="+12125550123") for _ in range(12))
    screen = page(desk, first)
    assert screen.call_ids[0] == first
    assert set(screen.call_ids[1:]) == set(sorted(others)[1:])
    (link,) = (link for link in screen.root.all("a") if link.text == "All 11")
    assert len(Screen(desk, link.attrs["href"]).call_ids) == 12


@pytest.mark.parametrize("path", ["x", "6018366c-f658-47a7-9ed3-4fe53a096533", "%00", "a" * 3000])
def test_no_such_call_is_a_page(desk: FlaskClient, path: str) -> None:
    screen = Screen(desk, f"/calls/{path}")
    assert (screen.status, "There is nothing here" in screen.text) == (404, True)


# ---- Written down by hand ----


def write_down(client: FlaskClient, **typed: str) -> Screen:
    return Screen(client, "/calls/new").press("Write it down", **{**TYPED, **typed})


def test_a_call_is_written_down(desk: FlaskClient) -> None:
    after = write_down(desk, customer_number="212 555 0123", duration_min="2,5", category="billing")
    (row,) = calls.all_rows()
    assert "The call is written down." in after.text
    assert "You wrote it down" in after.text
    values = [row[name] for name in ("customer_number", "duration_min", "category", "status")]
    assert values == ["+12125550123", 2.5, "billing", "pending"]
    assert row["started_at"] == 1_699_983_000_000


def test_a_call_without_number_is_written_down(desk: FlaskClient) -> None:
    after = write_down(desk, status="follow_up_needed")
    (row,) = calls.all_rows()
    assert after.path.startswith(f"/calls/{row['id']}?said=written")
    assert now(row["id"], "customer_number", "status") == (None, "follow_up_needed")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"started_at": "soon"}, "When it was must be a date and a time."),
        ({"started_at": "1969-01-01T10:00"}, "When it was must be a date and a time."),
        ({"duration_min": "long"}, "Minutes must be a number, from 0 up."),
        ({"duration_min": "-1"}, "Minutes must be a number, from 0 up."),
        ({"duration_min": "nan"}, "Minutes must be a number, from 0 up."),
        ({"category": "x"}, "Choose what it was about from the list."),
        ({"status": "x"}, "Choose a status from the list."),
        ({"customer_number": "1" * 600}, "The number must have at most 512 characters."),
        ({"started_at": ""}, "When it was must be a date and a time."),
        ({"summary": " "}, "Say in a sentence what it was about."),
    ],
)
def test_wrong_input_is_told_and_kept(desk: FlaskClient, typed: dict[str, str], words: str) -> None:
    after = write_down(desk, **{"notes": "Kept.", **typed})
    assert (after.status, words in after.text) == (422, True)
    assert next(after.root.all("textarea", name="notes")).value == "Kept."
    assert list(calls.all_rows()) == []


def test_sent_twice_it_is_one_call(app: Flask, desk: FlaskClient) -> None:
    form = Screen(desk, "/calls/new")
    for _ in range(2):
        form.press("Write it down", **TYPED)
    assert len(list(calls.all_rows())) == 1
