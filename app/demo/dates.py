"""The dates a caller may speak of on a given day, spelled in each language."""

from datetime import date, timedelta
from functools import lru_cache

from app.demo.texts import lines, table
from app.demo.words import Bank, Words, pair


@lru_cache(maxsize=1024)
def spell(language: str, name: str, day: date) -> Words:
    """Fill in the day where the language's file says how `name` is spelled."""
    file = f"{language}_dates"
    spelling = table(file, name)[0]
    words = table(file, "day", least=7)[day.weekday()] | {
        "month": month_names(language)[day.month - 1],
        "number": f"{day.day}",
        "year": f"{day.year}",
    }
    return {blank: text.format_map(words) for blank, text in spelling.items()}


def open_days(first: date, step: int, count: int) -> list[date]:
    """The next (or, with step -1, the last) days with sessions at any hour: Saturdays are short."""
    days = (first + timedelta(days=step * offset) for offset in range(1, count + 1))
    return [day for day in days if day.weekday() < 5]


def date_pairs(language: str, today: date) -> list[Words]:
    coming = [spell(language, "date", day) for day in open_days(today, 1, 13)]
    return [
        pair("date", one, two)
        for gap in (1, 4)
        for one, two in zip(coming, coming[gap:], strict=False)
    ]


def month_names(language: str) -> list[str]:
    return lines(f"{language}_dates", "month", least=12)


def month_pairs(language: str, today: date) -> list[Words]:
    names, at = month_names(language), today.month - 1
    return [
        {"last_month": names[(at - back) % 12], "next_month": names[(at + ahead) % 12]}
        for back in (1, 2)
        for ahead in (1, 2, 3)
    ]


def dates_of(language: str, today: date) -> Bank:
    """The groups of blanks that depend on the day of the call."""
    return {
        "date": date_pairs(language, today),
        "past_date": [spell(language, "past_date", day) for day in open_days(today, -1, 12)],
        "last_month": month_pairs(language, today),
    }
