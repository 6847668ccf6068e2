"""What tests of the API's description share: the description."""

import pytest
from flask.testing import FlaskClient

from tests.support.openapi import Doc


@pytest.fixture
def description(anonymous: FlaskClient) -> Doc:
    answer: Doc = anonymous.get("/openapi.json").get_json()
    return answer


@pytest.fixture
def operations(description: Doc) -> dict[str, Doc]:
    """Every operation by method and path, the parameters of its path among its own."""
    return {
        f"{method.upper()} {path}": operation
        | {"parameters": item.get("parameters", []) + operation.get("parameters", [])}
        for path, item in description["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }
