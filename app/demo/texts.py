"""Reads the demo's text files; their format stands in texts/README.md."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "texts"
BLANK = re.compile(r"\{(\w+)\}")
HEADING = re.compile(r"\[(.+)\]")


class TextError(ValueError):
    """Says what is wrong in which line of which file."""


class Line(NamedTuple):
    """One line and the file and number where it stands."""

    text: str
    where: str

    def cells(self, count: int) -> list[str]:
        """Give the texts between the bars."""
        cells = [cell.strip() for cell in self.text.split("|")]
        if len(cells) != count:
            raise TextError(f"{self.where}: {count} texts are needed, with | between them")
        return cells


class Section(NamedTuple):
    """A heading, with the lines below it."""

    heading: str
    where: str
    lines: list[Line]

    def paragraphs(self) -> list[list[Line]]:
        parts = groupby(self.lines, key=lambda line: bool(line.text))
        return [list(lines) for filled, lines in parts if filled]

    def filled(self) -> list[Line]:
        return [line for line in self.lines if line.text]

    def rows(self) -> list[dict[str, str]]:
        """Give the lines as a table whose columns the heading names."""
        columns = self.heading.split(", ")[0].split(" | ")
        rows = (line.cells(len(columns)) for line in self.filled())
        return [dict(zip(columns, cells, strict=True)) for cells in rows]


@cache
def read(file: str) -> dict[str, Section]:
    """Give the sections by their headings, a table by the name of its first column."""
    sections: dict[str, Section] = {}
    section = None
    for line in lines_of(file):
        if line.text.startswith("["):
            section = begin(line)
            name = section.heading.partition(" | ")[0]
            if name in sections:
                raise TextError(f"{line.where}: [{name}] stands here for the second time")
            sections[name] = section
        elif section:
            section.lines.append(line)
        elif line.text:
            raise TextError(f"{line.where}: a heading in [brackets] must come first")
    for section in sections.values():
        if not section.filled():
            raise TextError(f"{section.where}: nothing stands below the heading")
    return sections


def begin(line: Line) -> Section:
    heading = HEADING.fullmatch(line.text)
    if not heading:
        raise TextError(f"{line.where}: the heading's closing bracket is missing")
    return Section(heading[1], line.where, [])


def lines_of(file: str) -> Iterator[Line]:
    for number, line in enumerate((FOLDER / f"{file}.txt").read_bytes().splitlines(), 1):
        where = f"{file}.txt, line {number}"
        try:
            # Some editors put a mark in front that says that the file is UTF-8.
            text = line.decode("utf-8-sig").strip()
        except UnicodeDecodeError:
            raise TextError(f"{where}: is not saved as UTF-8") from None
        if text.startswith("#"):
            continue
        if set("{}") & set(BLANK.sub("", text)):
            raise TextError(f"{where}: a blank is one word in braces, {{like_this}}")
        yield Line(text, where)


def section_of(file: str, heading: str, least: int = 1) -> Section:
    section = read(file).get(heading)
    if not section:
        raise TextError(f"{file}.txt: [{heading}] is missing")
    if len(section.filled()) < least:
        raise TextError(f"{section.where}: at least {least} lines are needed below the heading")
    return section


@cache
def table(file: str, heading: str, least: int = 1) -> list[dict[str, str]]:
    return section_of(file, heading, least).rows()


@cache
def lines(file: str, heading: str, least: int = 1) -> list[str]:
    return [line.text for line in section_of(file, heading, least).filled()]


def marked(paragraph: list[Line]) -> dict[str, list[Line]]:
    """Sort the lines by the mark that they begin with, `>`, `<`, `?`, `!` or none."""
    found: dict[str, list[Line]] = {mark: [] for mark in ("", ">", "<", "?", "!")}
    for line in paragraph:
        mark = line.text[0] if line.text[0] in found else ""
        found[mark].append(Line(line.text[len(mark) :].strip(), line.where))
    return found


def join(lines: list[Line]) -> str:
    return " ".join(line.text for line in lines)
