"""Telephone numbers: one written form for each, and how two writings are compared."""

from functools import lru_cache

import phonenumbers

# What Twilio sends for a withheld number, ANONYMOUS, BLOCKED, RESTRICTED, UNAVAILABLE and UNKNOWN
# on a keypad (help.twilio.com/articles/223179988), and zeros.
_WITHHELD = {"266696687", "2562533", "7378742833", "86282452253", "8656696", "0"}


@lru_cache(maxsize=65536)
def to_e164(text: str, region: str) -> str | None:
    """Give a telephone number in E.164, or None for what cannot be read as one.

    Readable is what phonenumbers calls IS_POSSIBLE in the region, without an extension.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE or number.extension:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalize(text: str, region: str) -> str:
    """Give the form in which a number is stored and shown: E.164, otherwise as it came."""
    return to_e164(text, region) or text


def match_key(text: str, region: str) -> str:
    """Give what two writings of the same number share: E.164, otherwise the folded text."""
    return to_e164(text, region) or text.strip().casefold()


@lru_cache(maxsize=65536)
def to_national(text: str, region: str) -> str:
    """Give a number as people write it who live in a region, or the text where it is none."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return text
    is_near = phonenumbers.region_code_for_country_code(number.country_code or 0) == region
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if is_near else form.INTERNATIONAL)


@lru_cache(maxsize=65536)
def tells_who(text: str, region: str) -> bool:
    """Tell whether a text is a telephone number, and not one that stands for a withheld one."""
    if (number := to_e164(text, region)) is None:
        return False
    return _WITHHELD.isdisjoint((number[1:], str(phonenumbers.parse(number).national_number)))


def query_key(text: str, region: str) -> str:
    """Give the match key of a number from a URL, where a leading `+` arrives as a space."""
    return match_key("+" + text.lstrip() if text.startswith(" ") else text, region)
