"""How each provider proves that a delivery is its own."""

import base64
import hashlib
import hmac
import io
from urllib.parse import urlencode

import pytest
from werkzeug.datastructures import Headers

from app.providers import PROVIDERS
from app.providers.webhooks.delivery import Delivery

VAPI_BODY = b'{"message":{"type":"end-of-call-report"}}'
VAPI_MS = 1_700_000_000_000
VAPI_HMAC = "db859ca753bebfe5209df04b355498a962f7371218f063f083ca1b4264d74db1"

RETELL_BODY = b'{"event":"call_ended"}'
RETELL_MS = 1_700_000_000_000
RETELL_HMAC = "07024cabe7dd8f6d1c6e4a8324ca92c812e6ad4a7ee506c04f7e462e3321823e"
RETELL_HEADER = f"v=1700000000000,d={RETELL_HMAC}"

ELEVENLABS_BODY = b'{"type":"post_call_transcription"}'
ELEVENLABS_MS = 1_739_537_297_000
ELEVENLABS_HMAC = "81a65aa1e2057ec4cdc236dca583cf6ef5899fbc7acd1fe2c0921f684fa3779c"
ELEVENLABS_HEADER = f"t=1739537297,v0={ELEVENLABS_HMAC}"

BLAND_BODY = b'{"call_id":"abc","completed":true}'
BLAND_HMAC = "cf441d32c22278e50780a2c019438a38dc9aac43491ac0f03960fcd43cf09ce9"

TWILIO_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
TWILIO_BODY = urlencode(
    {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
).encode()
TWILIO_HMAC = "RSOYDt4T1cUTdK1PDd93/VVr8B8="

MINUTE = 60_000


def verify(
    provider: str,
    secret: str,
    headers: dict[str, str],
    body: bytes,
    now_ms: int = 0,
    url: str = "",
) -> bool:
    delivery = Delivery(io.BytesIO(body), Headers(headers), url)
    return PROVIDERS[provider].verify(delivery, ["an older secret", secret], now_ms)


def verify_twilio(body: bytes, url: str, signed_url: str, signed_fields: bytes) -> bool:
    digest = hmac.new(b"token", signed_url.encode() + signed_fields, hashlib.sha1).digest()
    headers = {"X-Twilio-Signature": base64.b64encode(digest).decode()}
    return verify("twilio", "token", headers, body, url=url)


@pytest.mark.parametrize(
    ("headers", "now_ms", "expected"),
    [
        pytest.param({"x-vapi-secret": "vapi-secret"}, 0, True, id="plain secret"),
        pytest.param({"X-Vapi-Secret": "vapi-secret "}, 0, False, id="plain secret and a space"),
        pytest.param({"X-Vapi-Secret": ""}, 0, False, id="empty secret"),
        pytest.param({"X-Vapi-Secret": "vapi-sécret"}, 0, False, id="secret not ASCII"),
        pytest.param({"X-Vapi-Secret": "☃"}, 0, False, id="secret not Latin-1"),
        pytest.param({"Authorization": "Bearer vapi-secret"}, 0, True, id="bearer"),
        pytest.param({"Authorization": "bearer vapi-secret"}, 0, True, id="bearer in lower case"),
        pytest.param({"Authorization": "Basic vapi-secret"}, 0, False, id="another scheme"),
        pytest.param({"Authorization": "vapi-secret"}, 0, False, id="no scheme"),
        pytest.param({"Authorization": "Bearer"}, 0, False, id="bearer without token"),
        pytest.param({}, 0, False, id="nothing"),
    ],
)
def test_vapi_takes_the_secret_plain_or_as_bearer(
    headers: dict[str, str], now_ms: int, expected: bool
) -> None:
    assert verify("vapi", "vapi-secret", headers, VAPI_BODY, now_ms) is expected


@pytest.mark.parametrize(
    ("stamp", "signature", "now_ms", "expected"),
    [
        pytest.param("1700000000", VAPI_HMAC, VAPI_MS, True, id="vector"),
        pytest.param("1700000000", VAPI_HMAC, VAPI_MS + 5 * MINUTE, True, id="5 minutes old"),
        pytest.param("1700000000", VAPI_HMAC, VAPI_MS + 5 * MINUTE + 1, False, id="older"),
        pytest.param("1700000000", VAPI_HMAC, VAPI_MS - 5 * MINUTE, True, id="5 minutes ahead"),
        pytest.param("1700000000", VAPI_HMAC, VAPI_MS - 5 * MINUTE - 1, False, id="more ahead"),
        pytest.param("1700000000", "0" * 64, VAPI_MS, False, id="wrong"),
        pytest.param("1700000000", "é" * 64, VAPI_MS, False, id="not ASCII"),
        pytest.param("1700000001", VAPI_HMAC, VAPI_MS, False, id="another timestamp"),
        pytest.param("1_700_000_000", VAPI_HMAC, VAPI_MS, False, id="underscores"),
        pytest.param("١٧٠٠٠٠٠٠٠٠", VAPI_HMAC, VAPI_MS, False, id="Arabic digits"),
        pytest.param("", VAPI_HMAC, VAPI_MS, False, id="empty timestamp"),
        pytest.param("9" * 5000, VAPI_HMAC, VAPI_MS, False, id="5000 digits"),
    ],
)
def test_vapi_takes_a_fresh_hmac(stamp: str, signature: str, now_ms: int, expected: bool) -> None:
    headers = {"X-Signature": signature, "X-Timestamp": stamp}
    assert verify("vapi", "vapi-secret", headers, VAPI_BODY, now_ms) is expected


def test_vapi_reads_a_long_timestamp_as_milliseconds() -> None:
    signature = hmac.new(b"vapi-secret", b"1700000000000.{}", hashlib.sha256).hexdigest()
    headers = {"X-Signature": signature, "X-Timestamp": "1700000000000"}
    assert verify("vapi", "vapi-secret", headers, b"{}", VAPI_MS + 5 * MINUTE)
    assert not verify("vapi", "vapi-secret", headers, b"{}", VAPI_MS + 5 * MINUTE + 1)


def test_vapi_takes_a_secret_outside_ascii_as_utf8() -> None:
    headers = {"X-Vapi-Secret": "schlüssel".encode().decode("latin-1")}
    assert verify("vapi", "schlüssel", headers, VAPI_BODY)


@pytest.mark.parametrize(
    ("header", "now_ms", "expected"),
    [
        pytest.param(RETELL_HEADER, RETELL_MS, True, id="vector"),
        pytest.param(RETELL_HEADER, RETELL_MS + 5 * MINUTE, True, id="5 minutes old"),
        pytest.param(RETELL_HEADER, RETELL_MS + 5 * MINUTE + 1, False, id="older"),
        pytest.param(RETELL_HEADER, RETELL_MS - 5 * MINUTE, True, id="5 minutes ahead"),
        pytest.param(RETELL_HEADER, RETELL_MS - 5 * MINUTE - 1, False, id="more ahead"),
        pytest.param(f"v=1700000000001,d={RETELL_HMAC}", RETELL_MS, False, id="another time"),
        pytest.param(f"v=1700000000000,d={'0' * 64}", RETELL_MS, False, id="wrong digest"),
        pytest.param(RETELL_HEADER.upper(), RETELL_MS, False, id="upper case"),
        pytest.param(f"v=1700000000000,d={RETELL_HMAC[:-1]}", RETELL_MS, False, id="too short"),
        pytest.param(f"{RETELL_HEADER},d=00", RETELL_MS, False, id="something after it"),
        pytest.param(f"v=+1700000000000,d={RETELL_HMAC}", RETELL_MS, False, id="signed time"),
        pytest.param(f"v={'9' * 5000},d={RETELL_HMAC}", RETELL_MS, False, id="5000 digits"),
        pytest.param(RETELL_HMAC, RETELL_MS, False, id="digest alone"),
        pytest.param("é", RETELL_MS, False, id="not ASCII"),
        pytest.param("", RETELL_MS, False, id="empty"),
    ],
)
def test_retell_takes_a_fresh_hmac(header: str, now_ms: int, expected: bool) -> None:
    headers = {"X-Retell-Signature": header}
    assert verify("retell", "test-api-key", headers, RETELL_BODY, now_ms) is expected


@pytest.mark.parametrize(
    ("header", "now_ms", "expected"),
    [
        pytest.param(ELEVENLABS_HEADER, ELEVENLABS_MS, True, id="vector"),
        pytest.param(ELEVENLABS_HEADER, ELEVENLABS_MS + 30 * MINUTE, True, id="30 minutes old"),
        pytest.param(ELEVENLABS_HEADER, ELEVENLABS_MS + 30 * MINUTE + 1, False, id="older"),
        pytest.param(ELEVENLABS_HEADER, ELEVENLABS_MS - 5 * MINUTE, True, id="5 minutes ahead"),
        pytest.param(ELEVENLABS_HEADER, ELEVENLABS_MS - 5 * MINUTE - 1, False, id="more ahead"),
        pytest.param(
            f"t=1739537297,v0={'0' * 64},v0={ELEVENLABS_HMAC}", ELEVENLABS_MS, True, id="second v0"
        ),
        pytest.param(
            f"t=1739537297, v1=x, v0={ELEVENLABS_HMAC}", ELEVENLABS_MS, True, id="unknown part"
        ),
        pytest.param(f"t=1739537297,v0={'0' * 64}", ELEVENLABS_MS, False, id="wrong v0"),
        pytest.param(f"t=1739537297,v1={ELEVENLABS_HMAC}", ELEVENLABS_MS, False, id="no v0"),
        pytest.param(f"v0={ELEVENLABS_HMAC}", ELEVENLABS_MS, False, id="no time"),
        pytest.param(f"t=1739537297,{ELEVENLABS_HEADER}", ELEVENLABS_MS, False, id="two times"),
        pytest.param(f"t= 1739537297,v0={ELEVENLABS_HMAC}", ELEVENLABS_MS, False, id="a space"),
        pytest.param("t=1739537297,v0=é", ELEVENLABS_MS, False, id="not ASCII"),
        pytest.param("", ELEVENLABS_MS, False, id="empty"),
    ],
)
def test_elevenlabs_takes_a_fresh_hmac(header: str, now_ms: int, expected: bool) -> None:
    headers = {"ElevenLabs-Signature": header}
    assert verify("elevenlabs", "wsec_test", headers, ELEVENLABS_BODY, now_ms) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param(BLAND_HMAC, True, id="vector"),
        pytest.param("0" * 64, False, id="wrong"),
        pytest.param(BLAND_HMAC[:-1], False, id="too short"),
        pytest.param("é", False, id="not ASCII"),
        pytest.param("", False, id="empty"),
    ],
)
def test_bland_takes_an_hmac_of_the_body(header: str, expected: bool) -> None:
    headers = {"X-Webhook-Signature": header}
    assert verify("bland", "bland-secret", headers, BLAND_BODY) is expected


@pytest.mark.parametrize(
    ("header", "url", "expected"),
    [
        pytest.param(TWILIO_HMAC, TWILIO_URL, True, id="vector"),
        pytest.param(TWILIO_HMAC, TWILIO_URL.replace(".com", ".com:443"), True, id="port"),
        pytest.param(TWILIO_HMAC, TWILIO_URL.replace("https", "http"), False, id="scheme"),
        pytest.param(TWILIO_HMAC, TWILIO_URL + "&more=1", False, id="another query"),
        pytest.param(TWILIO_HMAC, "", False, id="no public URL"),
        pytest.param("RSOYDt4T1cUTdK1PDd93/VVr8B9=", TWILIO_URL, False, id="wrong"),
        pytest.param("é", TWILIO_URL, False, id="not ASCII"),
        pytest.param("", TWILIO_URL, False, id="empty"),
    ],
)
def test_twilio_takes_an_hmac_of_url_and_fields(header: str, url: str, expected: bool) -> None:
    headers = {"X-Twilio-Signature": header}
    assert verify("twilio", "12345", headers, TWILIO_BODY, url=url) is expected


@pytest.mark.parametrize(
    ("url", "signed_url"),
    [
        pytest.param("https://c.example/x", "https://c.example:443/x", id="https, port signed"),
        pytest.param("http://c.example/x", "http://c.example:80/x", id="http, port signed"),
        pytest.param("https://c.example:8443/x", "https://c.example/x", id="port not signed"),
        pytest.param("https://c.example:8443/x", "https://c.example:8443/x", id="own port"),
        pytest.param("https://u:7@c.example/x?y=:1", "https://u:7@c.example:443/x?y=:1", id="user"),
        pytest.param("https://[::1]:8443/x", "https://[::1]/x", id="IPv6"),
    ],
)
def test_twilio_may_sign_the_url_with_or_without_port(url: str, signed_url: str) -> None:
    assert verify_twilio(b"A=1", url, signed_url, b"A1")
    assert not verify_twilio(b"A=1", url, signed_url.replace(".example", ".test") + "/", b"A1")


@pytest.mark.parametrize(
    ("body", "signed"),
    [
        pytest.param(b"B=2&A=1", b"A1B2", id="sorted by name"),
        pytest.param(b"b=2&A=1&a=3&B=4", b"A1B4a3b2", id="capitals first"),
        pytest.param(b"A=&B", b"AB", id="blank values"),
        pytest.param(b"A=2&A=1&A=2", b"A1A2", id="unique values, sorted"),
        pytest.param(b"A=%2B1+x", b"A+1 x", id="decoded"),
        pytest.param(b"A=Garc%C3%ADa", "AGarcía".encode(), id="UTF-8"),
        pytest.param(b"A=%FF%00", b"A\xff\x00", id="not UTF-8"),
        pytest.param(b"A=\xff", b"A\xff", id="neither encoded nor UTF-8"),
        pytest.param(b"", b"", id="no fields"),
    ],
)
def test_twilio_signs_the_fields_as_decoded(body: bytes, signed: bytes) -> None:
    url = "https://c.example/v1/ingest/twilio?category=billing"
    assert verify_twilio(body, url, url, signed)


@pytest.mark.parametrize(
    ("body", "signed", "expected"),
    [
        pytest.param(b"A=" + b"x" * 1_048_574, b"A" + b"x" * 1_048_574, True, id="1 MiB"),
        pytest.param(b"A=" + b"x" * 1_048_575, b"A" + b"x" * 1_048_575, False, id="more"),
        pytest.param(b"&".join([b"A=x"] * 1000), b"Ax", True, id="1000 fields"),
        pytest.param(b"&".join([b"A=x"] * 1001), b"Ax", False, id="1001 fields"),
    ],
)
def test_twilio_forms_are_decoded_up_to_a_size(body: bytes, signed: bytes, expected: bool) -> None:
    url = "https://c.example/v1/ingest/twilio"
    assert verify_twilio(body, url, url, signed) is expected


@pytest.mark.parametrize("provider", PROVIDERS)
def test_nothing_is_genuine_without_a_secret(provider: str) -> None:
    headers = Headers({"X-Vapi-Secret": "", "X-Webhook-Signature": "", "X-Twilio-Signature": ""})
    delivery = Delivery(io.BytesIO(b"{}"), headers, "https://c.example")
    assert not PROVIDERS[provider].verify(delivery, [], 0)


def test_a_long_body_is_signed_as_a_whole() -> None:
    body = b"x" * 200_000
    signature = hmac.new(b"bland-secret", body, hashlib.sha256).hexdigest()
    assert verify("bland", "bland-secret", {"X-Webhook-Signature": signature}, body)
