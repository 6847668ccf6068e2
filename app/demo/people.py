"""Who calls: the clinic's patients in their families, and the strangers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from app.demo.chance import Draw, deck, pick, seeded, uuid4_text
from app.demo.dates import spell_birthday
from app.demo.names import AREA_CODES, ORIGINS, Origin
from app.demo.slots import Slots

ORIGIN_DECK = [origin for origin in ORIGINS for _ in range(origin.weight)]
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
    slots: dict[str, Slots]
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
    surname: str
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
    numbers = [f"+1{area}55501{at:02d}" for area in AREA_CODES for at in range(NUMBERS_AN_AREA)]
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
        origin = pick(ORIGIN_DECK, draw)
        yield Family(origin, pick(origin.families, draw), numbers[at % len(numbers)], size)
        patients, at = patients - size, at + 1


def members(family: Family, days: int, today: date, source: Random) -> Iterator[Person]:
    draw, first_names = source.random, set[str]()
    for at in range(family.size):
        child = at > 1 or (at == 1 and draw() < 0.4)
        surname = family.surname if draw() < 0.9 else pick(family.origin.families, draw)
        person = new_person(family.origin, surname, first_names, child, family.number, today, draw)
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
    origin = pick(ORIGIN_DECK, draw)
    # The product favours the front of the list, where the neighbourhood is.
    number = numbers[int(draw() * draw() * len(numbers))]
    return new_person(origin, pick(origin.families, draw), set(), False, number, today, draw)


def new_person(
    origin: Origin,
    surname: str,
    but_not: set[str],
    child: bool,
    number: str,
    today: date,
    draw: Draw,
) -> Person:
    woman, parent_is_woman = draw() < 0.56, draw() < 0.6
    names = origin.women if woman else origin.men
    first = pick([name for name in names if name.split("/")[0] not in but_not], draw)
    latin, _, cyrillic = zip(first.partition("/"), family_name(surname, woman), strict=True)
    years = draw() * 10 + 8 if child else (draw() + draw()) * 36 + 19
    born = today - timedelta(days=int(years * 365.2425))
    slots = {"english": english_slots(" ".join(latin), woman, child, parent_is_woman)}
    language = origin.language if draw() < 0.7 else "english"
    if language == "spanish":
        slots[language] = spanish_slots(" ".join(latin), woman, child, parent_is_woman)
    if language == "russian":
        slots[language] = russian_slots(" ".join(cyrillic), woman, child, parent_is_woman)
    for spoken, words in slots.items():
        words["born"] = spell_birthday(spoken, born)
    return Person(*latin, born, child, number, language, slots)


def family_name(surname: str, woman: bool) -> tuple[str, str, str]:
    latin, slash, cyrillic = surname.partition("/")
    if woman and cyrillic and not cyrillic.endswith("о"):
        return f"{latin}a", slash, f"{cyrillic}а"
    return latin, slash, cyrillic


def english_slots(name: str, woman: bool, child: bool, mother: bool) -> Slots:
    if not child:
        return {"caller": name, "patient": name, "my": "my", "my_cap": "My"}
    whose = "daughter's" if woman else "son's"
    caller = f"{name}'s {'mother' if mother else 'father'}"
    return {"caller": caller, "patient": name, "my": f"my {whose}", "my_cap": f"My {whose}"}


def spanish_slots(name: str, woman: bool, child: bool, mother: bool) -> Slots:
    if not child:
        return {
            "caller": name,
            "patient": name,
            "my_visit": "mi cita",
            "my_therapy": "mi terapia",
        }
    whose = "de mi hija" if woman else "de mi hijo"
    return {
        "caller": f"{'La madre' if mother else 'El padre'} de {name}",
        "patient": name,
        "my_visit": f"la cita {whose}",
        "my_therapy": f"la terapia {whose}",
    }


def russian_slots(name: str, woman: bool, child: bool, mother: bool) -> Slots:
    caller_is_woman = mother if child else woman
    endings: Slots = {"a": "а", "sya": "ась"} if caller_is_woman else {"a": "", "sya": "ся"}
    if not child:
        return endings | {
            "caller": name,
            "patient": name,
            "my_visit": "мой приём",
            "my_visit_cap": "Мой приём",
            "my_course": "мой курс",
            "my_signup": "записаться",
        }
    whose, whom = ("дочери", "дочь") if woman else ("сына", "сына")
    return endings | {
        "caller": f"{'Мама' if mother else 'Папа'} пациента ({name})",
        "patient": name,
        "my_visit": f"приём {whose}",
        "my_visit_cap": f"Приём {whose}",
        "my_course": f"курс {whose}",
        "my_signup": f"записать {whom}",
    }
