"""What the providers' own samples become."""

from app.providers import PROVIDERS
from app.providers.webhooks.delivery import CallDraft, Delivery
from tests.support import DATA

SAMPLES = DATA / "providers"


def read(provider: str, name: str) -> CallDraft:
    with (SAMPLES / name).open("rb") as body:
        draft = PROVIDERS[provider].read(Delivery(body))
    assert draft is not None
    return draft


def test_vapi_sample() -> None:
    assert read("vapi", "vapi-end-of-call-report.json") == CallDraft(
        provider="vapi",
        external_id="ea62d31a-7f92-4e02-a059-4d56d600bf51",
        kind="end-of-call-report",
        rank=1,
        values={
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
        },
        proposals={"category": "rescheduling", "sessions_scheduled": 1},
    )


def test_retell_sample() -> None:
    assert read("retell", "retell-call-analyzed.json") == CallDraft(
        provider="retell",
        external_id="Jabr9TXYYJHfvl6Syypi88rdAHYHmcq6",
        kind="call_analyzed",
        rank=2,
        values={
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
        },
        proposals={"category": "miscellaneous"},
    )


def test_elevenlabs_sample() -> None:
    assert read("elevenlabs", "elevenlabs-post-call-transcription.json") == CallDraft(
        provider="elevenlabs",
        external_id="abc",
        kind="post_call_transcription",
        rank=2,
        values={
            "created_at": 1739537297000,
            "assistant_id": "xyz",
            "phone_number_id": "phnum_1",
            "type": "inboundPhoneCall",
            "started_at": 1739537297000,
            "ended_at": 1739537319000,
            "summary": "The caller booked two sessions.",
            "customer_number": "+15555550101",
            "duration_min": 0.37,
            "language": "es",
            "transcript": "agent: Hey there. How are you?\n"
            "user: Fine. I'd like to book two sessions.",
            "cost_usd": 0.031,
            "ended_reason": "end_call tool was called",
        },
        proposals={"sessions_scheduled": 2},
    )


def test_bland_sample() -> None:
    assert read("bland", "bland-post-call.json") == CallDraft(
        provider="bland",
        external_id="dd84d804-2b61-474a-b79f-3afbbe5affce",
        kind="post_call",
        rank=1,
        values={
            "created_at": 1765999022000,
            "phone_number_id": "+15555550101",
            "type": "outboundPhoneCall",
            "started_at": 1765999030000,
            "ended_at": 1765999145000,
            "summary": "Reminded the patient of Friday's visit; the patient confirmed.",
            "customer_number": "+15555550102",
            "duration_min": 1.92,
            "language": "ENG",
            "transcript": "assistant: Hello, this is the clinic.\nuser: Yes, I'll be there.",
            "recording_url": "https://recordings.bland.example/dd84.mp3",
            "cost_usd": 0.148,
            "ended_reason": "USER",
        },
        proposals={"category": "existing_appointment"},
    )


def test_twilio_sample() -> None:
    assert read("twilio", "twilio-status-callback.form") == CallDraft(
        provider="twilio",
        external_id="CA00000000000000000000000000000001",
        kind="status_callback",
        rank=4,
        values={
            "started_at": 1521971550000,
            "ended_at": 1521971599000,
            "duration_min": 0.82,
            "ended_reason": "completed",
            "phone_number_id": "+15555550102",
            "type": "inboundPhoneCall",
            "customer_number": "+15555550101",
        },
        proposals={},
    )


def test_a_retell_call_that_ended_has_all_but_the_analysis() -> None:
    ended = read("retell", "retell-call-ended.json")
    analyzed = read("retell", "retell-call-analyzed.json")
    assert (ended.kind, ended.rank, ended.proposals) == ("call_ended", 1, {})
    assert analyzed.values == ended.values | {
        "summary": "The caller greeted the agent and asked how it was."
    }
