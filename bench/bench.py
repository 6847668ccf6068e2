"""What a section needs of the run that it is part of: the plan, the load generator, progress."""

import sys
import time
from dataclasses import dataclass, field

from bench.plan import Plan
from bench.turns import Generator


@dataclass(slots=True)
class Bench:
    """One run."""

    plan: Plan
    generator: Generator
    began: float = field(default_factory=time.monotonic)

    def say(self, what: str) -> None:
        """Tell whoever waits what is being done, with the seconds since the beginning."""
        print(f"{time.monotonic() - self.began:6.1f} s  {what}", file=sys.stderr)
