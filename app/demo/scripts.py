"""Reads the written calls into scripts, and shelves them by what they are about."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import NamedTuple

from app.demo.chance import Draw
from app.demo.dates import dates_of
from app.demo.people import caller_blanks
from app.demo.texts import BLANK, Line, Section, TextError, join, lines, marked, read
from app.demo.words import Bank, Values, words_of

# How many in a hundred callers ask about it.
CATEGORIES = {
    "existing_appointment": 18,
    "rescheduling": 15,
    "new_appointment": 14,
    "appointment_inquiry": 13,
    "billing": 11,
    "cancellation": 9,
    "client_support": 7,
    "miscellaneous": 7,
    "authorization": 6,
}
INQUIRIES = {"appointment_inquiry", "new_appointment"}
# How many sessions such a call books; None: as many as {count} says.
SESSIONS = {"settled": 0, "booked": 1, "series": None, "open": 0}
# What only makes sense in opening hours; a call by somebody else for the patient; calls by us.
FLAGS = {"today", "office", "outbound", "voicemail"}
# The shortest such call and the room above it, in milliseconds.
LENGTHS = {
    "voicemail": (16_000, 26_000),
    "miscellaneous": (9_000, 70_000),
    "settled": (40_000, 200_000),
    "booked": (85_000, 300_000),
    "series": (140_000, 480_000),
    "open": (55_000, 280_000),
}
# The words that the caller brings along: nothing is drawn for them.
CALLER = "caller"
ANY_DAY = date(2026, 1, 1)

Groups = tuple[str, ...]
Shelves = dict[str, list["Script"]]


class Template(NamedTuple):
    """A text with blanks, and the groups of words to draw for them."""

    text: str
    groups: Groups = ()

    def fill(self, bank: Bank, values: Values, draw: Draw) -> str:
        """Draw the groups into values and give the text with its blanks filled."""
        for group in self.groups:
            options = bank[group]
            values.update(options[int(draw() * len(options))])
        return values.fill(self.text)


NOTHING = Template("")


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation: what the summary says, what was said, what the staff noted later."""

    category: str | None = None
    outcome: str = ""
    flags: frozenset[str] = frozenset()
    length: tuple[int, int] = (2_000, 16_000)
    # What may follow the summary, the empty text among it.
    tails: tuple[str, ...] = ("",)
    summary: Template = NOTHING
    words: Template = NOTHING
    answer: str = ""
    waiting: tuple[Template, ...] = ()
    settled: tuple[Template, ...] = ()

    def shelf(self) -> str:
        """Give the category, or the kind of call or caller with scripts of its own."""
        for kind in ("outbound", "voicemail"):
            if kind in self.flags:
                return kind
        if self.category == "new_appointment":
            return "newcomer" if self.outcome in ("booked", "series") else "prospect"
        return self.category or ""

    def fits_parents(self) -> bool:
        """A parent can only say what was written with "my child's" in mind."""
        others_speak = self.flags & {"office", "outbound", "voicemail"}
        return bool(others_speak) or "{my" in self.words.text.lower()

    def identifies(self) -> bool:
        """Who only asks a general question is not asked for a name."""
        if self.category == "miscellaneous" or "office" in self.flags:
            return False
        return self.category not in INQUIRIES or "{caller}" in self.summary.text


@cache
def silence() -> Script:
    """What stands for a conversation where nobody said anything."""
    waiting, settled = (lines("staff", f"nobody spoke, {when}") for when in ("open", "settled"))
    return Script(waiting=tuple(map(Template, waiting)), settled=tuple(map(Template, settled)))


@cache
def scripts_of(language: str, child: bool = False) -> Shelves:
    shelves: Shelves = defaultdict(list)
    for section in read(f"{language}_calls").values():
        about = read_heading(section, language)
        for paragraph in section.paragraphs():
            script = read_script(about, paragraph, language)
            if not child or script.fits_parents():
                shelves[script.shelf()].append(script)
    return shelves


def read_heading(section: Section, language: str) -> Script:
    category, *more = section.heading.replace(" ", "_").split(",_")
    outcome, flags = more[0] if more else "", more[1:]
    if category not in CATEGORIES or outcome not in SESSIONS or not FLAGS.issuperset(flags):
        raise TextError(f"{section.where}: is no heading that calls can stand below")
    return Script(
        category,
        outcome,
        frozenset(flags),
        next(LENGTHS[word] for word in (*flags, category, outcome) if word in LENGTHS),
        ("",) if flags else tails_of(category, outcome, language),
    )


def tails_of(category: str, outcome: str, language: str) -> tuple[str, ...]:
    """Two in five summaries of a patient's own call end with one sentence more."""
    if category == "miscellaneous":
        return ("",)
    asked = outcome == "settled" and category in INQUIRIES
    tails = lines(f"{language}_talk", f"end of summary, {'asked' if asked else outcome}")
    return tuple(f" {tail}" for tail in tails) * 2 + ("",) * (3 * len(tails))


def read_script(about: Script, paragraph: list[Line], language: str) -> Script:
    said = marked(paragraph)
    first, answer = said[">"], said["<"]
    if not said[""] or not first or bool(said["?"]) != bool(said["!"]):
        raise TextError(f"{paragraph[0].where}: needs a summary and >, and either ? and ! or none")
    summary = Template(join(said[""]), groups_in(said[""], language))
    known = (CALLER, *summary.groups)
    waiting, settled = (
        tuple(Template(line.text, groups_in([line], language, known)) for line in said[mark])
        for mark in "?!"
    )
    return replace(
        about,
        summary=summary,
        words=Template(join(first), groups_in(first + answer, language, known)),
        answer=join(answer),
        waiting=waiting,
        settled=settled,
    )


@cache
def filled_by(language: str) -> dict[str, str]:
    """Give the group to draw for each blank."""
    bank = words_of(language, child=False) | dates_of(language, ANY_DAY)
    drawn = {blank: group for group, options in bank.items() for blank in options[0]}
    return drawn | dict.fromkeys(caller_blanks(language), CALLER)


def groups_in(said: list[Line], language: str, known: Groups = (CALLER,)) -> Groups:
    """Give the groups to draw for the blanks, without those that are known already."""
    groups = {}
    for line in said:
        for blank in BLANK.findall(line.text):
            group = filled_by(language).get(blank.lower())
            if not group:
                raise TextError(f"{line.where}: nothing fills the blank {{{blank}}}")
            groups[group] = True
    return tuple(group for group in groups if group not in known)
