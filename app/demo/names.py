"""The names that patients and strangers bear, by origin."""

import re
from functools import cache
from typing import NamedTuple

from app.demo.texts import Line, Section, TextError, read

HEADING = re.compile(r".+, (\d+), (english|spanish|russian)")


class Name(NamedTuple):
    """A name as the clinic files it, and as those who bear it write it."""

    latin: str
    native: str


class Origin(NamedTuple):
    """Where a name comes from; out of a hundred families or so, `weight` do."""

    weight: int
    language: str
    women: list[Name]
    men: list[Name]
    families: list[Name]


@cache
def origins() -> list[Origin]:
    """Each as often as its weight says."""
    found = [read_origin(section) for section in read("names").values()]
    return [origin for origin in found for _ in range(origin.weight)]


def read_origin(section: Section) -> Origin:
    heading, paragraphs = HEADING.fullmatch(section.heading), section.paragraphs()
    if not heading or len(paragraphs) != 3:
        raise TextError(
            f"{section.where}: needed are a heading like [Irish, 7, english] and three paragraphs, "
            "women, men and families"
        )
    weight, language = heading.groups()
    women, men, families = (read_names(lines, language) for lines in paragraphs)
    return Origin(int(weight), language, women, men, families)


def read_names(lines: list[Line], language: str) -> list[Name]:
    spellings = [line.cells(2 if language == "russian" else 1) for line in lines]
    return [Name(cells[0], cells[-1]) for cells in spellings]


def family_name(man: Name, woman: bool, language: str) -> Name:
    """A Russian woman's ends in -a, unless it is Ukrainian by origin."""
    if language == "russian" and woman and not man.native.endswith("о"):
        return Name(f"{man.latin}a", f"{man.native}а")
    return man
