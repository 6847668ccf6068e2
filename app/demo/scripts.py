"""Reads the written scripts into templates and fills their blanks."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from app.demo import english_office, english_visits, russian, spanish
from app.demo.slots import Bank, Slots
from app.demo.talk import TALKS

TEXTS = {
    "english": english_visits.SCRIPTS + english_office.SCRIPTS,
    "spanish": spanish.SCRIPTS,
    "russian": russian.SCRIPTS,
}
# Slots that must agree with each other are drawn together, as one group.
GROUPS = {
    "day": "days",
    "other_day": "days",
    "on_day": "days",
    "on_day_cap": "days",
    "on_other_day": "days",
    "from_day": "days",
    "date": "dates",
    "other_date": "dates",
    "on_date": "dates",
    "on_date_cap": "dates",
    "from_date": "dates",
    "past_date": "past",
    "last_month": "months",
    "next_month": "months",
    "time": "times",
    "other_time": "times",
    "left": "plans",
    "plan": "plans",
    "n": "series",
    "n_sessions": "series",
    "clinician_cap": "clinician",
}
CALLER_SLOTS = {"caller", "patient", "born", "a", "sya"}
BLANK = re.compile(r"\{(\w+)\}")

Groups = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation: what the summary says, what was said, and how it ended."""

    category: str
    outcome: str
    by_office: bool
    sessions: int | None
    summary: str
    groups: Groups
    # What may follow the summary, the empty text among it.
    tails: tuple[str, ...]
    words: str
    answer: str
    spoken_groups: Groups
    for_parents: bool


Shelves = dict[str, list[Script]]


@dataclass(slots=True)
class Book:
    """The scripts of one language; a shelf is a category, or a kind of call with its own."""

    adults: Shelves
    parents: Shelves


def groups_in(text: str) -> Groups:
    names = (name for name in BLANK.findall(text) if not is_callers(name))
    return tuple(dict.fromkeys(GROUPS.get(name, name) for name in names))


def is_callers(name: str) -> bool:
    return name in CALLER_SLOTS or name.startswith("my")


def tails_of(heading: list[str], language: str) -> tuple[str, ...]:
    """Every second or third summary of a patient's own call ends with one sentence more."""
    category, outcome, *rest = heading
    if rest or category == "miscellaneous":
        return ("",)
    tails = tuple(f" {tail}" for tail in TALKS[language].tails[outcome])
    return tails * 2 + ("",) * (3 * len(tails))


def read_script(heading: list[str], paragraph: str, language: str) -> Script:
    parts = {">": "", "<": ""}
    for mark, text in re.findall(r"^([<>]) (.*)$", paragraph, re.MULTILINE):
        parts[mark] = text
    summary = " ".join(line for line in paragraph.splitlines() if line[0] not in "<>")
    groups = groups_in(summary)
    spoken = tuple(name for name in groups_in(parts[">"] + parts["<"]) if name not in groups)
    category, outcome, *rest = heading
    return Script(
        category=category,
        outcome=outcome,
        by_office="office" in rest,
        # A series has as many as its blank says.
        sessions={"booked": 1, "series": None}.get(outcome, 0),
        summary=summary,
        groups=groups,
        tails=tails_of(heading, language),
        words=parts[">"],
        answer=parts["<"],
        spoken_groups=spoken,
        # A parent can only say what was written with "my child's" in mind.
        for_parents="{my" in parts[">"] or "office" in rest,
    )


def shelf_of(script: Script, heading: list[str]) -> str:
    for kind in ("outbound", "voicemail"):
        if kind in heading:
            return kind
    if script.category == "new_appointment":
        return "newcomer" if script.outcome in ("booked", "series") else "prospect"
    return script.category


@cache
def read_book(language: str) -> Book:
    book, heading = Book(defaultdict(list), defaultdict(list)), [""]
    for paragraph in TEXTS[language].strip().split("\n\n"):
        if paragraph.startswith("= "):
            heading = paragraph.split()[1:]
            continue
        script = read_script(heading, paragraph, language)
        shelf = shelf_of(script, heading)
        book.adults[shelf].append(script)
        if script.for_parents or shelf in ("outbound", "voicemail"):
            book.parents[shelf].append(script)
    return book


def fill(text: str, groups: Groups, bank: Bank, values: Slots, random: Callable[[], float]) -> str:
    """Draws the groups into values and gives the text with its blanks filled."""
    for group in groups:
        options = bank[group]
        values.update(options[int(random() * len(options))])
    return text.format_map(values)
