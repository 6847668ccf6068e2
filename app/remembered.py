"""Answers kept until the database changes."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from sys import getsizeof
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary


class Remembered:
    """Values by key, each as of one revision of the database; the oldest go first.

    The revision is read from the database itself, so a change by any process makes all stale.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.used = 0
        self.entries: dict[Hashable, tuple[int, Any, int]] = {}
        self.lock = Lock()
        # A lock for each value that is being made: gone with the last who makes it or waits.
        self.makers: WeakValueDictionary[Hashable, Any] = WeakValueDictionary()

    def get(self, key: Hashable, revision: int) -> Any:
        """Give the value of a key at a revision or a later one, or None."""
        # Without the lock: a thread that waits for the interpreter while holding it stops all.
        entry = self.entries.get(key)
        return entry[1] if entry is not None and entry[0] >= revision else None

    @contextmanager
    def making(self, key: Hashable, wait_s: float) -> Iterator[None]:
        """Let no other thread make the value of this key meanwhile. Raises TimeoutError.

        Who has waited looks whether it is there now. Else all who ask for the same would make it
        anew after each write.
        """
        with self.lock:
            maker = self.makers.setdefault(key, Lock())
        if not maker.acquire(timeout=wait_s):
            raise TimeoutError
        try:
            yield
        finally:
            maker.release()

    def put(self, key: Hashable, revision: int, value: Any, size: int) -> None:
        """Keep a value of some size, in bytes as the capacity; its key counts too."""
        size += size_of(key)
        with self.lock:
            old = self.entries.pop(key, None)
            self.entries[key] = (revision, value, size)
            self.used += size - (old[2] if old else 0)
            while self.used > self.capacity:
                self.used -= self.entries.pop(next(iter(self.entries)))[2]


def size_of(key: Any) -> int:
    """Give about how many bytes a key takes, with all that it holds."""
    slots = [getattr(key, name) for name in getattr(key, "__slots__", ())]
    parts = key if isinstance(key, tuple) else slots
    return getsizeof(key) + sum(map(size_of, parts))
