"""What tests of import, export and pull share: each as a command, run on the test's database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

from app.commands import main
from tests.support.commands import Run
from tests.support.files import Export, Import, ndjson
from tests.support.sources import KEY, ScriptedSource, serving


@pytest.fixture
def load(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import rows, or a text as it is, from a file with this ending."""

    def load(rows: Any, *options: str, resource: str = "calls", ending: str = "ndjson") -> Result:
        file = tmp_path / f"imported.{ending}"
        content = rows if isinstance(rows, str | bytes) else ndjson(*rows)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return runner.invoke(main, ["import", resource, str(file), *options])

    return load


@pytest.fixture
def export(runner: FlaskCliRunner, tmp_path: Path) -> Export:
    """Export to a file with this ending and give what stands in it."""

    def export(resource: str = "calls", ending: str = "ndjson") -> str:
        file = tmp_path / f"exported.{ending}"
        result = runner.invoke(main, ["export", resource, str(file)])
        assert (result.exit_code, result.output) == (0, "")
        return file.read_bytes().decode()

    return export


@pytest.fixture
def source() -> Iterator[ScriptedSource]:
    with serving(ScriptedSource([])) as source:
        yield source


@pytest.fixture
def pull(runner: FlaskCliRunner, source: ScriptedSource) -> Run:
    def run(*args: str, **environ: str | None) -> Result:
        """Pull from the source, which gets no second chance unless said."""
        env = {"CLINIC_PULL_KEY": KEY, "CLINIC_PULL_KEY_FILE": None} | environ
        options = ["--from", source.url, "--patience", "0", *args]
        return runner.invoke(main, ["pull", *options], env=env)

    return run
