"""What tests of the server share: one that runs."""

from collections.abc import Iterator

import pytest

from tests.support.served import Served
from tests.support.server import running


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve for all tests that leave the server as it is."""
    with running(Served(tmp_path_factory.mktemp("served"))) as served:
        yield served
