"""A client that a public generator makes of /openapi.json reads and writes real calls."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.support.resources import CALL_ID
from tests.support.served import Served
from tests.support.server import running

Generated = Callable[[str], Any]
Ask = Callable[..., Any]

# The generator would format its code with a program that need not be there.
CONFIG: dict[str, list[str]] = {"post_hooks": []}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(Served(tmp_path_factory.mktemp("served"))) as served:
        yield served


@pytest.fixture(scope="module")
def generated(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    """Generate the client, without a warning, and give what imports its modules."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_bytes(served.ask("GET", "/openapi.json").body)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"]
    files = ["--path", "openapi.json", "--config", "config.json", "--output-path", "made"]
    run = subprocess.run(
        [*command, *files, "--meta", "none"], cwd=folder, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield lambda name: importlib.import_module(f"made.{name}")


@pytest.fixture
def ask(served: Served, generated: Generated) -> Iterator[Ask]:
    """Call an operation such as calls.list_calls of the generated client, with a key."""
    made = generated("client").AuthenticatedClient(
        base_url=served.url, token=served.key, auth_header_name="X-API-Key", prefix=""
    )
    with made as connected:
        yield lambda name, **values: generated(f"api.{name}").sync(client=connected, **values)


def test_generated_client_lists_calls_in_types(ask: Ask, generated: Generated) -> None:
    models = generated("models")
    posted = {"id": CALL_ID, "started_at": "2023-11-07T05:31:56.120Z", "category": "billing"}
    new = models.CallCreate.from_dict(posted | {"duration_min": 2.5})
    ask("calls.create_call", body=new)
    pending, day = models.CallStatus.PENDING, datetime(2023, 11, 7, tzinfo=UTC)
    (call,) = ask("calls.list_calls", status=pending, started_gte=day).data
    assert (call.id, call.duration_min) == (UUID(CALL_ID), 2.5)
    assert call.started_at == datetime(2023, 11, 7, 5, 31, 56, 120_000, tzinfo=UTC)
    assert (call.category, call.patient_id) == (models.CallCategory.BILLING, None)


def test_generated_client_creates_and_changes_a_call(ask: Ask, generated: Generated) -> None:
    models = generated("models")
    new = models.CallCreate(customer_number="(212) 555-0123", language="es")
    call = ask("calls.create_call", body=new)
    change = models.CallPatch(version=call.version, status=models.CallStatus.DONE)
    done = ask("calls.update_call", call_id=str(call.id), body=change)
    assert (call.customer_number, call.language) == ("+12125550123", "spanish")
    assert (done.version, done.status) == (2, models.CallStatus.DONE)


def test_generated_client_understands_an_error(ask: Ask) -> None:
    detail = ask("calls.list_calls", limit=101).detail
    assert (detail.code.value, detail.param) == ("invalid_field", "limit")
