"""What a long command shows of its progress."""

import os
import pty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, suppress

import pytest

from app.commands.context import progress


@contextmanager
def terminal() -> Iterator[Callable[[], str]]:
    """Make standard error a terminal, and give how to read what was written there."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    with open(ours, "rb") as screen, open(theirs, "w") as err, redirect_stderr(err):
        yield lambda: screen.read().decode()


def test_shows_how_many_of_how_many() -> None:
    with terminal() as written, progress("Storing", 40) as bar:
        bar.update(10)
        assert "Storing  [#####---------------]  10/40" in written()


def test_ends_at_the_last_step() -> None:
    with terminal() as written:
        with progress("Storing", 40) as bar:
            for _ in range(40):
                bar.update(1)
        assert "Storing  [####################]  40/40" in written()


def test_counts_where_nobody_knows_how_many() -> None:
    with terminal() as written:
        with progress("Writing") as bar:
            bar.update(1)
            bar.update(6)
        assert "Writing  [####################]  7" in written()


@pytest.mark.parametrize("length", [None, 0])
def test_is_full_at_the_end_of_nothing(length: int | None) -> None:
    with terminal() as written:
        with progress("Writing", length):
            pass
        assert "Writing  [####################]  0" in written()


def test_learns_late_how_many() -> None:
    with terminal() as written, progress("Copying") as bar:
        bar.length = 400
        bar.update(100)
        assert "Copying  [#####---------------]  100/400" in written()


def test_is_not_drawn_for_every_step() -> None:
    with terminal() as written, progress("Storing", 5000) as bar:
        for _ in range(5000):
            bar.update(1)
        assert written().count("Storing") < 50


def test_stays_where_an_error_found_it() -> None:
    with terminal() as written:
        with suppress(ZeroDivisionError), progress("Sending", 4) as bar:
            bar.update(1)
            bar.update(1)
            raise ZeroDivisionError
        assert written().endswith("Sending  [##########----------]  2/4\033[?25h\r\n")


def test_shows_nothing_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Storing", 1) as bar:
        bar.update(1)
    assert capsys.readouterr() == ("", "")
