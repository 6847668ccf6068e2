"""What `q` means: folding, words, and the full-text query they become."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from peewee import Expression, Model

MAX_WORDS = 16

_WORD = re.compile(r"[^\W_]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Letters in lower case and digits as they are; all else is a space.
_ASCII_FOLDED = bytes(
    ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else ord(" ")
    for code in range(256)
)
_NO_DIGITS = re.compile(r"[^0-9]+")
_TERM = re.compile(r'"([^"]*)"|(\S+?)(?=\s|"[^"]*"|$)')

# Marks in the index, before its words. A private-use character is neither letter nor digit, so no
# word of a text or a query can begin with one. First the digits of a telephone number:
_NUMBER_MARK = "\ue000"
_LEAST_DIGITS = 3  # as many as stand together in the index
# Likewise the values that filters ask for: with them in the index, words and filters meet there.
_FACET_MARKS = {
    "status": "\ue001",
    "category": "\ue002",
    "type": "\ue003",
    "assistant_id": "\ue004",
    "sessions_scheduled": "\ue005",
    "started_at": "\ue006",
    "tags": "\ue007",
}
# The word of every call, and one of none.
_EVERY_CALL = "\ue008"
_NO_CALL = "\ue009"
# Before each word of a call stands the mark of its period, of the private-use planes: the words of
# a period lie together, and those of all others cost nothing. In an expression that is made once
# for all periods, IN_PERIOD holds its place.
_PERIOD_MARKS = 0xF0000
IN_PERIOD = "\ue00a"


class TooManyWords(ValueError):
    """A query of more than MAX_WORDS words."""


def fold(text: str) -> str:
    """Give the words of a text, folded and joined by spaces: `Café-style` is `cafe style`.

    Folding is NFKD, marks removed, casefold; a word is a run of letters and digits.
    """
    if not text:
        return ""
    if text.isascii():
        return _fold_ascii(text)
    plain = unicodedata.normalize("NFKD", text)
    is_ascii = True
    for character in set(_NOT_ASCII.findall(plain)):
        if unicodedata.category(character)[0] == "M":
            plain = plain.replace(character, "")
        elif character.isalnum():
            is_ascii = False
    # What is left may be dashes and quotation marks, which are no part of words.
    return _fold_ascii(plain) if is_ascii else " ".join(_WORD.findall(plain.casefold()))


def _fold_ascii(text: str) -> str:
    """Fold a text of no letters and digits but ASCII's, several times faster than others."""
    return b" ".join(text.encode("ascii", "replace").translate(_ASCII_FOLDED).split()).decode()


def call_words(
    row: Mapping[str, Any], period: int, patient: str | None, tag_ids: Sequence[str]
) -> tuple[str, ...]:
    """Fold a call of a period into the columns of its row in the full-text index.

    `patient` and `tag_ids` are the name and the tags of the patient, if there is one.
    """
    facets = _facet_words(
        row["status"],
        row["category"],
        row["type"],
        row["assistant_id"],
        str(row["sessions_scheduled"] or 0),
        None if row["started_at"] is None else "",
    )
    columns = (
        fold(row["summary"] or ""),
        _fold_name(patient) if patient else "",
        fold(row["notes"] or ""),
        fold(row["transcript"] or ""),
        number_words(row["customer_number"] or ""),
        " ".join((_EVERY_CALL, facets, *(_facet("tags", tag_id) for tag_id in tag_ids))),
    )
    mark = period_mark(period)
    before = f" {mark}"
    return tuple([mark + words.replace(" ", before) if words else "" for words in columns])


def period_mark(period: int) -> str:
    """Give the mark that all words of a period's calls begin with."""
    return chr(_PERIOD_MARKS + period)


# Few values, asked for again and again while many calls arrive.
_fold_name = lru_cache(maxsize=4096)(fold)


@lru_cache(maxsize=4096)
def _facet_words(*values: str | None) -> str:
    """Give one word for each value that a query may be narrowed by without leaving the index."""
    named = zip(_FACET_MARKS, values, strict=False)
    return " ".join(_facet(name, value) for name, value in named if value is not None)


def _facet(name: str, value: str) -> str:
    return _FACET_MARKS[name] + value.encode().hex()


@lru_cache(maxsize=4096)
def number_words(number: str) -> str:
    """Give all three digits of a number that stand together: a part of it is a phrase of them."""
    return " ".join(_trigrams(_digits(number)))


def _trigrams(digits: str) -> list[str]:
    return [
        _NUMBER_MARK + digits[i : i + _LEAST_DIGITS] for i in range(len(digits) - _LEAST_DIGITS + 1)
    ]


def match_expression(q: str, mark: str = "") -> str | None:
    """Give the FTS5 expression for a query, or None where no word has a letter or digit.

    `mark` is what the words of the index begin with. Raises TooManyWords for more than MAX_WORDS.
    """
    terms = [term for term in (_term(match, mark) for match in _TERM.finditer(q)) if term]
    if len(terms) > MAX_WORDS:
        raise TooManyWords
    return " AND ".join(terms) or None


def _term(match: re.Match[str], mark: str) -> str | None:
    quoted, word = match.groups()
    if quoted is not None:
        return _phrase(fold(quoted), mark)
    beginning = _phrase(fold(word), mark)
    if beginning is None:
        return None
    digits = _digits(word)
    if len(digits) < _LEAST_DIGITS or any(character.isalpha() for character in fold(word)):
        return f"{beginning} *"
    part = " ".join(mark + trigram for trigram in _trigrams(digits))
    return f'({beginning} * OR "{part}")'


def _phrase(folded: str, mark: str) -> str | None:
    # Only letters, digits and spaces are left: nothing in it is an operator of FTS5.
    return f'"{mark}{folded.replace(" ", f" {mark}")}"' if folded else None


def _digits(text: str) -> str:
    if text.isascii():
        return _NO_DIGITS.sub("", text)
    return "".join(
        str(unicodedata.decimal(character))
        for character in unicodedata.normalize("NFKD", text)
        if character.isdecimal()
    )


def facet_term(name: str, value: str) -> str:
    """Give the FTS5 term, IN_PERIOD, of the calls that have a value of a facet."""
    return f'"{IN_PERIOD}{_facet(name, value)}"'


def started_term() -> str:
    """Give the FTS5 term, IN_PERIOD, of the calls that started."""
    return facet_term("started_at", "")


EVERY_CALL = f'"{IN_PERIOD}{_EVERY_CALL}"'
NO_CALL = f'"{IN_PERIOD}{_NO_CALL}"'


def matching(table: type[Model], expression: Any) -> Expression:
    """Give the condition that a row of a full-text table meets an FTS5 expression."""
    return Expression(table._meta.entity, "MATCH", expression)
