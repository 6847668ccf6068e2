"""Whatever a provider sends, reading it gives a well-typed draft, nothing, or Unreadable."""

import io
import json
import math
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from app.providers import PROVIDERS
from app.providers.webhooks.delivery import Delivery, Unreadable
from app.schemas.calls import CATEGORIES
from tests.providers.reading import read
from tests.support.webhooks import SAMPLES

BODIES = {path.name: path.read_bytes().strip() for path in sorted(SAMPLES.iterdir())}
JSON_BODIES = {name: json.loads(body) for name, body in BODIES.items() if name.endswith("json")}
TWILIO = dict(parse_qsl(BODIES["twilio-status-callback.form"].decode(), keep_blank_values=True))

INSTANTS = {"created_at", "started_at", "ended_at"}
NUMBERS = {"duration_min", "cost_usd"}
TEXTS = st.text(st.characters(exclude_categories=()))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
    | st.sampled_from([10**400, -(10**30), 1e308, "1e999", "+1 212 555 0123"])
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner))


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(found for name, child in children for found in paths(child, (*path, name)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    child = replaced(value[path[0]], path[1:], new)
    if isinstance(value, dict):
        return value | {path[0]: child}
    return [child if index == path[0] else item for index, item in enumerate(value)]


def assert_readable_or_unreadable(provider: str, body: bytes, url: str = "") -> None:
    try:
        draft = read(provider, body, url)
    except Unreadable:
        return
    if draft is None:
        return
    assert draft.values["provider"] == provider
    assert 1 <= draft.rank <= 8
    for field, value in draft.values.items():
        assert_well_typed(field, value)
    json.dumps(draft.values, allow_nan=False, ensure_ascii=False).encode()


def assert_well_typed(field: str, value: Any) -> None:
    if field in INSTANTS:
        assert value in range(253_402_300_800_000)
    elif field in NUMBERS:
        assert isinstance(value, float)
        assert 0 <= value < math.inf
    elif field == "category":
        assert value in CATEGORIES
    elif field == "sessions_scheduled":
        assert value in range(-(2**31), 2**31)
    else:
        assert value.strip() == value.replace("\0", "").strip() != ""


@pytest.mark.parametrize("name", JSON_BODIES)
@settings(deadline=None)
@given(data=st.data())
def test_reads_json_with_any_value_anywhere(name: str, data: st.DataObject) -> None:
    body = JSON_BODIES[name]
    for _ in range(data.draw(st.integers(1, 3))):
        body = replaced(body, data.draw(st.sampled_from(paths(body))), data.draw(VALUES))
    assert_readable_or_unreadable(name.partition("-")[0], json.dumps(body).encode())


@pytest.mark.parametrize("name", BODIES)
@settings(deadline=None)
@given(data=st.data())
def test_reads_damaged_bytes(name: str, data: st.DataObject) -> None:
    body = BODIES[name]
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 20)))
    body = body[:start] + data.draw(st.binary(max_size=20)) + body[end:]
    assert_readable_or_unreadable(name.partition("-")[0], body)


@settings(deadline=None)
@given(
    changes=st.dictionaries(st.sampled_from(sorted(TWILIO)), st.text()),
    query=st.dictionaries(
        st.sampled_from(["category", "patient_id", "sessions_scheduled"]), st.text()
    ),
)
def test_reads_forms_with_any_value(changes: dict[str, str], query: dict[str, str]) -> None:
    url = f"https://clinic.example/v1/ingest/twilio?{urlencode(query)}"
    assert_readable_or_unreadable("twilio", urlencode(TWILIO | changes).encode(), url)


@pytest.mark.parametrize("provider", PROVIDERS)
@settings(deadline=None)
@given(header=st.text(st.characters(exclude_characters="\r\n")), body=st.binary())
def test_no_made_up_header_proves_anything(provider: str, header: str, body: bytes) -> None:
    names = [
        "Authorization",
        "ElevenLabs-Signature",
        "X-Retell-Signature",
        "X-Signature",
        "X-Timestamp",
        "X-Twilio-Signature",
        "X-Vapi-Secret",
        "X-Webhook-Signature",
    ]
    delivery = Delivery(
        io.BytesIO(body), Headers(dict.fromkeys(names, header)), "https://c.example"
    )
    assert not PROVIDERS[provider].verify(delivery, ["the secret of this test"], 0)
