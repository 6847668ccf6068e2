"""What tests of people share: clocks that only they move."""

from types import SimpleNamespace

import pytest

from tests.support.clock import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of day."""
    clock = Clock()
    monkeypatch.setattr("app.instants.time", clock)
    return clock


@pytest.fixture
def stopwatch(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time by which guesses wait."""
    clock = Clock()
    monkeypatch.setattr("app.auth.guesses.time", SimpleNamespace(monotonic=clock))
    return clock
