"""What the list remembers is right the moment anything is written, by whichever process."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import PROJECT_ROOT
from app.models.engine import revision
from app.remembered import Remembered
from tests.conftest import MakeCall


def total(client: FlaskClient, query: str = "") -> int:
    return int(client.get(f"/v1/calls?{query}").get_json()["pagination"]["total"])


def test_an_unchanged_list_is_304(client: FlaskClient, make_call: MakeCall) -> None:
    make_call()
    etag = client.get("/v1/calls").headers["ETag"]
    answer = client.get("/v1/calls", headers={"If-None-Match": etag})
    assert answer.status_code == 304
    assert answer.data == b""


def test_a_write_changes_the_etag(client: FlaskClient, make_call: MakeCall) -> None:
    etag = client.get("/v1/calls").headers["ETag"]
    make_call()
    answer = client.get("/v1/calls", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer.get_json()["pagination"]["total"] == 1


@pytest.mark.parametrize("query", ["", "status=pending", "q=knee", "q=knee&status=pending"])
def test_a_total_is_right_after_each_write(
    client: FlaskClient, make_call: MakeCall, query: str
) -> None:
    for number in range(1, 4):
        make_call(summary="Knee pain")
        assert total(client, query) == number


def test_another_process_makes_remembered_answers_stale(app: Flask, client: FlaskClient) -> None:
    assert total(client) == 0
    row = b'{"id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "status": "done"}'
    subprocess.run(
        [sys.executable, "-m", "app.commands", "import", "calls", "-"],
        cwd=PROJECT_ROOT,
        input=row,
        env={"DATABASE_URL": f"sqlite:///{app.config['DATABASE_URL']}", "PATH": ""},
        check=True,
        capture_output=True,
    )
    assert total(client) == total(client, "status=done") == 1


def test_a_rolled_back_write_leaves_what_is_remembered(
    client: FlaskClient, make_call: MakeCall, make_client: Callable[..., FlaskClient]
) -> None:
    make_call()
    before = revision()
    answer = client.patch("/v1/calls/none", json={"version": 1, "status": "done"})
    assert answer.status_code == 404
    assert revision() == before


def test_a_deleted_call_leaves_list_totals_and_search(
    client: FlaskClient, make_call: MakeCall
) -> None:
    call_id = make_call(summary="Knee pain", status="done")
    assert client.delete(f"/v1/calls/{call_id}").status_code == 204
    queries = ("", "status=done", "q=knee", "q=knee&status=done", "started_gte=1970-01-01")
    assert [total(client, query) for query in queries] == [0] * len(queries)


def test_what_many_ask_for_at_once_is_made_once() -> None:
    remembered = Remembered(100)
    made: list[int] = []
    together = threading.Barrier(8)

    def ask() -> str:
        together.wait()
        with remembered.making("key", 5.0):
            if remembered.get("key", 7) is None:
                made.append(1)
                time.sleep(0.1)
                remembered.put("key", 7, "value", 1)
        return str(remembered.get("key", 7))

    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(ask) for _ in range(8)]
    assert {answer.result() for answer in answers} == {"value"}
    assert len(made) == 1
    assert not remembered.makers


def test_unlike_questions_share_no_lock() -> None:
    remembered = Remembered(100)
    with ExitStack() as stack:
        for key in range(-300, 300):
            stack.enter_context(remembered.making(key, 0.0))
        with pytest.raises(TimeoutError):
            stack.enter_context(remembered.making(7, 0.0))


def test_what_was_remembered_of_an_older_revision_is_stale() -> None:
    remembered = Remembered(100)
    remembered.put("key", 7, "old", 1)
    assert remembered.get("key", 7) == "old"
    assert remembered.get("key", 8) is None


def test_a_write_leaves_the_counts_of_other_periods(
    app: Flask, client: FlaskClient, make_call: MakeCall
) -> None:
    long_ago = 1_600_000_000_000
    make_call(started_at=long_ago, summary="Knee pain")
    make_call(started_at=long_ago + 10**10, summary="Knee pain")
    assert total(client, "q=knee") == 2
    ((_, counts, _),) = app.extensions["call_counts"].entries.values()
    make_call(started_at=long_ago + 10**10 + 1, summary="Knee pain")
    assert total(client, "q=knee") == 3
    ((_, later, _),) = app.extensions["call_counts"].entries.values()
    old, new = sorted(counts)
    assert (later[old], later[new].found.calls) == (counts[old], 2)
    assert later[new].changed > counts[new].changed


def test_long_keys_are_counted() -> None:
    remembered = Remembered(100_000)
    for number in range(100):
        remembered.put((("tags", (f"{number:10000d}",)),), 7, "value", 1)
    assert 5 <= len(remembered.entries) <= 10
