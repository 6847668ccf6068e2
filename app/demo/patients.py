"""The tags and the patients as rows in the shape that the import takes."""

import unicodedata
from datetime import date
from typing import Any

from app.demo.chance import Draw, pick, seeded, uuid4_text
from app.demo.people import Person

# The share of patients who bear it; where None, it follows from what is known of them.
TAGS = {
    "VIP": 0.04,
    "post-op": 0.2,
    "Spanish speaker": None,
    "Russian speaker": None,
    "pediatric": None,
    "Medicare": None,
    "self-pay": 0.1,
    "workers' comp": None,
    "no-show risk": 0.08,
    "waitlist": 0.06,
    "telehealth": 0.1,
    "aquatic therapy": 0.07,
    "auto injury": 0.06,
    "school referral": None,
}
MAIL_DOMAINS = ("example.org", "mail.example", "post.example")
# Letters that do not decompose into a plain one and a mark.
PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae"})


def tag_rows(seed: int) -> list[dict[str, Any]]:
    bits = seeded(seed, "tags").getrandbits
    return [{"id": uuid4_text(bits), "name": name} for name in TAGS]


def patient_rows(
    people: list[Person], tags: list[dict[str, Any]], today: date, seed: int
) -> list[dict[str, Any]]:
    draw = seeded(seed, "patients").random
    return [patient_row(person, tags, today, draw) for person in people]


def patient_row(
    person: Person, tags: list[dict[str, Any]], today: date, draw: Draw
) -> dict[str, Any]:
    borne = tags_of(person, today, draw)
    return {
        "id": person.patient_id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "date_of_birth": person.born.isoformat(),
        "phone_number": person.number,
        "email": email(person, draw),
        "tags": [tag["id"] for tag in tags if tag["name"] in borne],
    }


def tags_of(person: Person, today: date, draw: Draw) -> set[str]:
    age = (today - person.born).days / 365.2425
    found = {name for name, share in TAGS.items() if share and draw() < share}
    if person.language != "english":
        found.add(f"{person.language.capitalize()} speaker")
    if person.child:
        found.add("pediatric")
        found |= {"school referral"} if draw() < 0.3 else set()
    elif age >= 65:
        found.add("Medicare")
    elif draw() < 0.1:
        found.add("workers' comp")
    return found


def email(person: Person, draw: Draw) -> str | None:
    if draw() < 0.2:
        return None
    plain = unicodedata.normalize(
        "NFKD", f"{person.first_name}.{person.last_name}".lower().translate(PLAIN)
    )
    name = "".join(sign for sign in plain if sign.isascii() and (sign.isalnum() or sign == "."))
    return f"{name}{person.born:%y}@{pick(MAIL_DOMAINS, draw)}"
