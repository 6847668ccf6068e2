"""How long a list may take: never more than 3 s, and far less in a thread kept for quick work."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import apsw

LIST_LIMIT_S = 3.0
# Of the processor's time: a quick thread that only waits for its turn does not take long. Most
# lists take less than 4 ms; Python's collection of garbage, which may fall into one, takes 20.
QUICK_LIMIT_S = 0.05
# SQLite looks at the clock every so many steps of its virtual machine, mostly 0.1 to 0.3 ms; while
# it merges the words of a beginning, up to 0.2 s at 100,000 calls of one period.
CLOCK_STEPS = 10_000


class TakesLong(BaseException):
    """A list takes long in a thread kept for quick work; no error, so that nobody answers it."""


class Clock(threading.local):
    """The time that each thread has for the list that it works on."""

    is_quick = False
    ends_at = math.inf

    def now(self) -> float:
        return time.thread_time() if self.is_quick else time.monotonic()

    def is_late(self) -> bool:
        return self.now() > self.ends_at

    def check(self) -> None:
        """Raise apsw.InterruptError where no time is left, as SQLite does in the midst of work."""
        if self.is_late():
            raise apsw.InterruptError

    def begin_long_work(self) -> None:
        """Go on only where there is time. Raises TakesLong in a thread kept for quick work."""
        if self.is_quick:
            raise TakesLong

    def wait_s(self) -> float:
        """Give how long this thread may wait for another one that does the same."""
        left_s = self.ends_at - self.now()
        limit_s = 0.0 if self.is_quick and left_s < LIST_LIMIT_S else LIST_LIMIT_S
        return max(0.0, min(left_s, limit_s))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Give the block its time, what it waits for included.

        Raises TakesLong in a thread kept for quick work, else what the block raises.
        """
        if self.ends_at < math.inf:
            yield
            return
        self.ends_at = self.now() + (QUICK_LIMIT_S if self.is_quick else LIST_LIMIT_S)
        try:
            yield
        except Exception as error:
            if self.is_quick and (self.is_late() or isinstance(error, TimeoutError)):
                raise TakesLong from None
            raise
        finally:
            self.ends_at = math.inf

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let the block take as long as it needs; its time is not counted."""
        ends_at, began = self.ends_at, self.now()
        self.ends_at = math.inf
        try:
            yield
        finally:
            self.ends_at = ends_at + self.now() - began


clock = Clock()
