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
import requests
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database
from tests.support.server import running_server

Generated = Callable[[str], Any]

# The generator would format its code with a program that need not be there.
CONFIG: dict[str, list[str]] = {"post_hooks": []}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    """Generate the client, without a warning, and give what imports its modules."""
    folder = tmp_path_factory.mktemp("client")
    with running_server(folder / "clinic.db") as url:
        description = requests.get(f"{url}/openapi.json", timeout=10).content
    (folder / "openapi.json").write_bytes(description)
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
def ask(app: Flask, client: FlaskClient, generated: Generated) -> Iterator[Callable[..., Any]]:
    """Call an operation such as calls.list_calls of the generated client, with a key."""
    key = client.environ_base["HTTP_X_API_KEY"]
    with running_server(database.path) as url:
        made = generated("client").AuthenticatedClient(
            base_url=url, token=key, auth_header_name="X-API-Key", prefix=""
        )
        with made as connected:
            yield lambda name, **values: generated(f"api.{name}").sync(client=connected, **values)


def test_generated_client_lists_calls_in_types(
    ask: Callable[..., Any], generated: Generated, client: FlaskClient
) -> None:
    posted = client.post(
        "/v1/calls",
        json={"started_at": "2023-11-07T05:31:56.120Z", "duration_min": 2.5, "category": "billing"},
    )
    pending, day = generated("models").CallStatus.PENDING, datetime(2023, 11, 7, tzinfo=UTC)
    (call,) = ask("calls.list_calls", status=pending, started_gte=day).data
    assert (call.id, call.duration_min) == (UUID(posted.get_json()["id"]), 2.5)
    assert call.started_at == datetime(2023, 11, 7, 5, 31, 56, 120_000, tzinfo=UTC)
    assert (call.category, call.patient_id) == (generated("models").CallCategory.BILLING, None)


def test_generated_client_creates_and_changes_a_call(
    ask: Callable[..., Any], generated: Generated
) -> None:
    models = generated("models")
    new = models.CallCreate(customer_number="(212) 555-0123", language="es")
    call = ask("calls.create_call", body=new)
    change = models.CallPatch(version=call.version, status=models.CallStatus.DONE)
    done = ask("calls.update_call", call_id=str(call.id), body=change)
    assert (call.customer_number, call.language) == ("+12125550123", "spanish")
    assert (done.version, done.status) == (2, models.CallStatus.DONE)


def test_generated_client_understands_an_error(ask: Callable[..., Any]) -> None:
    detail = ask("calls.list_calls", limit=101).detail
    assert (detail.code.value, detail.param) == ("invalid_field", "limit")
