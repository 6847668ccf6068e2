"""A disk too full for a large body: the answer says so, whatever is full, and nothing is stored."""

import json
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.mounts import tiny
from tests.support.served import TIMEOUT_S, Served
from tests.support.server import running
from tests.support.webhooks import SETTINGS, signed


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve with hardly any room for what is written to the folder of temporary files."""
    folder: Path = tmp_path_factory.mktemp("served")
    with (
        tiny(folder / "tmp", 100_000) as full,
        running(Served(folder, TMPDIR=str(full), **SETTINGS)) as found,
    ):
        yield found


def webhook(characters: int) -> bytes:
    call = {"call_id": f"call-{characters}", "transcript": "x" * characters}
    return json.dumps({"event": "call_ended", "call": call}).encode()


@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_body_that_cannot_be_kept_is_507(served: Served, in_chunks: bool) -> None:
    body = webhook(3_000_000)
    connection = HTTPConnection("127.0.0.1", served.port, timeout=TIMEOUT_S)
    sent = iter([body[begin : begin + 65_536] for begin in range(0, len(body), 65_536)])
    with suppress(OSError):  # refused before all was sent
        connection.request(
            "POST",
            "/v1/ingest/retell",
            sent if in_chunks else body,
            signed("retell", body),
            encode_chunked=in_chunks,
        )
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    assert (response.status, answer["detail"]["code"]) == (507, "storage_full")
    assert response.headers["X-Request-Id"]


def test_what_stays_in_memory_is_taken_in(served: Served) -> None:
    body = webhook(100)
    connection = HTTPConnection("127.0.0.1", served.port, timeout=TIMEOUT_S)
    connection.request("POST", "/v1/ingest/retell", body, signed("retell", body))
    assert connection.getresponse().status == 200
    connection.close()
