"""Answers kept until the database changes."""

from collections.abc import Callable, Hashable
from sys import getsizeof
from threading import Lock
from typing import Any

# So many values can be made at the same time; two that must not be are then seldom found.
MAKERS = 64


class Remembered:
    """Values by key, each as of one revision of the database; the oldest go first.

    The revision is read from the database itself, so a change by any process makes all stale.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.used = 0
        self.entries: dict[Hashable, tuple[int, Any, int]] = {}
        self.lock = Lock()
        self.makers = [Lock() for _ in range(MAKERS)]

    def get(self, key: Hashable, revision: int) -> Any:
        """Give the value of a key at a revision or a later one, or None."""
        # Without the lock: a thread that waits for the interpreter while holding it stops all.
        entry = self.entries.get(key)
        return entry[1] if entry is not None and entry[0] >= revision else None

    def get_or_make(self, key: Hashable, revision: int, make: Callable[[], Any]) -> Any:
        """Give the value of a key; `make` puts it where there is none, in one thread at a time.

        Else every thread would make it anew after each write, when many ask for the same.
        """
        value = self.get(key, revision)
        if value is None:
            with self.makers[hash(key) % MAKERS]:
                value = self.get(key, revision)
                return make() if value is None else value
        return value

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
