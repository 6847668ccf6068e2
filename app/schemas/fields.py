"""The kinds of value: how each is read, checked and written, whatever resource it is in."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

import marshmallow as ma
from flask import current_app

from app.instants import EARLIEST_MS, LATEST_MS, OutOfRange, format_instant, parse_instant
from app.languages import to_language_name
from app.phones import normalize
from app.words import MAX_WORDS, TooManyWords, parse_words

MAX_VALUE_LENGTH = 512  # of an id, a name for something, a value in a URL
MAX_TEXT_LENGTH = 25 * 1024 * 1024  # what the largest body could hold
INT32 = (-2_147_483_648, 2_147_483_647)

# As JSON Schema has them: what is no NUL, what is not blank to Python (and so four controls too).
NO_NUL = r"^[^\u0000]*$"
NOT_BLANK = r"^[^\u0000]*[^\s\u0000\u001c-\u001f\u0085][^\u0000]*$"
YEARS = r"^(19[7-9]|[2-9][0-9]{2})[0-9]-"

_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)


class Kind(ma.fields.Field[Any]):
    """What every kind has: words for the API's description, and whether a value may be null.

    A value must be there unless it has a default; a RequestSchema says what may be left out.
    """

    default_error_messages = {"required": "is required.", "null": "must not be null."}
    # What JSON Schema says of the kind.
    facts: ClassVar[Mapping[str, Any]] = {}

    def __init__(
        self,
        description: str | None = None,
        *,
        example: Any = None,
        null: bool = False,
        facts: Mapping[str, Any] = {},
        **kwargs: Any,
    ) -> None:
        about = {**facts, **self.facts, "description": description, "example": example}
        said = {name: value for name, value in about.items() if value is not None}
        required = "load_default" not in kwargs
        super().__init__(allow_none=null, metadata=said, **{"required": required, **kwargs})

    def read(self, value: Any) -> Any:
        """Give what a value means. Raises ValidationError."""
        return super()._deserialize(value, None, None)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return self.read(value)


class Anything(Kind, ma.fields.Raw):
    """Whatever came."""


class String(Kind, ma.fields.String):
    """Text that only this service writes."""


class Integer(Kind, ma.fields.Integer):
    """A whole number that only this service writes."""


class Number(Kind, ma.fields.Float):
    """A number that only this service writes."""


class Nested(Kind, ma.fields.Nested):
    """An object of another schema."""

    def __init__(self, *args: Any, of: type[ma.Schema], **kwargs: Any) -> None:
        super().__init__(*args, nested=of, **kwargs)


class List(Kind, ma.fields.List[Any]):
    """Values of one kind."""

    def __init__(self, *args: Any, of: Kind, **kwargs: Any) -> None:
        super().__init__(*args, cls_or_instance=of, **kwargs)


class Text(Kind, ma.fields.String):
    """Text as it came, of limited length, without NUL and lone surrogates."""

    default_error_messages = {
        "invalid": "must be text.",
        "nul": "must not hold a NUL character.",
        "broken": "must not hold a broken character.",
        "long": "must have at most {most} characters.",
        "blank": "must not be blank.",
    }
    most = MAX_TEXT_LENGTH

    def __init__(
        self,
        *args: Any,
        most: int | None = None,
        blank: bool = True,
        facts: Mapping[str, Any] = {},
        **kwargs: Any,
    ) -> None:
        self.most = most or self.most
        self.blank = blank
        facts = {"maxLength": self.most, "pattern": NO_NUL, **facts}
        super().__init__(*args, facts=facts, **kwargs)

    def read(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if "\0" in value:
            raise self.make_error("nul")
        if len(value) > self.most:
            raise self.make_error("long", most=self.most)
        try:
            value.encode()
        except UnicodeEncodeError:
            raise self.make_error("broken") from None
        if not self.blank and not value.strip():
            raise self.make_error("blank")
        return value


class Name(Text):
    """A name, without the spaces around it; with `blank` there may be none."""

    def __init__(self, *args: Any, blank: bool = False, **kwargs: Any) -> None:
        facts = {} if blank else {"pattern": NOT_BLANK}
        super().__init__(*args, blank=blank, facts=facts, **kwargs)

    def read(self, value: Any) -> Any:
        return super().read(value).strip()


class Identifier(Text):
    """Somebody's id or name for something: trimmed text; blank counts as null."""

    most = MAX_VALUE_LENGTH

    def read(self, value: Any) -> Any:
        text = super().read(value).strip()
        if not text and not self.allow_none:
            raise self.make_error("blank")
        return text or None


class SearchWords(Text):
    """The words that `q` asks for, read once."""

    default_error_messages = {"words": f"may hold at most {MAX_WORDS} words."}

    def read(self, value: Any) -> Any:
        try:
            return parse_words(super().read(value))
        except TooManyWords:
            raise self.make_error("words") from None


class UuidText(Kind, ma.fields.String):
    """A UUID in its canonical form, in lower case."""

    default_error_messages = {"invalid": "must be a UUID."}
    facts = {"format": "uuid"}

    def read(self, value: Any) -> Any:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise self.make_error("invalid")
        return value.lower()


class PlainUuid(UuidText):
    """A UUID that is text to a client too, as it is where it may be another system's id."""

    facts = {"pattern": f"^{_UUID.pattern}$"}


class Instant(Kind):
    """A point in time: milliseconds since 1970 inside, RFC 3339 in UTC outside."""

    facts = {"pattern": YEARS}
    default_error_messages = {
        "invalid": "must be an instant with an offset, such as 2023-11-07T05:31:56Z.",
        "range": "must lie in the years 1970 to 9999.",
    }

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else format_instant(value)

    def read(self, value: Any) -> int:
        try:
            return self.parse(value)
        except OutOfRange:
            raise self.make_error("range") from None
        except (ValueError, TypeError):
            raise self.make_error("invalid") from None

    def parse(self, text: str) -> int:
        instant_ms = parse_instant(text)
        if not EARLIEST_MS <= instant_ms <= LATEST_MS:
            raise OutOfRange
        return instant_ms


class InstantBound(Instant):
    """A bound of a time range in a URL; without an offset it is in the clinic's time zone."""

    facts = {"pattern": YEARS}
    default_error_messages = {
        "invalid": "must be a date such as 2023-11-07 or an instant such as 2023-11-07T05:31:56Z.",
    }

    def __init__(self, *args: Any, end_of_day: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.end_of_day = end_of_day

    def parse(self, text: str) -> int:
        zone = current_app.config["CLINIC_TIMEZONE"]
        return parse_instant(text, zone, end_of_day=self.end_of_day)


class WholeNumber(Kind, ma.fields.Integer):
    """A whole number of a range; in a URL ASCII digits with an optional minus."""

    default_error_messages = {"invalid": "must be a whole number from {least} to {most}."}

    def __init__(
        self, *args: Any, least: int = INT32[0], most: int = INT32[1], **kwargs: Any
    ) -> None:
        super().__init__(*args, facts={"minimum": least, "maximum": most}, **kwargs)
        self.least = least
        self.most = most

    def read(self, value: Any) -> int:
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


class Amount(Kind, ma.fields.Float):
    """A finite number from 0 up, cut to some decimals, halves rounded up."""

    default_error_messages = {"invalid": "must be a number from 0 to {most}."}

    def __init__(self, *args: Any, most: float, decimals: int, **kwargs: Any) -> None:
        super().__init__(*args, facts={"minimum": 0, "maximum": most}, **kwargs)
        self.most = most
        self.decimals = decimals
        self.step = Decimal(1).scaleb(-decimals)

    def read(self, value: Any) -> float:
        if type(value) not in (int, float) or not 0 <= value <= self.most:  # NaN is in no range
            raise self.make_error("invalid", most=self.most)
        if value == round(value, self.decimals):
            # Which most are, and Decimal takes its time. -0.0 is 0.
            return float(value) + 0.0
        return float(Decimal(repr(value)).quantize(self.step, ROUND_HALF_UP))


class PhoneNumber(Identifier):
    """A telephone number: E.164 where it can be read in the clinic's region, else as it came."""

    def read(self, value: Any) -> Any:
        text = Text.read(self, value)
        return normalize(text, current_app.config["CLINIC_REGION"]) if text.strip() else None


class Language(Identifier):
    """An English language name in lower case; ISO 639 codes are turned into it."""

    default_error_messages = {"language": "must be a language: an English name or an ISO 639 code."}
    facts = {"format": "language", "maxLength": None, "pattern": None}  # the format says enough

    def read(self, value: Any) -> Any:
        text = super().read(value)
        if text is None:
            return None
        name = to_language_name(text)
        if name is None:
            raise self.make_error("language")
        return name


class Choice(Kind, ma.fields.String):
    """One of a few words, in exactly this case; the API's description lists them under a name."""

    default_error_messages = {"choice": "must be one of {choices}."}

    def __init__(self, *args: Any, of: tuple[str, ...], name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = of
        self.component = name

    def read(self, value: Any) -> str:
        if value not in self.choices:
            raise self.make_error("choice", choices=", ".join(self.choices))
        return str(value)


class YesNo(Kind, ma.fields.Boolean):
    """JSON's true or false, and nothing that only looks like one."""

    default_error_messages = {"invalid": "must be true or false."}

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


# What every kept row has.
UPDATED_AT = Instant("When it last changed.", example="2023-11-07T05:31:56Z")
VERSION = WholeNumber("Grows by one with each change.", least=1, example=1)
