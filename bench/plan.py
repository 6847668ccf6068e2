"""How much is measured: everything in about 15 minutes, or enough for a look in about 2."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes in calls, times in seconds; a turn is one contestant's share of a round."""

    name: str
    sizes: tuple[int, ...]
    rounds: int
    warm_up_s: float
    turn_s: float
    # All five stacks, import, writing and reading while webhooks arrive.
    middle_size: int
    stack_turn_s: float
    import_size: int
    import_rounds: int
    fresh_repeats: int
    starts: int
    posts: int
    webhook_rounds: int
    webhook_turn_s: float
    transcript_size: int


FULL = Plan(
    name="full",
    sizes=(10_000, 100_000, 1_000_000),
    rounds=3,
    warm_up_s=0.05,
    turn_s=0.25,
    middle_size=100_000,
    stack_turn_s=0.8,
    import_size=100_000,
    import_rounds=3,
    fresh_repeats=10,
    starts=7,
    posts=1000,
    webhook_rounds=5,
    webhook_turn_s=2.0,
    transcript_size=100_000,
)
QUICK = Plan(
    name="quick",
    sizes=(10_000, 100_000),
    rounds=2,
    warm_up_s=0.03,
    turn_s=0.05,
    middle_size=100_000,
    stack_turn_s=0.15,
    import_size=10_000,
    import_rounds=1,
    fresh_repeats=3,
    starts=3,
    posts=200,
    webhook_rounds=2,
    webhook_turn_s=1.0,
    transcript_size=10_000,
)
