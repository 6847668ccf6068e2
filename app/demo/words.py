"""The words that fill the blanks of the sentences: clinicians, complaints, times, amounts."""

from functools import cache
from itertools import combinations, permutations

from app.demo.texts import Section, read, table

LANGUAGES = ("english", "spanish", "russian")
# What fills some blanks at a time: those which must agree with each other.
Words = dict[str, str]
# Groups of blanks, each with its equally likely fillings.
Bank = dict[str, list[Words]]


class Values(Words):
    """What has been filled in; a blank with a capital, {My}, is {my} at the start of a sentence."""

    def __missing__(self, blank: str) -> str:
        if blank.islower():
            raise KeyError(blank)
        text = self[blank.lower()]
        return text[0].upper() + text[1:]

    def fill(self, text: str) -> str:
        # At the end of a sentence "p.m." has its full stop already.
        return text.format_map(self).replace(".m..", ".m.")


def fillings(section: Section) -> list[Words]:
    """Repeat the first words often and the last ones hardly, where the heading says so."""
    rows = section.rows()
    if not section.heading.endswith(", commonest first"):
        return rows
    return [row for at, row in enumerate(rows) for _ in range(12 // (at + 1) + 1)]


def pair(name: str, one: Words, two: Words) -> Words:
    """Give both, the second one's words as {other_time}, {on_other_day} and the like."""
    return one | {blank.replace(name, f"other_{name}"): text for blank, text in two.items()}


def weekday_pairs(language: str) -> list[Words]:
    weekdays = table(f"{language}_dates", "day", least=7)
    spelling = table(f"{language}_dates", "both_days")[0]
    pairs = []
    for one, two in permutations(range(5), 2):
        earlier, later = weekdays[min(one, two)], weekdays[max(one, two)]
        both = spelling["both_days"].format_map(pair("day", earlier, later))
        pairs.append(pair("day", weekdays[one], weekdays[two]) | {"both_days": both})
    return pairs


def time_pairs(language: str) -> list[Words]:
    times = table(f"{language}_dates", "time")
    return [pair("time", one, two) for one, two in combinations(times, 2)]


def plans() -> list[Words]:
    planned = (6, 8, 10, 12, 16, 20, 24)
    return [{"left": f"{left}", "plan": f"{plan}"} for plan in planned for left in (2, 3, 4, 5)]


def amounts() -> list[Words]:
    return [{"amount": f"${15 + at * 7919 % 48500 / 100:.2f}"} for at in range(400)]


def references() -> list[Words]:
    letters = "ABCDEFGHKLMNPRSTUVWXYZ"
    return [
        {"reference": f"{letters[at % 22]}{letters[at // 22 % 22]}-{10000 + at * 7919 % 90000}"}
        for at in range(4000)
    ]


@cache
def words_of(language: str, child: bool) -> Bank:
    """Everything but the dates; what stands in a later file counts instead."""
    files = ["everywhere", f"{language}_words", *[f"{language}_children"] * child]
    sections = [section for file in files for section in read(file).values()]
    tables = [fillings(section) for section in sections]
    tables += [weekday_pairs(language), time_pairs(language), plans(), amounts(), references()]
    return {next(iter(table[0])): table for table in tables}
