"""A clock that stands before 1970 is an error, and no hang."""

import pytest

from app import instants
from app.ids import new_id
from app.instants import ClockError


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instants, "time", lambda: -1.0)


def test_no_id_is_made() -> None:
    with pytest.raises(ClockError, match="before 1970"):
        new_id()
