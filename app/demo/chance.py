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


def uuid4_text(draw: Draw) -> str:
    high, low = int(draw() * 2**48), int(draw() * 2**48)
    version, variant = int(draw() * 0x1000), 0x8000 + int(draw() * 0x4000)
    return f"{high >> 16:08x}-{high & 0xFFFF:04x}-4{version:03x}-{variant:04x}-{low:012x}"


def uuid7_text(instant_ms: int, draw: Draw) -> str:
    low, version, variant = int(draw() * 2**48), int(draw() * 0x1000), int(draw() * 0x4000)
    return (
        f"{instant_ms >> 16:08x}-{instant_ms & 0xFFFF:04x}"
        f"-7{version:03x}-{0x8000 + variant:04x}-{low:012x}"
    )


def hex_text(draw: Draw) -> str:
    return f"{int(draw() * 2**52):013x}{int(draw() * 2**52):013x}"
