"""Nothing acknowledged is lost and nothing comes twice, however often the server is killed."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Condition, Event

import orjson
import pytest
from flask import Flask

from app.services.calls import calls
from app.services.dead_letters import list_dead_letters
from tests.support.server import Server, running
from tests.support.soundness import assert_sound
from tests.support.webhooks import SETTINGS, signed

SENDERS = 16
KILLS = 12
CALLS = 8_000
DUPLICATES = 3_950
UNREADABLE = 50
WEBHOOKS = 2 * CALLS + DUPLICATES + UNREADABLE


def webhooks() -> list[bytes]:
    """Give two events of each call, some of them twice, and some that nobody can read."""
    chance = random.Random(3)
    bodies = [event(kind, number) for number in range(CALLS) for kind in ("ended", "analyzed")]
    bodies += [orjson.dumps({"event": "call_ended", "call": {}, "n": n}) for n in range(UNREADABLE)]
    bodies += chance.sample(bodies, DUPLICATES)
    chance.shuffle(bodies)
    return bodies


def event(kind: str, number: int) -> bytes:
    # Calls of few seconds: their places in the list have to be moved apart again and again.
    call = {"call_id": f"call-{number}", "start_timestamp": 1_700_000_000_000 + number * 7}
    if kind == "ended":
        call["transcript"] = f"Hello from caller {number}."
    else:
        call["call_analysis"] = {"call_summary": f"Summary of call {number}."}
    return orjson.dumps({"event": f"call_{kind}", "call": call})


class Senders:
    """Send webhooks from several threads, each until it is acknowledged."""

    def __init__(self, server: Server, bodies: list[bytes]) -> None:
        self.server = server
        self.bodies = bodies
        self.seen: Counter[str] = Counter()
        self.acknowledged = 0
        self.progress = Condition()
        self.up = Event()

    def send_share(self, number: int) -> None:
        connection = self._connect()
        for body in self.bodies[number::SENDERS]:
            while not self._is_acknowledged(connection, body):
                connection.close()
                self.up.wait(0.1)
        connection.close()

    def _connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.server.port, timeout=30)

    def _is_acknowledged(self, connection: HTTPConnection, body: bytes) -> bool:
        try:
            connection.request("POST", "/v1/ingest/retell", body, signed("retell", body))
            response = connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException):
            self._note("refused or broken")
            return False
        if response.status == 200:
            self._note(orjson.loads(answer)["outcome"], acknowledged=1)
            return True
        self._note(str(response.status))
        return False

    def _note(self, seen: str, acknowledged: int = 0) -> None:
        with self.progress:
            self.seen[seen] += 1
            self.acknowledged += acknowledged
            self.progress.notify()

    def wait_until(self, acknowledged: int) -> None:
        with self.progress:
            assert self.progress.wait_for(lambda: self.acknowledged >= acknowledged, timeout=120)


@pytest.fixture
def server(app: Flask, tmp_path: Path) -> Iterator[Server]:
    """A server on the database of `app`."""
    with running(Server(tmp_path / "clinic.db", **SETTINGS)) as server:
        yield server


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_every_acknowledged_call_is_there_exactly_once(server: Server) -> None:
    senders = Senders(server, webhooks())
    with ThreadPoolExecutor(SENDERS) as pool:
        shares = [pool.submit(senders.send_share, number) for number in range(SENDERS)]
        for kill in range(1, KILLS + 1):
            senders.wait_until(kill * WEBHOOKS // (KILLS + 1))
            senders.up.clear()
            server.kill()
            server.start()
            senders.up.set()
        for share in shares:
            share.result()
    server.stop()
    assert_all_there()
    assert_only_seen_what_is_allowed(senders)


def assert_all_there() -> None:
    told = [(row["external_id"], row["transcript"], row["summary"]) for row in calls.all_rows()]
    assert sorted(told) == sorted(
        (f"call-{number}", f"Hello from caller {number}.", f"Summary of call {number}.")
        for number in range(CALLS)
    )
    assert len(list_dead_letters()) == UNREADABLE
    assert_sound()


def assert_only_seen_what_is_allowed(senders: Senders) -> None:
    outcomes = {"created", "updated", "unchanged", "kept"}
    assert senders.acknowledged == WEBHOOKS == 20_000
    assert senders.seen.keys() <= outcomes | {"refused or broken", "503"}
    assert senders.seen["refused or broken"] >= KILLS
