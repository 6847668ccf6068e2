"""The dates a caller may speak of on a given day, spelled in each language."""

from datetime import date, timedelta
from functools import lru_cache

from app.demo.slots import WEEKDAYS, Bank, Slots, on_weekday

MONTHS = {
    "english": "January February March April May June July August September October November "
    "December",
    "spanish": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "russian": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
MONTH_NAMES = {language: names.split() for language, names in MONTHS.items()}
WEEKDAY_NAMES = {language: names.split("|") for language, names in WEEKDAYS.items()}


def spell_day(language: str, day: date) -> str:
    month = MONTH_NAMES[language][day.month - 1]
    if language == "english":
        return f"{month} {day.day}"
    return f"{day.day} de {month}" if language == "spanish" else f"{day.day} {month}"


def spell_birthday(language: str, day: date) -> str:
    spelled = spell_day(language, day)
    if language == "english":
        return f"{spelled}, {day.year}"
    return f"{spelled} de {day.year}" if language == "spanish" else f"{spelled} {day.year} года"


@lru_cache(maxsize=256)
def spell_date(language: str, day: date) -> str:
    weekday = WEEKDAY_NAMES[language][day.weekday()]
    joint = " " if language == "spanish" else ", "
    return f"{weekday}{joint}{spell_day(language, day)}"


def open_days(first: date, step: int, count: int) -> list[date]:
    """The next (or, with step -1, the last) days with sessions at any hour: Saturdays are short."""
    days = (first + timedelta(days=step * offset) for offset in range(1, count + 1))
    return [day for day in days if day.weekday() < 5]


def date_pairs(language: str, today: date) -> list[Slots]:
    coming = open_days(today, 1, 13)
    return [
        spell_pair(language, one, two)
        for gap in (1, 4)
        for one, two in zip(coming, coming[gap:], strict=False)
    ]


def spell_pair(language: str, one: date, two: date) -> Slots:
    slots: Slots = {"date": spell_date(language, one), "other_date": spell_date(language, two)}
    if language == "russian":
        on_date = on_date_of(one)
        slots |= {"on_date": on_date, "on_date_cap": on_date[0].upper() + on_date[1:]}
        slots["from_date"] = spell_day(language, one)
        slots["on_other_date"] = on_date_of(two)
    return slots


def on_date_of(day: date) -> str:
    """In Russian the preposition depends on the weekday."""
    return f"{on_weekday(WEEKDAY_NAMES['russian'][day.weekday()])}, {spell_day('russian', day)}"


def month_pairs(language: str, today: date) -> list[Slots]:
    names, at = MONTH_NAMES[language], today.month - 1
    return [
        {"last_month": names[(at - back) % 12], "next_month": names[(at + ahead) % 12]}
        for back in (1, 2)
        for ahead in (1, 2, 3)
    ]


def dates_of(language: str, today: date) -> Bank:
    """The groups of slots that depend on the day of the call."""
    return {
        "dates": date_pairs(language, today),
        "past": [{"past_date": spell_day(language, day)} for day in open_days(today, -1, 12)],
        "months": month_pairs(language, today),
    }
