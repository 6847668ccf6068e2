"""How much is measured: everything in about 15 minutes, or enough for a look in about 3."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes in calls, times in seconds; a turn is one contestant's share of a round."""

    name: str
    sizes: tuple[int, ...]
    # Where the limit and all stacks are asked, and where calls are written.
    middle_size: int
    transcript_size: int
    rounds: int
    turn_s: float
    stack_turn_s: float
    import_rounds: Mapping[int, int]  # by size
    fresh_repeats: int
    starts: int
    posts: int
    webhook_rounds: int
    webhook_turn_s: float

    def within(self, sizes: tuple[int, ...]) -> "Plan":
        """Give the plan for sizes of one's own; nothing is measured at a larger one."""
        most = max(sizes)
        return replace(
            self,
            sizes=sizes,
            middle_size=min(self.middle_size, most),
            transcript_size=min(self.transcript_size, most),
            import_rounds={min(size, most): rounds for size, rounds in self.import_rounds.items()},
        )


FULL = Plan(
    name="full",
    sizes=(10_000, 100_000, 1_000_000),
    middle_size=100_000,
    transcript_size=100_000,
    rounds=5,
    turn_s=0.2,
    stack_turn_s=0.5,
    import_rounds={100_000: 3, 1_000_000: 1},
    fresh_repeats=10,
    starts=7,
    posts=1000,
    webhook_rounds=5,
    webhook_turn_s=2.0,
)
QUICK = Plan(
    name="quick",
    sizes=(10_000, 100_000),
    middle_size=100_000,
    transcript_size=10_000,
    rounds=2,
    turn_s=0.05,
    stack_turn_s=0.15,
    import_rounds={100_000: 1},
    fresh_repeats=3,
    starts=3,
    posts=200,
    webhook_rounds=2,
    webhook_turn_s=1.0,
)
