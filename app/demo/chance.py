"""Draws that depend on the seed alone: choices and identifiers."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

# Random's own output, the same in every version of Python; choice() and its like have changed.
Draw = Callable[[], float]
Bits = Callable[[int], int]


def seeded(seed: int, purpose: str) -> Random:
    """A source of its own for each purpose, so that one does not shift another's draws."""
    return Random(f"{seed}:{purpose}")  # noqa: S311


def pick(options: Sequence[T], draw: Draw) -> T:
    return options[int(draw() * len(options))]


def deck(weights: dict[T, int]) -> list[T]:
    """Each key as often as its weight says: a uniform pick from it is a weighted one."""
    return [key for key, weight in weights.items() for _ in range(weight)]


def uuid4_text(bits: Bits) -> str:
    digits = bits(120).to_bytes(15).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-a{digits[15:18]}-{digits[18:]}"


def uuid7_text(instant_ms: int, bits: Bits) -> str:
    at, digits = instant_ms.to_bytes(6).hex(), bits(72).to_bytes(9).hex()
    return f"{at[:8]}-{at[8:]}-7{digits[:3]}-a{digits[3:6]}-{digits[6:]}"


def retell_call_id(bits: Bits) -> str:
    return f"call_{bits(112).to_bytes(14).hex()}"
