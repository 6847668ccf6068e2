"""What the providers' own samples become."""

from typing import Any

import pytest

from tests.providers.reading import draft_of, sample, values_of
from tests.support.webhooks import SAMPLES

# provider: the rank of the event and what it says of the call
TOLD: dict[str, tuple[int, dict[str, Any]]] = {
    "vapi": (
        1,
        {
            "provider": "vapi",
            "external_id": "ea62d31a-7f92-4e02-a059-4d56d600bf51",
            "created_at": 1750183753351,
            "assistant_id": "550e96c2-103c-4ec7-bd00-61d188b5b4b5",
            "phone_number_id": "0c07692a-db4d-4a56-a895-4debafc213fe",
            "type": "inboundPhoneCall",
            "started_at": 1750183770485,
            "ended_at": 1750183821316,
            "summary": "Caller asked to move Thursday's visit.",
            "customer_number": "+15555550101",
            "transcript": "AI: How can I help?\nUser: I need to move my visit.\n",
            "recording_url": "https://storage.vapi.example/ea62-mono.wav",
            "cost_usd": 0.069,
            "ended_reason": "customer-ended-call",
            "category": "rescheduling",
            "sessions_scheduled": 1,
        },
    ),
    "retell": (
        2,
        {
            "provider": "retell",
            "external_id": "Jabr9TXYYJHfvl6Syypi88rdAHYHmcq6",
            "created_at": 1703302407333,
            "assistant_id": "oBeDLoLOeuAbiuaMFXRtDOLriTJ5tSxD",
            "phone_number_id": "+12137771235",
            "type": "inboundPhoneCall",
            "started_at": 1703302407333,
            "ended_at": 1703302428855,
            "summary": "The caller greeted the agent and asked how it was.",
            "customer_number": "+12137771234",
            "duration_min": 0.36,
            "transcript": "Agent: hi how are you doing?\nUser: Doing pretty well. How are you?\n",
            "recording_url": "https://recordings.retell.example/Jabr9TXY/recording.wav",
            "cost_usd": 0.7,
            "ended_reason": "user_hangup",
            "category": "miscellaneous",
        },
    ),
    "elevenlabs": (
        2,
        {
            "provider": "elevenlabs",
            "external_id": "abc",
            "created_at": 1739537297000,
            "assistant_id": "xyz",
            "phone_number_id": "phnum_1",
            "type": "inboundPhoneCall",
            "started_at": 1739537297000,
            "ended_at": 1739537319000,
            "summary": "The caller booked two sessions.",
            "customer_number": "+15555550101",
            "duration_min": 0.37,
            "language": "spanish",
            "transcript": "agent: Hey there. How are you?\n"
            "user: Fine. I'd like to book two sessions.",
            "cost_usd": 0.031,
            "ended_reason": "end_call tool was called",
            "sessions_scheduled": 2,
        },
    ),
    "bland": (
        1,
        {
            "provider": "bland",
            "external_id": "dd84d804-2b61-474a-b79f-3afbbe5affce",
            "created_at": 1765999022000,
            "phone_number_id": "+15555550101",
            "type": "outboundPhoneCall",
            "started_at": 1765999030000,
            "ended_at": 1765999145000,
            "summary": "Reminded the patient of Friday's visit; the patient confirmed.",
            "customer_number": "+15555550102",
            "duration_min": 1.92,
            "language": "english",
            "transcript": "assistant: Hello, this is the clinic.\nuser: Yes, I'll be there.",
            "recording_url": "https://recordings.bland.example/dd84.mp3",
            "cost_usd": 0.148,
            "ended_reason": "USER",
            "category": "existing_appointment",
        },
    ),
    "twilio": (
        4,
        {
            "provider": "twilio",
            "external_id": "CA00000000000000000000000000000001",
            "started_at": 1521971550000,
            "ended_at": 1521971599000,
            "duration_min": 0.82,
            "ended_reason": "completed",
            "phone_number_id": "+15555550102",
            "type": "inboundPhoneCall",
            "customer_number": "+15555550101",
        },
    ),
}


@pytest.mark.parametrize("provider", TOLD)
def test_the_sample_says_all_that_can_be_read_of_its_call(provider: str) -> None:
    draft = draft_of(provider, sample(provider))
    assert (draft.rank, draft.values) == TOLD[provider]


def test_a_retell_call_that_ended_has_all_but_the_analysis() -> None:
    ended = values_of("retell", (SAMPLES / "retell-call-ended.json").read_bytes())
    analysis = {"summary": TOLD["retell"][1]["summary"], "category": "miscellaneous"}
    assert values_of("retell", sample("retell")) == ended | analysis


def test_a_retell_call_that_ended_ranks_below_its_analysis() -> None:
    assert draft_of("retell", (SAMPLES / "retell-call-ended.json").read_bytes()).rank == 1
