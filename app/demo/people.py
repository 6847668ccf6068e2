"""Who calls: the clinic's patients in their families, and the strangers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from app.demo.chance import Draw, deck, pick, seeded, uuid4_text
from app.demo.dates import spell
from app.demo.names import Name, Origin, family_name, origins
from app.demo.texts import lines, read, section_of
from app.demo.words import Words

FAMILY_SIZES = deck({1: 20, 2: 3, 3: 1, 4: 1})
NUMBERS_AN_AREA = 100  # 555-0100 to 555-0199 are set aside for fiction.
CALLS_OFTEN = (1, 1, 1, 2, 2, 3, 4)
TREATMENT_DAYS = range(20, 140)
# Treatments that began before the first day of calls still bring calls.
EARLIER_DAYS = 70


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody who calls, with the words that name them in each language they speak."""

    first_name: str
    last_name: str
    born: date
    child: bool
    number: str
    language: str
    words: dict[str, Words]
    # What follows is known of patients only.
    patient_id: str | None = None
    shares_number: bool = False
    # In days before today: the first and the last day of treatment.
    first_age: int = 0
    last_age: int = 0
    calls_often: int = 1


@dataclass(frozen=True, slots=True)
class Family:
    """What its members share."""

    origin: Origin
    surname: Name
    number: str
    size: int


@dataclass(frozen=True, slots=True)
class Town:
    """Everybody who may call the clinic."""

    patients: list[Person]
    strangers: list[Person]


def build_town(patients: int, days: int, today: date, seed: int) -> Town:
    source = seeded(seed, "people")
    draw = source.random
    areas = " ".join(lines("area_codes", "area codes")).split()
    numbers = [f"+1{area}55501{at:02d}" for area in areas for at in range(NUMBERS_AN_AREA)]
    near = numbers[: max(6, patients // 70) * NUMBERS_AN_AREA]
    near.sort(key=lambda _: draw())
    known: list[Person] = []
    for family in families(patients, near, draw):
        known += members(family, days, today, source)
    taken = {person.number for person in known}
    free = [number for number in numbers if number not in taken] or numbers
    return Town(known, [stranger(free, today, draw) for _ in range(500 + patients // 2)])


def families(patients: int, numbers: list[str], draw: Draw) -> Iterator[Family]:
    at = 0
    while patients > 0:
        size = min(pick(FAMILY_SIZES, draw), patients)
        origin = pick(origins(), draw)
        yield Family(origin, pick(origin.families, draw), numbers[at % len(numbers)], size)
        patients, at = patients - size, at + 1


def members(family: Family, days: int, today: date, source: Random) -> Iterator[Person]:
    draw, first_names = source.random, set[str]()
    for at in range(family.size):
        child = at > 1 or (at == 1 and draw() < 0.4)
        surname = family.surname if draw() < 0.9 else pick(family.origin.families, draw)
        person = new_person(replace(family, surname=surname), first_names, child, today, draw)
        first_names.add(person.first_name)
        first_age = int(draw() * (days + EARLIER_DAYS))
        yield replace(
            person,
            patient_id=uuid4_text(source.getrandbits),
            shares_number=family.size > 1,
            first_age=first_age,
            last_age=first_age - pick(TREATMENT_DAYS, draw),
            calls_often=pick(CALLS_OFTEN, draw),
        )


def stranger(numbers: list[str], today: date, draw: Draw) -> Person:
    origin = pick(origins(), draw)
    # The product favours the front of the list, where the neighbourhood is.
    number = numbers[int(draw() * draw() * len(numbers))]
    family = Family(origin, pick(origin.families, draw), number, 1)
    return new_person(family, set(), False, today, draw)


def new_person(family: Family, but_not: set[str], child: bool, today: date, draw: Draw) -> Person:
    origin = family.origin
    woman, parent_is_woman = draw() < 0.56, draw() < 0.6
    names = origin.women if woman else origin.men
    first = pick([name for name in names if name.latin not in but_not], draw)
    last = family_name(family.surname, woman, origin.language)
    years = draw() * 10 + 8 if child else (draw() + draw()) * 36 + 19
    born = today - timedelta(days=int(years * 365.2425))
    language = origin.language if draw() < 0.7 else "english"
    caller = role_of(woman, child, parent_is_woman)
    words = {"english": caller_words("english", caller, f"{first.latin} {last.latin}", born)}
    if language != "english":
        name = f"{first.native} {last.native}"
        words[language] = caller_words(language, caller, name, born)
    return Person(first.latin, last.latin, born, child, family.number, language, words)


def role_of(woman: bool, child: bool, parent_is_woman: bool) -> str:
    """Children do not call themselves."""
    if not child:
        return "woman" if woman else "man"
    return f"{'mother' if parent_is_woman else 'father'} of a {'girl' if woman else 'boy'}"


def caller_words(language: str, role: str, name: str, born: date) -> Words:
    words = {blank: text.replace("{name}", name) for blank, text in forms(language, role).items()}
    return words | spell(language, "born", born)


@cache
def forms(language: str, role: str) -> Words:
    """Give what fills the blanks that depend on the caller."""
    return dict(line.cells(2) for line in section_of(f"{language}_callers", role).filled())


def caller_blanks(language: str) -> set[str]:
    return {"born"}.union(*(forms(language, role) for role in read(f"{language}_callers")))
