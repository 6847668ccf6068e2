"""Draws that depend on the seed alone: choices and identifiers."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

# Python promises the same sequence in every version for random() alone, not for choice().
Draw = Callable[[], float]


def seeded(seed: int, purpose: str) -> Random:
    """A source of its own for each purpose, so that one does not shift another's draws."""
    return Random(f"{seed}:{purpose}")  # noqa: S311


def pick(options: Sequence[T], draw: Draw) -> T:
    return options[int(draw() * len(options))]


def deck(weights: dict[T, int]) -> list[T]:
    """Each key as often as its weight says: a uniform pick from it is a weighted one."""
    return [key for key, weight in weights.items() for _ in range(weight)]


def hex13(draw: Draw) -> str:
    """As many digits as random() is sure to have."""
    return f"{int(draw() * 2**52):013x}"


def uuid4_text(draw: Draw) -> str:
    one, two, six = hex13(draw), hex13(draw), hex13(draw)
    return f"{one[:8]}-{one[8:12]}-4{two[:3]}-a{two[3:6]}-{six[:12]}"


def uuid7_text(instant_ms: int, draw: Draw) -> str:
    at, one, two = f"{instant_ms:012x}", hex13(draw), hex13(draw)
    return f"{at[:8]}-{at[8:]}-7{one[:3]}-a{one[3:6]}-{two[:12]}"


def retell_call_id(draw: Draw) -> str:
    return f"call_{hex13(draw)}{hex13(draw)}"
