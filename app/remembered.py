"""Answers kept until the database changes."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any


class Remembered:
    """Values by key, each right for one revision of the database; the longest unused go first.

    The revision is read from the database itself, so a change by any process makes all stale.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.used = 0
        self.entries: OrderedDict[Hashable, tuple[int, Any, int]] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable, revision: int) -> Any:
        """Give the value of a key at a revision, or None."""
        with self.lock:
            entry = self.entries.get(key)
            if entry is None or entry[0] != revision:
                return None
            self.entries.move_to_end(key)
            return entry[1]

    def put(self, key: Hashable, revision: int, value: Any, size: int) -> None:
        """Keep a value of some size, in the unit of the capacity."""
        with self.lock:
            if key in self.entries:
                self.used -= self.entries.pop(key)[2]
            self.entries[key] = (revision, value, size)
            self.used += size
            while self.used > self.capacity:
                self.used -= self.entries.popitem(last=False)[1][2]
