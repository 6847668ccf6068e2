"""Public tools that judge OpenAPI find nothing to say about /openapi.json, not even a warning.

openapi-spec-validator is asked among the quick tests, in test_openapi.py.
"""

import json
from pathlib import Path

import pytest

from tests.support.tools import install_npm, run

pytestmark = pytest.mark.slow


def test_redocly_says_nothing(
    description_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    redocly = install_npm(tmp_path, "@redocly/cli@2") / "redocly"
    monkeypatch.setenv("REDOCLY_TELEMETRY", "off")
    monkeypatch.setenv("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
    report = json.loads(run(tmp_path, redocly, "lint", description_file, "--format=json"))
    assert report["problems"] == []
    assert report["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}


def test_spectral_says_nothing(description_file: Path, tmp_path: Path) -> None:
    spectral = install_npm(tmp_path, "@stoplight/spectral-cli@6") / "spectral"
    (tmp_path / "rules.yaml").write_text('extends: ["spectral:oas"]\n')
    options = ("--ruleset=rules.yaml", "--fail-severity=hint", "--format=json", "--quiet")
    assert json.loads(run(tmp_path, spectral, "lint", description_file, *options)) == []


def test_openapi_generator_says_nothing(
    description_file: Path, openapi_generator: Path, tmp_path: Path
) -> None:
    said = run(tmp_path, openapi_generator, "validate", "--recommend", "-i", description_file)
    assert "No validation issues detected." in said
    assert "arning" not in said
