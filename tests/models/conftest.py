"""What tests of the database share: where its file lies."""

from pathlib import Path

import pytest
from flask import Flask


@pytest.fixture
def path(app: Flask) -> Path:
    found: Path = app.config["DATABASE_URL"]
    return found
