"""Reads the written scripts into templates and fills their blanks."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache

from app.demo import english_office, english_visits, russian, spanish
from app.demo.chance import Draw
from app.demo.slots import Bank, Slots
from app.demo.talk import TALKS

TEXTS = {
    "english": english_visits.SCRIPTS + english_office.SCRIPTS,
    "spanish": spanish.SCRIPTS,
    "russian": russian.SCRIPTS,
}
# Slots that must agree with each other are drawn together; any other is a group by itself.
GROUPED = {
    "days": "day other_day both_days on_day on_day_cap on_other_day from_day",
    "dates": "date other_date on_date on_date_cap on_other_date from_date",
    "past": "past_date",
    "months": "last_month next_month",
    "times": "time time_end other_time other_time_end",
    "plans": "left plan",
    "series": "n n_sessions",
    "clinician": "clinician clinician_cap",
}
GROUPS = {slot: group for group, slots in GROUPED.items() for slot in slots.split()}
CALLER_SLOTS = {"caller", "patient", "born", "a", "sya"}
BLANK = re.compile(r"\{(\w+)\}")
TIME_AT_END = re.compile(r"\{(other_)?time\}\.")
INQUIRIES = {"appointment_inquiry", "new_appointment"}

Groups = tuple[str, ...]
Note = tuple[str, Groups]
# The shortest such call and the room above it, in milliseconds.
Length = tuple[int, int]
LENGTHS: dict[str, Length] = {
    "voicemail": (16_000, 26_000),
    "miscellaneous": (9_000, 70_000),
    "settled": (40_000, 200_000),
    "booked": (85_000, 300_000),
    "series": (140_000, 480_000),
    "open": (55_000, 280_000),
}


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation: what the summary says, what was said, what the staff noted later.

    In the texts a line with `>` is what is said first, `<` the answer to it, `?` a note while the
    matter is open, `!` one once it is settled. The headings name category and outcome, and:
    `today` (only makes sense in opening hours), `office` (somebody else called for the patient),
    `outbound`, `voicemail`.
    """

    category: str | None
    outcome: str | None
    flags: frozenset[str]
    # None: as many as the blank n says.
    sessions: int | None
    summary: str
    groups: Groups
    length: Length
    # What may follow the summary, the empty text among it.
    tails: tuple[str, ...] = ("",)
    words: str = ""
    answer: str = ""
    spoken_groups: Groups = ()
    waiting: tuple[Note, ...] = ()
    settled: tuple[Note, ...] = ()


SILENCE = Script(
    None,
    None,
    frozenset(),
    None,
    "",
    (),
    (2_000, 16_000),
    waiting=(
        ("Nobody picked up. Try again tomorrow before 10.", ()),
        ("Line busy twice. Sent a text instead.", ()),
    ),
    settled=(
        ("Called back, nothing needed.", ()),
        ("Reached on the second try, all fine.", ()),
    ),
)


Shelves = dict[str, list[Script]]


@dataclass(slots=True)
class Book:
    """The scripts of one language; a shelf is a category, or a kind of call with its own."""

    adults: Shelves
    parents: Shelves


def groups_in(text: str, known: Groups = ()) -> Groups:
    """Give the groups to draw for the blanks, without those that are known already."""
    names = (name for name in BLANK.findall(text) if not is_callers(name))
    groups = dict.fromkeys(GROUPS.get(name, name) for name in names)
    return tuple(group for group in groups if group not in known)


def is_callers(name: str) -> bool:
    return name in CALLER_SLOTS or name.startswith("my")


def tails_of(script: Script, language: str) -> tuple[str, ...]:
    """Two in five summaries of a patient's own call end with one sentence more."""
    if script.flags or script.category == "miscellaneous":
        return ("",)
    asked = script.outcome == "settled" and script.category in INQUIRIES
    tails = TALKS[language].tails["asked" if asked else script.outcome or ""]
    return tuple(f" {tail}" for tail in tails) * 2 + ("",) * (3 * len(tails))


def read_script(heading: list[str], paragraph: str, language: str) -> Script:
    lines: dict[str, list[str]] = defaultdict(list)
    for line in TIME_AT_END.sub(r"{\1time_end}", paragraph).splitlines():
        mark = line[0] if line[0] in "><?!" else ""
        lines[mark].append(line[2:] if mark else line)
    summary, words, answer = (" ".join(lines[mark]) for mark in ("", ">", "<"))
    groups = groups_in(summary)
    category, outcome, *flags = heading
    script = Script(
        category,
        outcome,
        frozenset(flags),
        sessions={"booked": 1, "series": None}.get(outcome, 0),
        summary=summary,
        groups=groups,
        length=next(LENGTHS[key] for key in (*flags, category, outcome) if key in LENGTHS),
        words=words,
        answer=answer,
        spoken_groups=groups_in(words + answer, known=groups),
        waiting=tuple((note, groups_in(note, known=groups)) for note in lines["?"]),
        settled=tuple((note, groups_in(note, known=groups)) for note in lines["!"]),
    )
    return replace(script, tails=tails_of(script, language))


def fits_parents(script: Script) -> bool:
    """A parent can only say what was written with "my child's" in mind."""
    others_speak = script.flags & {"office", "outbound", "voicemail"}
    return bool(others_speak) or "{my" in script.words


def identifies(script: Script) -> bool:
    """Who only asks a general question is not asked for a name."""
    if script.category == "miscellaneous" or "office" in script.flags:
        return False
    return script.category not in INQUIRIES or "{caller}" in script.summary


def shelf_of(script: Script) -> str:
    for kind in ("outbound", "voicemail"):
        if kind in script.flags:
            return kind
    if script.category == "new_appointment":
        return "newcomer" if script.outcome in ("booked", "series") else "prospect"
    return script.category or ""


@cache
def read_book(language: str) -> Book:
    book, heading = Book(defaultdict(list), defaultdict(list)), [""]
    for paragraph in TEXTS[language].strip().split("\n\n"):
        if paragraph.startswith("= "):
            heading = paragraph.split()[1:]
            continue
        script = read_script(heading, paragraph, language)
        book.adults[shelf_of(script)].append(script)
        if fits_parents(script):
            book.parents[shelf_of(script)].append(script)
    return book


def fill(text: str, groups: Groups, bank: Bank, values: Slots, draw: Draw) -> str:
    """Draws the groups into values and gives the text with its blanks filled."""
    for group in groups:
        options = bank[group]
        values.update(options[int(draw() * len(options))])
    return text.format_map(values)
