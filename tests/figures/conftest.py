"""The description of the API, for the tests of what it says of figures."""

from tests.api.conftest import description, operations

__all__ = ["description", "operations"]
