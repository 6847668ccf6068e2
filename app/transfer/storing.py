"""What import and pull share: short transactions, and a report of what could not be stored."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from app.models.engine import database

# Storing holds up no webhook for much longer: to commit takes as long again, and more on a busy
# machine. After each transaction those that wait for the lock get it.
TRANSACTION_S = 0.06
MAX_REASONS = 100

Row = TypeVar("Row")


@dataclass(slots=True)
class Report:
    """How many rows could not be stored, and of the first hundred the place and the reason."""

    bad: list[str] = field(default_factory=list)
    bad_count: int = 0

    def add_bad(self, place: str, reason: str) -> None:
        self.bad_count += 1
        if self.bad_count <= MAX_REASONS:
            self.bad.append(f"{place}: {reason}")


def in_short_transactions(rows: Iterator[Row], store: Callable[[Row], object]) -> Iterator[int]:
    """Store rows one by one; yields after each transaction how many it wrote."""
    row = next(rows, None)
    while row is not None:
        written = 0
        with database.write():
            ends_at = time.monotonic() + TRANSACTION_S
            while row is not None and time.monotonic() < ends_at:
                store(row)
                written += 1
                row = next(rows, None)
        yield written
        database.give_way()
