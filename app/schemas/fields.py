"""The kinds of value: how each is read, checked and written, whatever resource it is in."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import marshmallow as ma
from flask import current_app

from app.instants import EARLIEST_MS, LATEST_MS, format_instant, parse_instant
from app.languages import to_language_name
from app.phones import normalize
from app.words import MAX_WORDS, TooManyWords, parse_words

MAX_ID_LENGTH = 512
MAX_TEXT_LENGTH = 25 * 1024 * 1024  # what the largest body could hold
INT32 = (-2_147_483_648, 2_147_483_647)

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)

REQUIRED = {"required": "is required.", "null": "must not be null."}


class Text(ma.fields.String):
    """Text as it came, of limited length, without NUL."""

    default_error_messages = {
        **REQUIRED,
        "invalid": "must be text.",
        "nul": "must not hold a NUL character.",
        "long": "must have at most {most} characters.",
        "blank": "must not be blank.",
    }

    def __init__(self, *, most: int = MAX_TEXT_LENGTH, blank: bool = True, **kwargs: Any) -> None:
        kwargs["metadata"] = {"maxLength": most, **kwargs.get("metadata", {})}
        super().__init__(**kwargs)
        self.most = most
        self.blank = blank

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if "\0" in value:
            raise self.make_error("nul")
        if len(value) > self.most:
            raise self.make_error("long", most=self.most)
        if not self.blank and not value.strip():
            raise self.make_error("blank")
        return value


class Identifier(Text):
    """Somebody's id or name for something: trimmed text; blank counts as null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"most": MAX_ID_LENGTH, **kwargs})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if not text and not self.allow_none:
            raise self.make_error("blank")
        return text or None


class UuidText(ma.fields.String):
    """A UUID in its canonical form, in lower case."""

    default_error_messages = {**REQUIRED, "invalid": "must be a UUID."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs["metadata"] = {"format": "uuid", **kwargs.get("metadata", {})}
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise self.make_error("invalid")
        return value.lower()


class Instant(ma.fields.Field[int]):
    """A point in time: milliseconds since 1970 inside, RFC 3339 in UTC outside."""

    default_error_messages = {
        **REQUIRED,
        "invalid": "must be an instant with an offset, such as 2023-11-07T05:31:56Z.",
    }

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else format_instant(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        try:
            instant_ms = parse_instant(value)
        except (ValueError, TypeError):
            raise self.make_error("invalid") from None
        if not EARLIEST_MS <= instant_ms <= LATEST_MS:
            raise self.make_error("invalid")
        return instant_ms


class InstantBound(ma.fields.Field[int]):
    """A bound of a time range in a URL; without an offset it is in the clinic's time zone."""

    default_error_messages = {
        "invalid": "must be a date such as 2023-11-07 or an instant such as 2023-11-07T05:31:56Z,"
        " of the years 1970 to 9999.",
    }

    def __init__(self, *, end_of_day: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.end_of_day = end_of_day

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        zone = current_app.config["CLINIC_TIMEZONE"]
        try:
            return parse_instant(value, zone, end_of_day=self.end_of_day)
        except (ValueError, TypeError):
            raise self.make_error("invalid") from None


class WholeNumber(ma.fields.Integer):
    """A whole number of a range; in a URL ASCII digits with an optional minus."""

    default_error_messages = {
        **REQUIRED,
        "invalid": "must be a whole number from {least} to {most}.",
    }

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        kwargs["metadata"] = {"minimum": least, "maximum": most, **kwargs.get("metadata", {})}
        super().__init__(**kwargs)
        self.least = least
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and self.reads_text and _INTEGER.fullmatch(value):
            value = int(value)
        elif type(value) is float and value.is_integer():
            value = int(value)  # to JSON, 1.0 is the whole number 1
        if type(value) is not int or not self.least <= value <= self.most:
            raise self.make_error("invalid", least=self.least, most=self.most)
        return value

    # JSON and CSV say which of the two they are: text is a number only where all is text.
    reads_text = False


class QueryNumber(WholeNumber):
    """A whole number in a URL."""

    reads_text = True


class Amount(ma.fields.Float):
    """A finite number from 0 up, cut to some decimals, halves rounded up."""

    default_error_messages = {**REQUIRED, "invalid": "must be a number from 0 to {most}."}

    def __init__(self, *, most: float, decimals: int, **kwargs: Any) -> None:
        kwargs["metadata"] = {"minimum": 0, "maximum": most, **kwargs.get("metadata", {})}
        super().__init__(**kwargs)
        self.most = most
        self.decimals = decimals
        self.step = Decimal(1).scaleb(-decimals)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise self.make_error("invalid", most=self.most)
        if not 0 <= value <= self.most:
            raise self.make_error("invalid", most=self.most)
        if value == round(value, self.decimals):
            return float(value)  # which most are, and Decimal takes its time
        return float(Decimal(repr(value)).quantize(self.step, ROUND_HALF_UP))


class PhoneNumber(Identifier):
    """A telephone number: E.164 where it can be read in the clinic's region, else as it came."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = Text._deserialize(self, value, attr, data, **kwargs)
        return normalize(text, current_app.config["CLINIC_REGION"]) if text.strip() else None


class Language(Identifier):
    """An English language name in lower case; ISO 639 codes are turned into it."""

    default_error_messages = {"language": "must be a language: an English name or an ISO 639 code."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"format": "language", **kwargs.get("metadata", {})}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text is None:
            return None
        name = to_language_name(text)
        if name is None:
            raise self.make_error("language")
        return name


class Choice(ma.fields.String):
    """One of a few words, in exactly this case."""

    default_error_messages = {**REQUIRED, "choice": "must be one of {choices}."}

    def __init__(self, choices: tuple[str, ...], *, name: str, **kwargs: Any) -> None:
        """Take the choices and the name under which the API's description lists them."""
        super().__init__(**kwargs)
        self.choices = choices
        self.component = name

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value not in self.choices:
            raise self.make_error("choice", choices=", ".join(self.choices))
        return str(value)


class SearchWords(Text):
    """The words that `q` asks for, read once."""

    default_error_messages = {"words": f"may hold at most {MAX_WORDS} words."}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return parse_words(super()._deserialize(value, attr, data, **kwargs))
        except TooManyWords:
            raise self.make_error("words") from None
