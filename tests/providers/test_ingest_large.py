"""Large webhooks: spooled to the disk and not held in memory, refused above 25 MiB."""

import errno
import io
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from flask.testing import FlaskClient

from app.models.engine import database
from app.providers import PROVIDERS
from app.providers.webhooks.delivery import Delivery
from tests.support.people import error, read
from tests.support.server import Server, running, running_server
from tests.support.webhooks import RETELL_CALL, SETTINGS, outcome, retell, signed

MIB = 1024 * 1024
MOST = 25 * MIB
URL = "/v1/ingest/retell"


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


def retell_of(size: int) -> bytes:
    """Give an event of exactly so many bytes: JSON may end in any number of spaces."""
    return orjson.dumps(retell(transcript="Hello.")).ljust(size)


def deliver_of_unknown_length(client: FlaskClient, body: bytes) -> Any:
    """Deliver as a server passes on a body that came in chunks."""
    environ = {"wsgi.input_terminated": True}
    headers = signed("retell", body)
    return client.post(URL, input_stream=io.BytesIO(body), headers=headers, environ_base=environ)


def test_takes_a_body_of_exactly_the_limit(client: FlaskClient) -> None:
    body = retell_of(MOST)
    answer = client.post(URL, data=body, headers=signed("retell", body))
    assert outcome(answer) == "created"
    assert outcome(deliver_of_unknown_length(client, body)) == "unchanged"


def test_refuses_a_larger_body(client: FlaskClient) -> None:
    body = retell_of(MOST + 1)
    known = client.post(URL, data=body, headers=signed("retell", body))
    unknown = deliver_of_unknown_length(client, body)
    assert error(known) == error(unknown) == (413, "body_too_large", None)
    assert read(client, "/v1/calls")["pagination"]["total"] == 0


def test_keeps_a_large_body_that_nobody_can_read(client: FlaskClient) -> None:
    body = b"\xff" * MOST
    assert outcome(client.post(URL, data=body, headers=signed("retell", body))) == "kept"
    size = database.raw().execute("SELECT length(body) FROM dead_letter").get
    assert size == MOST


class FullDisk:
    """A provider with whose webhook the disk is full."""

    SECRET = "RETELL_API_KEY"
    NEEDS_PUBLIC_URL = False

    def verify(self, delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    def read(self, delivery: Delivery) -> None:
        raise NotImplementedError


def test_a_full_disk_is_told_so_that_the_provider_tries_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROVIDERS, "full", FullDisk())
    assert error(client.post("/v1/ingest/full", data=b"{}")) == (507, "storage_full", None)


def test_the_server_takes_the_largest_and_refuses_more(client: FlaskClient, tmp_path: Path) -> None:
    with running_server(tmp_path / "clinic.db", **SETTINGS) as server:
        statuses = [
            post(server, "retell", retell_of(size))[0] for size in (MOST, MOST + 1, 31 * MIB)
        ]
    assert statuses == [200, 413, 413]
    assert read(client, RETELL_CALL)["transcript"] == "Hello."


def test_the_audio_of_a_call_is_never_held_in_memory(tmp_path: Path) -> None:
    audio = {"agent_id": "asst", "conversation_id": "abc", "full_audio": "QUJD" * (5 * MIB)}
    body = orjson.dumps({"data": audio, "type": "post_call_audio", "event_timestamp": 1})
    with running(Server(tmp_path / "clinic.db", **SETTINGS)) as server:
        post(server.url, "elevenlabs", orjson.dumps({"type": "post_call_audio", "data": {}}))
        before = peak_memory_bytes(server.pid)
        answers = [post(server.url, "elevenlabs", body) for _ in range(3)]
        grown = peak_memory_bytes(server.pid) - before
    assert answers == [(200, b'{"outcome":"ignored","id":null}\n')] * 3
    assert grown < 10 * MIB


def post(server: str, provider: str, body: bytes) -> tuple[int, bytes]:
    connection = HTTPConnection(urlsplit(server).netloc, timeout=60)
    connection.request("POST", f"/v1/ingest/{provider}", body, signed(provider, body))
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def peak_memory_bytes(pid: int) -> int:
    """Give the most memory that a process has ever had."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024
