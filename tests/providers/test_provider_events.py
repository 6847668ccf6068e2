"""Which events end a call, which are ignored, and which cannot be read."""

import json
import tempfile
import tracemalloc
from collections.abc import Iterator
from typing import IO, Any

import pytest

from app.providers import elevenlabs
from app.providers.webhooks.delivery import Delivery, Unreadable
from tests.providers.reading import draft_of, read, values_of

MEBIBYTE = 1024 * 1024


def vapi_collecting(collected: Any) -> dict[str, Any]:
    message = {"type": "end-of-call-report", "call": {"id": "x"}}
    return {"message": message | {"analysis": {"structuredData": collected}}}


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("vapi", {"message": {"type": "status-update"}}),
        ("vapi", {"message": {"type": "End-Of-Call-Report", "call": {"id": "x"}}}),
        ("retell", {"event": "call_started", "call": {"call_id": "x"}}),
        ("retell", {"event": "transcript_updated"}),
        ("elevenlabs", {"type": "post_call_audio", "data": {"conversation_id": "x"}}),
        ("elevenlabs", {"type": "something_new"}),
    ],
)
def test_event_that_ends_no_call_is_ignored(provider: str, body: Any) -> None:
    assert read(provider, body) is None


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("vapi", {"message": {"type": "end-of-call-report", "call": {"id": "x"}}}),
        ("retell", {"event": "call_ended", "call": {"call_id": "x"}}),
        ("retell", {"event": "call_analyzed", "call": {"call_id": "x"}}),
        ("bland", {"call_id": "x"}),
        ("bland", {"c_id": "x"}),
        ("bland", {"call_id": None, "c_id": "x"}),
        ("bland", {"call_id": 7, "c_id": "x"}),
        ("bland", {"call_id": " ", "c_id": "x"}),
        ("bland", {"call_id": "y" * 513, "c_id": "x"}),
        ("bland", {"call_id": " x\n"}),
    ],
)
def test_call_id_alone_makes_a_call(provider: str, body: Any) -> None:
    assert draft_of(provider, body).values == {"provider": provider, "external_id": "x"}


UNREADABLE_BODIES = {
    "empty": b"",
    "no JSON": b"call_id=x",
    "cut short": b'{"call_id": "x"',
    "not UTF-8": b'{"call_id": "\xff"}',
    "UTF-16": '{"call_id": "x"}'.encode("utf-16"),
    "list": b'[{"call_id": "x"}]',
    "text": b'"call_id"',
    "number": b"7",
    "null": b"null",
    "empty object": b"{}",
    "nested 100,000 deep": b'{"call_id":' + b"[" * 100_000,
}


@pytest.mark.parametrize("provider", ["vapi", "retell", "elevenlabs", "bland"])
@pytest.mark.parametrize("body", UNREADABLE_BODIES.values(), ids=UNREADABLE_BODIES)
def test_unreadable_body_is_told_apart(provider: str, body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(provider, body)


@pytest.mark.parametrize("name", [None, 7, "", " ", ["call_ended"], {}])
@pytest.mark.parametrize("provider", ["vapi", "retell", "elevenlabs"])
def test_event_without_a_name_is_unreadable(provider: str, name: Any) -> None:
    call = {"id": "x", "call_id": "x"}
    with pytest.raises(Unreadable):
        read(provider, {"type": name, "event": name, "message": {"type": name}, "call": call})


@pytest.mark.parametrize("call_id", [None, 7, 1.5, True, "", " \n", ["x"], {}, "x" * 513])
@pytest.mark.parametrize(
    ("provider", "template"),
    [
        ("vapi", '{"message":{"type":"end-of-call-report","call":{"id":%s}}}'),
        ("retell", '{"event":"call_ended","call":{"call_id":%s}}'),
        ("elevenlabs", '{"type":"post_call_transcription","data":{"conversation_id":%s}}'),
        ("bland", '{"call_id":%s}'),
    ],
)
def test_call_without_a_readable_id_is_unreadable(
    provider: str, template: str, call_id: Any
) -> None:
    with pytest.raises(Unreadable):
        read(provider, (template % json.dumps(call_id)).encode())


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 5000, "-" + "9" * 5000])
def test_number_out_of_range_leaves_the_rest_readable(number: str) -> None:
    body = f'{{"call_id":"x","summary":"s","price":{number},"call_length":{number}}}'
    assert values_of("bland", body.encode()) == {"summary": "s"}


def test_lone_surrogate_and_nul_become_replacement_characters() -> None:
    draft = draft_of("bland", rb'{"call_id":"a\ud800","summary":"\u0000\ud83d\ude00"}')
    assert draft.values["external_id"] == "a\ufffd"
    assert draft.values["summary"] == "\ufffd\U0001f600"


@pytest.mark.parametrize(
    ("collected", "expected"),
    [
        pytest.param({"category": "billing"}, {"category": "billing"}, id="category"),
        pytest.param({"category": "Billing"}, {}, id="category in another case"),
        pytest.param({"category": ["billing"]}, {}, id="category in a list"),
        pytest.param({"patient_id": " p1 "}, {"patient_id": "p1"}, id="patient_id trimmed"),
        pytest.param({"patient_id": "x" * 512}, {"patient_id": "x" * 512}, id="512 long"),
        pytest.param({"patient_id": "x" * 513}, {}, id="513 long"),
        pytest.param({"patient_id": 7}, {}, id="patient_id a number"),
        pytest.param({"patient_id": " "}, {}, id="patient_id blank"),
        pytest.param({"sessions_scheduled": 0}, {"sessions_scheduled": 0}, id="none scheduled"),
        pytest.param({"sessions_scheduled": 2.0}, {"sessions_scheduled": 2}, id="2.0"),
        pytest.param({"sessions_scheduled": "2"}, {"sessions_scheduled": 2}, id="2 as text"),
        pytest.param({"sessions_scheduled": 2.5}, {}, id="2.5"),
        pytest.param({"sessions_scheduled": "two"}, {}, id="two"),
        pytest.param({"sessions_scheduled": "٢"}, {}, id="Arabic digit"),
        pytest.param({"sessions_scheduled": True}, {}, id="true is no number"),
        pytest.param(
            {"sessions_scheduled": -2147483648}, {"sessions_scheduled": -2147483648}, id="least"
        ),
        pytest.param(
            {"sessions_scheduled": 2147483647}, {"sessions_scheduled": 2147483647}, id="most"
        ),
        pytest.param({"sessions_scheduled": 2147483648}, {}, id="too many"),
        pytest.param({"sessions_scheduled": float("inf")}, {}, id="infinitely many"),
        pytest.param({"status": "done", "notes": "x"}, {}, id="fields of the staff alone"),
        pytest.param(["billing"], {}, id="a list"),
        pytest.param(None, {}, id="null"),
    ],
)
def test_allowed_values_are_proposed(collected: Any, expected: dict[str, Any]) -> None:
    assert values_of("vapi", vapi_collecting(collected)) == expected


def test_retell_analysis_proposes_before_metadata() -> None:
    call = {
        "call_id": "x",
        "call_analysis": {"custom_analysis_data": {"category": "billing", "patient_id": 7}},
        "metadata": {"category": "cancellation", "patient_id": "p1"},
    }
    proposed = values_of("retell", {"event": "call_analyzed", "call": call})
    assert proposed == {"category": "billing", "patient_id": "p1"}


def test_bland_variables_propose_before_metadata() -> None:
    sources = {"variables": {"category": "bill"}, "metadata": {"category": "cancellation"}}
    assert values_of("bland", {"call_id": "x"} | sources) == {"category": "cancellation"}


@pytest.mark.parametrize("results", [None, [], "x", 7, {"category": "billing"}])
def test_elevenlabs_proposes_nothing_without_collected_values(results: Any) -> None:
    data = {"conversation_id": "x", "analysis": {"data_collection_results": results}}
    told = values_of("elevenlabs", {"type": "post_call_transcription", "data": data})
    assert told == {"type": "webCall"}


@pytest.fixture
def large_file() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        yield file


@pytest.mark.parametrize(
    ("opening", "ending"),
    [
        pytest.param(
            b'{"type":"post_call_audio","data":{"conversation_id":"x","full_audio":"',
            b'"}}',
            id="type first",
        ),
        pytest.param(
            b'{"data":{"type":"post_call_transcription","full_audio":"',
            b'"},"type":"post_call_audio"}',
            id="type last",
        ),
    ],
)
def test_elevenlabs_audio_is_ignored_without_being_held(
    large_file: IO[bytes], opening: bytes, ending: bytes
) -> None:
    large_file.write(opening)
    for _ in range(20):
        large_file.write(b"SUQzBAAA/+//" * (MEBIBYTE // 12))
    large_file.write(ending)
    tracemalloc.start()
    try:
        assert elevenlabs.read(Delivery(large_file)) is None
        assert tracemalloc.get_traced_memory()[1] < MEBIBYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "escape",
    [rb"\u0041", rb"\/", rb"\"", rb"\\", rb"\ud83d\ude00", "é".encode()],
)
@pytest.mark.parametrize("shift", range(8))
def test_elevenlabs_large_transcription_is_read_whole(escape: bytes, shift: int) -> None:
    summary = b"x" * shift + (escape + b"A" * 100) * 11_000
    body = b'{"data":{"conversation_id":"x","analysis":{"transcript_summary":"%s"}},"type":%s}'
    told = values_of("elevenlabs", body % (summary, b'"post_call_transcription"'))
    assert told["summary"] == json.loads(b'"%s"' % summary)
    assert read("elevenlabs", body % (summary, b'"post_call_audio"')) is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"data":"' + b"A" * 2 * MEBIBYTE, id="cut short"),
        pytest.param(b'{"data":' + b"[" * 20_000 + b" " * MEBIBYTE, id="deep"),
        pytest.param(b'{"data":[1e' + b"9" * 30 + b"," + b" " * MEBIBYTE, id="huge exponent"),
    ],
)
def test_elevenlabs_large_body_that_is_no_json_is_unreadable(body: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            read("elevenlabs", body)
        assert tracemalloc.get_traced_memory()[1] < 16 * MEBIBYTE
    finally:
        tracemalloc.stop()
