"""Which field of a JSON event becomes which field of a call."""

import copy
import json
from typing import Any

import pytest

from tests.providers.reading import draft_of, sample, values_of

GONE = object()

TEXT = {"gone": GONE, "null": None, "7": 7, "true": True, "[]": [], "{}": {}, "blank": " \t\n"}
NUMBER = {
    "gone": GONE,
    "null": None,
    "true": True,
    "[]": [],
    "{}": {},
    "word": "many",
    "empty": "",
    "-1": -1,
    "inf": float("inf"),
    "nan": float("nan"),
}
RFC3339 = {
    **TEXT,
    "word": "yesterday",
    "a date alone": "2025-06-17",
    "month 13": "2025-13-17T18:09:30Z",
    "1969": "1969-12-31T23:59:59Z",
    "1970 but in UTC 1969": "1970-01-01T00:00:00+01:00",
    "10000": "10000-01-01T00:00:00Z",
    "9999 but in UTC 10000": "9999-12-31T23:59:59-01:00",
}
UNIX = {**NUMBER, "10000": 253_402_300_800_000, "huge": 10**400}


def changed(provider: str, changes: dict[str, Any]) -> Any:
    """The sample with the values at dotted paths replaced, or GONE."""
    body = json.loads(sample(provider))
    for path, value in changes.items():
        *parents, name = path.split(".")
        holder = body
        for parent in parents:
            holder = holder.setdefault(parent, {})
        holder.pop(name, None)
        if value is not GONE:
            holder[name] = copy.deepcopy(value)
    return body


def values(provider: str, changes: dict[str, Any]) -> dict[str, Any]:
    return values_of(provider, changed(provider, changes))


# What is lost, or else stands there instead, when all the paths are unreadable.
LOSSES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("vapi", "message.call.createdAt", RFC3339, {"created_at": GONE}),
    ("vapi", "message.call.assistantId message.assistant.id", TEXT, {"assistant_id": GONE}),
    ("vapi", "message.call.phoneNumberId", TEXT, {"phone_number_id": GONE}),
    ("vapi", "message.call.type", TEXT, {"type": GONE}),
    (
        "vapi",
        "message.startedAt message.call.startedAt",
        RFC3339,
        {"started_at": GONE, "duration_min": 0.85},
    ),
    (
        "vapi",
        "message.endedAt message.call.endedAt",
        RFC3339,
        {"ended_at": GONE, "duration_min": 0.85},
    ),
    ("vapi", "message.analysis.summary message.summary", TEXT, {"summary": GONE}),
    (
        "vapi",
        "message.customer.number message.call.customer.number",
        TEXT,
        {"customer_number": GONE},
    ),
    ("vapi", "message.durationSeconds", NUMBER, {}),
    ("vapi", "message.artifact.transcript message.transcript", TEXT, {"transcript": GONE}),
    (
        "vapi",
        "message.artifact.recording.mono.combinedUrl message.artifact.recordingUrl"
        " message.recordingUrl",
        TEXT,
        {"recording_url": GONE},
    ),
    ("vapi", "message.cost", NUMBER, {"cost_usd": GONE}),
    ("vapi", "message.endedReason", TEXT, {"ended_reason": GONE}),
    ("retell", "call.agent_id", TEXT, {"assistant_id": GONE}),
    ("retell", "call.to_number", TEXT, {"phone_number_id": GONE}),
    ("retell", "call.from_number", TEXT, {"customer_number": GONE}),
    (
        "retell",
        "call.direction",
        {**TEXT, "unknown": "sideways"},
        {"type": GONE, "customer_number": GONE, "phone_number_id": GONE},
    ),
    (
        "retell",
        "call.call_type",
        {**TEXT, "unknown": "chat"},
        {"type": GONE},
    ),
    ("retell", "call.start_timestamp", UNIX, {"created_at": GONE, "started_at": GONE}),
    ("retell", "call.end_timestamp", UNIX, {"ended_at": GONE}),
    ("retell", "call.call_analysis.call_summary", TEXT, {"summary": GONE}),
    ("retell", "call.duration_ms", NUMBER, {"duration_min": GONE}),
    ("retell", "call.transcript", TEXT, {"transcript": GONE}),
    ("retell", "call.recording_url", TEXT, {"recording_url": GONE}),
    ("retell", "call.call_cost.combined_cost", NUMBER, {"cost_usd": GONE}),
    ("retell", "call.disconnection_reason", TEXT, {"ended_reason": GONE}),
    ("elevenlabs", "data.agent_id", TEXT, {"assistant_id": GONE}),
    ("elevenlabs", "data.metadata.phone_call.phone_number_id", TEXT, {"phone_number_id": GONE}),
    (
        "elevenlabs",
        "data.metadata.phone_call.direction",
        {**TEXT, "unknown": "sideways"},
        {"type": GONE},
    ),
    ("elevenlabs", "data.metadata.phone_call.external_number", TEXT, {"customer_number": GONE}),
    (
        "elevenlabs",
        "data.metadata.start_time_unix_secs",
        UNIX,
        {"created_at": GONE, "started_at": GONE, "ended_at": GONE},
    ),
    (
        "elevenlabs",
        "data.metadata.call_duration_secs",
        NUMBER,
        {"ended_at": GONE, "duration_min": GONE},
    ),
    ("elevenlabs", "data.analysis.transcript_summary", TEXT, {"summary": GONE}),
    ("elevenlabs", "data.metadata.main_language", TEXT, {"language": "english"}),
    ("elevenlabs", "data.transcript", {**TEXT, "words": ["agent: Hey"]}, {"transcript": GONE}),
    ("elevenlabs", "data.metadata.cost_fiat", NUMBER, {"cost_usd": GONE}),
    ("elevenlabs", "data.metadata.termination_reason", TEXT, {"ended_reason": GONE}),
    ("bland", "created_at", RFC3339, {"created_at": GONE}),
    ("bland", "pathway_id", TEXT, {}),
    ("bland", "from", TEXT, {"phone_number_id": GONE}),
    ("bland", "to", TEXT, {"customer_number": GONE}),
    (
        "bland",
        "inbound",
        {"gone": GONE, "null": None, "0": 0, "text": "false", "[]": []},
        {"type": GONE, "customer_number": GONE, "phone_number_id": GONE},
    ),
    ("bland", "started_at", RFC3339, {"started_at": GONE}),
    ("bland", "corrected_duration", {**NUMBER, "written": "1e2"}, {}),
    ("bland", "end_at", RFC3339, {}),
    ("bland", "summary", TEXT, {"summary": GONE}),
    ("bland", "request_data.language", TEXT, {"language": GONE}),
    ("bland", "concatenated_transcript", TEXT, {"transcript": GONE}),
    ("bland", "recording_url", TEXT, {"recording_url": GONE}),
    ("bland", "price", NUMBER, {"cost_usd": GONE}),
    ("bland", "call_ended_by error_message", TEXT, {"ended_reason": GONE}),
]


@pytest.mark.parametrize(
    ("provider", "paths", "value", "losses"),
    [
        pytest.param(provider, paths, value, losses, id=f"{provider} {paths} {name}")
        for provider, paths, unreadable, losses in LOSSES
        for name, value in unreadable.items()
    ],
)
def test_an_unreadable_field_counts_as_absent_and_harms_no_other(
    provider: str, paths: str, value: Any, losses: dict[str, Any]
) -> None:
    expected = values(provider, {}) | losses
    assert values(provider, dict.fromkeys(paths.split(), value)) == {
        name: kept for name, kept in expected.items() if kept is not GONE
    }


@pytest.mark.parametrize(
    ("provider", "path"),
    [
        ("vapi", "message.call.analysis"),
        ("vapi", "message.artifact.extra"),
        ("retell", "call.call_cost.extra"),
        ("elevenlabs", "data.metadata.phone_call.extra"),
        ("bland", "transcripts"),
    ],
)
def test_unknown_fields_change_nothing(provider: str, path: str) -> None:
    assert values(provider, {path: {"summary": ["new"]}}) == values(provider, {})


# provider, changes of the sample, field, its value
READINGS: list[tuple[str, dict[str, Any], str, Any]] = [
    (
        "vapi",
        {"message.call.assistantId": GONE, "message.assistant": {"id": "a2"}},
        "assistant_id",
        "a2",
    ),
    (
        "vapi",
        {"message.startedAt": None, "message.call.startedAt": "2025-06-17T18:09:31Z"},
        "started_at",
        1750183771000,
    ),
    (
        "vapi",
        {"message.endedAt": 7, "message.call.endedAt": "2025-06-17T20:10:22+02:00"},
        "ended_at",
        1750183822000,
    ),
    ("vapi", {"message.startedAt": "2025-06-17T18:09:30.4859999Z"}, "started_at", 1750183770485),
    ("vapi", {"message.startedAt": "2025-06-17 18:09:30"}, "started_at", 1750183770000),
    ("vapi", {"message.startedAt": "2025-06-17T18:09:30+0000"}, "started_at", 1750183770000),
    ("bland", {"started_at": "2025-12-17T14:17:34.5-05"}, "started_at", 1765999054500),
    ("vapi", {"message.endedAt": "2025-06-17T18:09:30.484Z"}, "duration_min", 0.85),
    (
        "vapi",
        {"message.analysis.summary": "", "message.summary": "Old place."},
        "summary",
        "Old place.",
    ),
    ("vapi", {"message.customer": None}, "customer_number", "+15555550101"),
    (
        "vapi",
        {"message.artifact.transcript": None, "message.transcript": "AI: Hi"},
        "transcript",
        "AI: Hi",
    ),
    (
        "vapi",
        {"message.artifact.recording": "x", "message.artifact.recordingUrl": "https://v.example/2"},
        "recording_url",
        "https://v.example/2",
    ),
    (
        "vapi",
        {"message.artifact": GONE, "message.recordingUrl": "https://v.example/3"},
        "recording_url",
        "https://v.example/3",
    ),
    ("vapi", {"message.call.type": "webCall"}, "type", "webCall"),
    ("vapi", {"message.cost": 0}, "cost_usd", 0.0),
    ("vapi", {"message.cost": -0.0}, "cost_usd", 0.0),
    ("vapi", {"message.analysis.summary": " a\0b\ud800c "}, "summary", " a\ufffdb\ufffdc "),
    ("vapi", {"message.analysis.summary": "\U0001f600"}, "summary", "\U0001f600"),
    ("retell", {"call.call_type": "web_call"}, "type", "webCall"),
    ("retell", {"call.call_type": "web_call"}, "customer_number", "+12137771234"),
    ("retell", {"call.call_type": "web_call"}, "phone_number_id", "+12137771235"),
    (
        "retell",
        {"call.call_type": GONE, "call.direction": "outbound"},
        "customer_number",
        "+12137771235",
    ),
    ("retell", {"call.call_type": "web_call", "call.direction": GONE}, "type", "webCall"),
    ("retell", {"call.call_type": "web_call", "call.direction": GONE}, "customer_number", None),
    ("retell", {"call.direction": "outbound"}, "type", "outboundPhoneCall"),
    ("retell", {"call.direction": "outbound"}, "customer_number", "+12137771235"),
    ("retell", {"call.direction": "outbound"}, "phone_number_id", "+12137771234"),
    ("retell", {"call.end_timestamp": 1703302407333}, "ended_at", 1703302407333),
    ("retell", {"call.start_timestamp": 1703302407333.9}, "started_at", 1703302407333),
    ("retell", {"call.start_timestamp": 0}, "started_at", 0),
    ("retell", {"call.end_timestamp": 253402300799999}, "ended_at", 253402300799999),
    ("retell", {"call.duration_ms": 300}, "duration_min", 0.01),
    ("retell", {"call.duration_ms": 299}, "duration_min", 0.0),
    ("retell", {"call.duration_ms": 60300}, "duration_min", 1.01),
    ("retell", {"call.call_cost.combined_cost": 12.3}, "cost_usd", 0.123),
    ("retell", {"call.call_cost": 70}, "cost_usd", None),
    ("elevenlabs", {"data.metadata.phone_call": None}, "type", "webCall"),
    ("elevenlabs", {"data.metadata.phone_call": GONE}, "type", "webCall"),
    (
        "elevenlabs",
        {"data.metadata.phone_call.direction": "outbound"},
        "type",
        "outboundPhoneCall",
    ),
    (
        "elevenlabs",
        {"data.metadata.phone_call.direction": "outbound"},
        "customer_number",
        "+15555550101",
    ),
    ("elevenlabs", {"data.metadata.call_duration_secs": 0.25}, "ended_at", 1739537297250),
    ("elevenlabs", {"data.metadata.call_duration_secs": 10**12}, "ended_at", None),
    (
        "elevenlabs",
        {"data.metadata.main_language": None, "data.conversation_initiation_client_data": None},
        "language",
        None,
    ),
    (
        "elevenlabs",
        {
            "data.transcript": [
                {"role": "agent", "message": "Hello"},
                {"role": "user", "message": None},
                {"message": "Hi"},
                {"role": "agent", "message": 7},
                "noise",
            ]
        },
        "transcript",
        "agent: Hello\nHi",
    ),
    ("elevenlabs", {"data.metadata.cost": 5, "data.metadata.cost_fiat": GONE}, "cost_usd", None),
    ("bland", {"pathway_id": "p1"}, "assistant_id", "p1"),
    ("bland", {"inbound": True}, "type", "inboundPhoneCall"),
    ("bland", {"inbound": True}, "customer_number", "+15555550101"),
    ("bland", {"inbound": True}, "phone_number_id", "+15555550102"),
    ("bland", {"corrected_duration": "60.5"}, "ended_at", 1765999090500),
    ("bland", {"corrected_duration": 60}, "ended_at", 1765999090000),
    ("bland", {"corrected_duration": "٦٠"}, "ended_at", 1765999145000),
    (
        "bland",
        {"corrected_duration": "60", "end_at": None, "started_at": None},
        "ended_at",
        None,
    ),
    ("bland", {"corrected_duration": "30"}, "duration_min", 0.5),
    ("bland", {"corrected_duration": None, "call_length": 2.005}, "duration_min", 2.01),
    ("bland", {"corrected_duration": None, "call_length": "2"}, "duration_min", None),
    ("bland", {"call_ended_by": None, "error_message": "busy"}, "ended_reason", "busy"),
    ("bland", {"request_data": "ENG"}, "language", None),
    ("bland", {"request_data.language": "pes"}, "language", "persian"),
    ("bland", {"request_data.language": "Mandarin"}, "language", "chinese"),
    ("bland", {"request_data.language": "multi"}, "language", None),
]


@pytest.mark.parametrize(
    ("provider", "changes", "field", "expected"),
    [
        pytest.param(*row, id=f"{row[0]} {row[2]} of {ascii(row[1]).replace(repr(GONE), 'gone')}")
        for row in READINGS
    ],
)
def test_reads(provider: str, changes: dict[str, Any], field: str, expected: Any) -> None:
    assert values(provider, changes).get(field) == expected


@pytest.mark.parametrize(
    ("provider", "changes", "field", "expected"),
    [
        pytest.param(
            "vapi",
            {"message.call.assistantId": "x" * 513, "message.assistant": {"id": "a2"}},
            "assistant_id",
            "a2",
            id="Vapi: assistant too long",
        ),
        pytest.param(
            "vapi",
            {"message.customer.number": "x" * 513},
            "customer_number",
            "+15555550101",
            id="Vapi: number too long",
        ),
        pytest.param(
            "vapi",
            {
                "message.artifact.recording.mono.combinedUrl": "https://" + "x" * 2048,
                "message.artifact.recordingUrl": "https://v.example/2",
            },
            "recording_url",
            "https://v.example/2",
            id="Vapi: link too long",
        ),
        pytest.param(
            "vapi",
            {"message.startedAt": "soon", "message.call.startedAt": "2025-06-17T18:09:31Z"},
            "started_at",
            1750183771000,
            id="Vapi: no instant",
        ),
        pytest.param(
            "vapi",
            {
                "message.endedAt": "2025-06-17T18:09:29Z",
                "message.call.endedAt": "2025-06-17T18:10:22Z",
            },
            "ended_at",
            1750183822000,
            id="Vapi: an end before the start",
        ),
        pytest.param(
            "elevenlabs",
            {"data.metadata.main_language": "xx"},
            "language",
            "english",
            id="ElevenLabs: no language",
        ),
        pytest.param(
            "bland",
            {"call_ended_by": "x" * 513, "error_message": "busy"},
            "ended_reason",
            "busy",
            id="Bland: reason too long",
        ),
        pytest.param(
            "bland",
            {"variables": {"patient_id": "x" * 513}, "metadata": {"patient_id": "p1"}},
            "patient_id",
            "p1",
            id="Bland: patient too long",
        ),
        pytest.param(
            "bland", {"corrected_duration": "9" * 15}, "duration_min", 1.92, id="Bland: too large"
        ),
    ],
)
def test_an_unreadable_field_hides_no_fallback(
    provider: str, changes: dict[str, Any], field: str, expected: Any
) -> None:
    assert values(provider, changes)[field] == expected


@pytest.mark.parametrize(
    ("provider", "path", "field"),
    [
        ("vapi", "message.endedReason", "ended_reason"),
        ("vapi", "message.call.phoneNumberId", "phone_number_id"),
        ("vapi", "message.call.type", "type"),
        ("retell", "call.from_number", "customer_number"),
        ("retell", "call.agent_id", "assistant_id"),
        ("retell", "call.disconnection_reason", "ended_reason"),
        ("elevenlabs", "data.metadata.termination_reason", "ended_reason"),
        ("bland", "call_ended_by", "ended_reason"),
    ],
)
def test_a_text_that_is_too_long_is_cut(provider: str, path: str, field: str) -> None:
    told = values(provider, {path: " " + "x" * 513})
    assert told[field] == "x" * 511 + "…"


def test_a_text_of_just_the_limit_is_whole() -> None:
    told = values("retell", {"call.agent_id": f" {'x' * 512} "})
    assert told["assistant_id"] == "x" * 512


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("call.recording_url", "https://r.example/" + "x" * 2048, "recording_url"),
        ("call.metadata.patient_id", "x" * 513, "patient_id"),
        ("call.agent_id", " " * 513, "assistant_id"),
    ],
)
def test_a_link_a_patient_and_blanks_are_not_cut(path: str, value: str, field: str) -> None:
    assert field not in values("retell", {path: value})


@pytest.mark.parametrize(
    ("callback", "customer"),
    [
        pytest.param({"body": {"To": "+1555"}}, {"customer_number": "+1555"}, id="Twilio"),
        pytest.param({"body": {"to_number": "+1555"}}, {"customer_number": "+1555"}, id="SIP"),
        pytest.param({"body": None}, {}, id="no number"),
        pytest.param(None, {}, id="no metadata"),
    ],
)
def test_elevenlabs_failure_is_an_outbound_call(callback: Any, customer: dict[str, str]) -> None:
    changes = {"type": "call_initiation_failure", "data.metadata": callback}
    draft = draft_of("elevenlabs", changed("elevenlabs", changes | {"data.failure_reason": "busy"}))
    assert (draft.rank, draft.values) == (
        1,
        {
            "provider": "elevenlabs",
            "external_id": "abc",
            "created_at": 1739537297000,
            "assistant_id": "xyz",
            "type": "outboundPhoneCall",
            "ended_reason": "busy",
            "sessions_scheduled": 2,
            **customer,
        },
    )
