"""How values are shown to a person: instants, numbers, names of things, in plain words."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask, current_app

from app import languages, phones
from app.hours import Hours
from app.instants import format_instant, now_ms
from app.models.base import Row

# Where people write times with am and pm (cldr.unicode.org, timeData).
_TWELVE_HOURS = {"US", "CA", "AU", "NZ", "IN", "PH", "PR", "GU"}

STATUS_WORDS = {"pending": "Open", "follow_up_needed": "Flagged", "done": "Done"}
OUTCOME_WORDS = {
    "no_answer": "No answer",
    "left_message": "Left message",
    "reached": "Reached",
}
TYPE_WORDS = {
    "inboundPhoneCall": "Phone call",
    "outboundPhoneCall": "Call by the assistant",
    "webCall": "Web call",
}
PROVIDER_WORDS = {"elevenlabs": "ElevenLabs"}
FIELD_WORDS = {
    "category": "what it was about",
    "customer_number": "number",
    "due_at": "when to try again",
    "assignee": "who has it",
    "patient_id": "patient",
    "sessions_scheduled": "sessions booked",
    "phone_number": "number",
    "date_of_birth": "date of birth",
    "active": "whether currently treated",
    "started_at": "start",
    "ended_at": "end",
    "duration_min": "length",
    "ended_reason": "how it ended",
    "recording_url": "recording",
    "cost_usd": "cost",
    "assistant_id": "assistant",
    "phone_number_id": "line",
    "external_id": "number at the provider",
}
# What providers call the ends of calls, by a part of it; the first that fits.
_ENDS = (
    ("voicemail", "at a voicemail"),
    ("forward", "put through to a person"),
    ("transfer", "put through to a person"),
    ("silence", "after silence"),
    ("inactivity", "after silence"),
    ("busy", "the line was busy"),
    ("no_answer", "nobody answered"),
    ("no-answer", "nobody answered"),
    ("did-not-answer", "nobody answered"),
    ("customer-ended", "by the caller"),
    ("user_hangup", "by the caller"),
    ("assistant-ended", "by the assistant"),
    ("agent_hangup", "by the assistant"),
    ("failed", "it did not come about"),
    ("concurrency", "too many calls at once"),
)
_SPEAKERS = {
    **dict.fromkeys(("ai", "agent", "assistant", "bot"), "Assistant"),
    **dict.fromkeys(("user", "customer", "caller", "human"), "Caller"),
}
_TURN = re.compile(r"([A-Za-z]{2,9}): ?")


def init_app(app: Flask) -> None:
    """Let templates show values."""
    app.jinja_env.filters.update(
        about=about,
        birthday=birthday,
        ended=ended,
        field=field_words,
        iso=format_instant,
        lang=lang,
        lasted=lasted,
        local=local,
        moment=moment,
        nth=nth,
        number=number,
        provider=provider,
        outcome=lambda value: OUTCOME_WORDS[value],
        since=since,
        stamp=stamp,
        status=lambda value: STATUS_WORDS[value],
        turns=turns,
        type=lambda value: TYPE_WORDS.get(value, value),
        who=who,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def zone() -> ZoneInfo:
    """Give the clinic's time zone."""
    found: ZoneInfo = current_app.config["CLINIC_TIMEZONE"]
    return found


def hours() -> Hours:
    """Give when the clinic is open."""
    return Hours(current_app.config["CLINIC_HOURS"], zone())


def at(instant_ms: int) -> datetime:
    """Give an instant in the clinic's time zone."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant_ms)).astimezone(
        zone()
    )


def with_hours(rows: list[Row]) -> list[Row]:
    """Say of each call whether it came out of hours."""
    clinic = hours()
    return [row | {"out_of_hours": not clinic.is_open(row["sort_at"])} for row in rows]


def clock(moment: datetime) -> str:
    """Write the time of day as people do where the clinic is."""
    if current_app.config["CLINIC_REGION"] not in _TWELVE_HOURS:
        return f"{moment:%H:%M}"
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"


def day_words(day: date) -> str:
    """Write a day as people do who know what day it is."""
    today = at(now_ms()).date()
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    days = (day - today).days
    if days in near:
        return near[days]
    if -7 < days < 7:
        return f"{day:%a}"
    year = "" if day.year == today.year else f", {day.year}"
    return f"{day:%b} {day.day}{year}"


def moment(instant_ms: int) -> str:
    """Write an instant: `today 9:37 am`, `Fri 2:30 pm`, `Nov 3 4:05 pm`."""
    found = at(instant_ms)
    return f"{day_words(found.date())} {clock(found)}"


def stamp(instant_ms: int) -> str:
    """Write an instant in full."""
    found = at(instant_ms)
    return f"{found:%A}, {found:%B} {found.day}, {found.year}, {clock(found)} {found:%Z}"


def local(instant_ms: int) -> str:
    """Write an instant as a field of date and time takes it."""
    return f"{at(instant_ms):%Y-%m-%dT%H:%M}"


def birthday(text: str) -> str:
    """Write a date such as 2000-11-03 in words."""
    day = date.fromisoformat(text)
    return f"{day:%B} {day.day}, {day.year}"


def since(instant_ms: int) -> str:
    """Write how long ago an instant was: `5 min`, `3 hours`, `2 days`."""
    minutes = max(now_ms() - instant_ms, 0) // 60_000
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return _count(minutes // 60, "hour")
    if minutes < 60 * 24 * 60:
        return _count(minutes // (24 * 60), "day")
    return _count(minutes // (30 * 24 * 60), "month")


def _count(many: int, thing: str) -> str:
    return f"{many:,} {thing}" + "s" * (many != 1)


def lasted(minutes: float | None) -> str:
    """Write a length in minutes as `2 min 47 s`."""
    if minutes is None:
        return ""
    whole, seconds = divmod(round(minutes * 60), 60)
    if whole >= 60:
        return f"{whole // 60} h {whole % 60} min"
    return (
        " ".join(
            part for part in (f"{whole} min" * bool(whole), f"{seconds} s" * bool(seconds)) if part
        )
        or "0 s"
    )


def nth(place: int) -> str:
    """Write a place in a row: `2nd`."""
    ending = "th" if place // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def number(text: str | None) -> str:
    """Write a telephone number as people do where the clinic is."""
    return phones.to_national(text, current_app.config["CLINIC_REGION"]) if text else ""


def who(row: Row) -> str:
    """Say who rang: the patient's name, else the number."""
    return row.get("patient_name") or number(row["customer_number"]) or "Number withheld"


def about(category: str | None) -> str:
    """Give a category in plain words."""
    return category.replace("_", " ").capitalize() if category else "Not said"


def ended(reason: str | None) -> str:
    """Say how a call ended."""
    if not reason:
        return ""
    folded = reason.lower()
    plain = re.sub(r"[._-]+", " ", reason)
    return next((words for part, words in _ENDS if part in folded), plain)


def field_words(name: str) -> str:
    """Give what people call a field."""
    return FIELD_WORDS.get(name, name.replace("_", " "))


def provider(name: str) -> str:
    """Give a provider's name as it writes it itself."""
    return PROVIDER_WORDS.get(name, name.capitalize())


def lang(language: str | None) -> str:
    """Give the attribute of a text that is not in the language of the page."""
    code = languages.to_code(language) if language else None
    return code if code and code != "en" else ""


def turns(transcript: str) -> list[tuple[str, str]]:
    """Give who said what, in order; a text without speakers is one turn of nobody's."""
    found: list[tuple[str, str]] = []
    for line in map(str.strip, transcript.splitlines()):
        match = _TURN.match(line)
        speaker = _SPEAKERS.get(match[1].lower()) if match else None
        if match and speaker:
            found.append((speaker, line[match.end() :]))
        elif found and line:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line}")
        elif line:
            found.append(("", line))
    return found
