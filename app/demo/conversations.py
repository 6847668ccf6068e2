"""Who calls when, about what, and what the assistant writes down about it."""

from collections import deque
from typing import NamedTuple

from app.demo.chance import deck, pick, seeded
from app.demo.dates import dates_of
from app.demo.days import Day
from app.demo.people import Person, Town
from app.demo.scripts import CATEGORIES, SESSIONS, Script, scripts_of, silence
from app.demo.words import LANGUAGES, Bank, Values, words_of

KINDS = deck(
    {
        "inbound": 78,
        "web": 5,
        "outbound": 5,
        "voicemail": 3,
        "unreached": 3,
        "lost": 1,
        "hung_up": 5,
    }
)
CATEGORY_DECK = deck(CATEGORIES)
OUTBOUND = {"outbound", "voicemail", "unreached"}
SILENT = {"unreached", "lost", "hung_up"}


class Conversation(NamedTuple):
    """Who spoke with whom, by which script; without a summary where nobody said anything."""

    kind: str
    person: Person
    number: str | None
    script: Script
    summary: str | None
    language: str | None
    # What fills the blanks: drawn for the summary so far, and to draw from for the rest.
    values: Values
    bank: Bank

    def sessions(self) -> int | None:
        """Give how many it booked, which may have been drawn for the summary."""
        outcome = self.script.outcome
        return int(self.values["count"]) if outcome == "series" else SESSIONS.get(outcome)


class Reception:
    """Answers call after call; remembers who is in treatment and who called a moment ago."""

    def __init__(self, town: Town, seed: int) -> None:
        self.draw = seeded(seed, "conversations").random
        self.strangers = town.strangers
        self.waiting = deque(sorted(town.patients, key=lambda person: -person.first_age))
        self.newcomers: deque[Person] = deque()
        self.treated: list[Person] = []
        self.callers: list[Person] = []
        self.recent: deque[Person] = deque(maxlen=24)
        self.told: dict[Person, Script] = {}

    def open_day(self, day: Day) -> None:
        self.banks = {
            (language, child): words_of(language, child) | dates_of(language, day.date)
            for language in LANGUAGES
            for child in (False, True)
        }
        self.admit(day.age)
        self.callers = [person for person in self.treated for _ in range(person.calls_often)]

    def admit(self, age: int) -> None:
        """Those who begin on a later day than the first come in through a call of their own."""
        self.treated = [person for person in self.treated if person.last_age <= age]
        while self.waiting and self.waiting[0].first_age >= age:
            person = self.waiting.popleft()
            if person.first_age == age:
                self.newcomers.append(person)
            elif person.last_age <= age:
                self.treated.append(person)

    def answer(self, working: bool) -> Conversation:
        draw = self.draw
        kind = KINDS[int(draw() * 100)]
        if kind in OUTBOUND and not working:
            kind = "inbound"
        if kind in SILENT:
            known = kind == "unreached" or draw() < 0.5
            person = self.patient() if known else self.stranger()
            return Conversation(kind, person, person.number, silence(), None, None, Values(), {})
        if kind in OUTBOUND:
            return self.converse(kind, kind, self.patient(), working)
        shelf, person = self.caller_about(CATEGORY_DECK[int(draw() * 100)])
        return self.converse(kind, shelf, person, working)

    def stranger(self) -> Person:
        return pick(self.strangers, self.draw)

    def patient(self) -> Person:
        if not self.callers:
            return self.stranger()
        # One call in eight is somebody's who called a moment ago.
        at = int(self.draw() * len(self.callers) * 8 / 7)
        again = at >= len(self.callers)
        person = pick(self.recent or self.callers, self.draw) if again else self.callers[at]
        self.recent.append(person)
        return person

    def caller_about(self, category: str) -> tuple[str, Person]:
        """Give the shelf with the scripts for this, and somebody who would say them."""
        if category == "miscellaneous":
            return category, self.stranger()
        if category == "appointment_inquiry" and self.draw() < 0.5:
            return category, self.stranger()
        if category != "new_appointment":
            return category, self.patient()
        if not self.newcomers:
            return "prospect", self.stranger()
        person = self.newcomers.popleft()
        self.treated.append(person)
        self.callers.append(person)
        return "newcomer", person

    def converse(self, kind: str, shelf: str, person: Person, working: bool) -> Conversation:
        draw = self.draw
        language = person.language
        if language != "english" and draw() < 0.06:
            language = "english"
        script = self.choose(scripts_of(language, person.child)[shelf], person, working)
        values, bank = Values(person.words[language]), self.banks[language, person.child]
        summary = script.summary.fill(bank, values, draw)
        number = self.number_of(kind, script, person)
        summary += pick(script.tails, draw)
        return Conversation(kind, person, number, script, summary, language, values, bank)

    def choose(self, scripts: list[Script], person: Person, working: bool) -> Script:
        """Nobody is late for a session at night, and nobody calls twice with the same words."""
        at = int(self.draw() * len(scripts))
        for _ in scripts:
            script = scripts[at]
            if self.told.get(person) is not script and (working or "today" not in script.flags):
                break
            at = (at + 1) % len(scripts)
        self.told[person] = script
        return script

    def number_of(self, kind: str, script: Script, person: Person) -> str | None:
        if kind != "inbound":
            return None if kind == "web" else person.number
        chance = self.draw()
        if "office" in script.flags or (person.patient_id and chance < 0.03):
            return self.stranger().number
        withheld = chance < 0.05 and not person.patient_id
        return None if withheld else person.number
