"""What import and pull share: a report of what could not be stored."""

from dataclasses import dataclass, field

MAX_REASONS = 100


@dataclass(slots=True)
class Report:
    """How many rows could not be stored, and of the first hundred the place and the reason."""

    bad: list[str] = field(default_factory=list)
    bad_count: int = 0

    def add_bad(self, place: str, reason: str) -> None:
        self.bad_count += 1
        if self.bad_count <= MAX_REASONS:
            self.bad.append(f"{place}: {reason}")
