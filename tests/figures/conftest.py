"""The description of the API, and somebody of the desk, for the tests of figures."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.conftest import description, operations
from tests.support.front_desk import signed_in

__all__ = ["description", "operations"]


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """Give the browser of somebody of the desk."""
    return signed_in(app, "Sam Doyle", "desk")
