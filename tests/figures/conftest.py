"""The description of the API, and somebody of the desk, for the tests of figures."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.services import keys
from tests.api.conftest import description, operations

__all__ = ["description", "operations"]


@pytest.fixture
def desk(make_client: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Give a client that may see pages: a key stands for a person until people can sign in."""
    monkeypatch.setitem(keys._IMPLIED, "desk", frozenset({"desk"}))
    return make_client("desk")
