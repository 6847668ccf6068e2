"""Clients that public generators make of /openapi.json do the same with a running service.

Each program in tests/api/clients lists calls, gets one, filters by time and tags, creates and
changes one, and says what came of it. TypeScript is checked strictly before it runs.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database
from tests.support.resources import CALLS, PATIENTS, TAGS
from tests.support.server import running_server
from tests.support.tools import install_npm, run

pytestmark = pytest.mark.slow

PROGRAMS = Path(__file__).with_name("clients")
START = "2023-11-07T05:31:56Z"

EXPECTED = {
    "listed": ["later", "first"],
    "started_at": START,
    "in_time": ["first"],
    "tagged": ["first"],
    "untagged": ["later"],
    "unknown": "not_found",
    "created": ["+12125550123", "chinese"],
    "changed": [2, "done"],
}
TSC = ("--strict", "--skipLibCheck", "--target", "es2022", "--module", "commonjs")


@pytest.fixture
def served(app: Flask, client: FlaskClient) -> Iterator[tuple[str, ...]]:
    """Serve two calls, one of a patient with a tag; give what a program is told of them."""
    client.post(TAGS.url, json=TAGS.given)
    client.post(PATIENTS.url, json=PATIENTS.given | {"tags": [TAGS.id]})
    first = {"id": CALLS.id, "summary": "first", "started_at": START, "patient_id": PATIENTS.id}
    client.post(CALLS.url, json=first)
    client.post(CALLS.url, json={"summary": "later", "started_at": "2023-11-07T05:31:57Z"})
    with running_server(database.path) as url:
        yield url, client.environ_base["HTTP_X_API_KEY"], TAGS.id, CALLS.id


def test_openapi_generator_for_python(
    served: tuple[str, ...], description_file: Path, openapi_generator: Path, tmp_path: Path
) -> None:
    options = ("-g", "python", "--package-name", "made", "-o", tmp_path)
    run(tmp_path, openapi_generator, "generate", "-i", description_file, *options)
    program = copy(PROGRAMS / "openapi_generator.py", tmp_path)
    python = openapi_generator.with_name("python")
    assert json.loads(run(tmp_path, python, "-W", "error", program, *served)) == EXPECTED


def test_hey_api(served: tuple[str, ...], description_file: Path, tmp_path: Path) -> None:
    tools = install_npm(tmp_path, "@hey-api/openapi-ts@0.95", "typescript@5")
    run(tmp_path, tools / "openapi-ts", "-i", description_file, "-o", "made")
    assert run_typescript("hey_api", tmp_path, served) == EXPECTED


def test_openapi_fetch(served: tuple[str, ...], description_file: Path, tmp_path: Path) -> None:
    packages = ("openapi-fetch@0.17", "openapi-typescript@7", "typescript@5")
    tools = install_npm(tmp_path, *packages)
    run(tmp_path, tools / "openapi-typescript", description_file, "-o", "made.d.ts")
    assert run_typescript("openapi_fetch", tmp_path, served) == EXPECTED


def run_typescript(name: str, folder: Path, served: tuple[str, ...]) -> Any:
    """Compile a program in a folder, run it, and give what it says."""
    copy(PROGRAMS / f"{name}.ts", folder)
    tsc = folder / "node_modules" / ".bin" / "tsc"
    run(folder, tsc, *TSC, "--outDir", "out", f"{name}.ts")
    return json.loads(run(folder, "node", f"out/{name}.js", *served))
