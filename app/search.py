"""What `q` means: folding, words, and the full-text query they become."""

import re
import unicodedata

from peewee import Expression, Model, Value

MAX_WORDS = 16

_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'"([^"]*)"|(\S+?)(?=\s|"[^"]*"|$)')

# Marks the digits of a telephone number in the index. A private-use character is neither letter
# nor digit, so no word of a text or a query can begin with it.
_NUMBER_MARK = "\ue000"
_LEAST_DIGITS = 3


class TooManyWords(ValueError):
    """A query of more than MAX_WORDS words."""


def fold(text: str) -> str:
    """Give the words of a text, folded and joined by spaces: `Café-style` is `cafe style`.

    Folding is NFKD, marks removed, casefold; a word is a run of letters and digits.
    """
    if text.isascii():
        return " ".join(_WORD.findall(text.lower()))
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text)
        if unicodedata.category(character)[0] != "M"
    )
    return " ".join(_WORD.findall(plain.casefold()))


def search_text(
    summary: str | None,
    patient: str | None,
    notes: str | None,
    transcript: str | None,
    number: str | None,
) -> tuple[str, str, str, str, str]:
    """Fold the texts of a call into the columns of its row in the full-text index."""
    return (
        fold(summary or ""),
        fold(patient or ""),
        fold(notes or ""),
        fold(transcript or ""),
        number_words(number or ""),
    )


def number_words(number: str) -> str:
    """Give every ending of a number's digits, so that a beginning of one is a part of it."""
    digits = _digits(number)
    return " ".join(_NUMBER_MARK + digits[i:] for i in range(len(digits) - _LEAST_DIGITS + 1))


def match_expression(q: str) -> str | None:
    """Give the FTS5 expression for a query, or None where no word has a letter or digit.

    Raises TooManyWords for more than MAX_WORDS words.
    """
    terms = [term for term in map(_term, _TERM.finditer(q)) if term]
    if len(terms) > MAX_WORDS:
        raise TooManyWords
    return " AND ".join(terms) or None


def _term(match: re.Match[str]) -> str | None:
    quoted, word = match.groups()
    if quoted is not None:
        return _phrase(fold(quoted))
    beginning = _phrase(fold(word))
    if beginning is None:
        return None
    digits = _digits(word)
    if len(digits) < _LEAST_DIGITS or any(character.isalpha() for character in fold(word)):
        return f"{beginning} *"
    return f'({beginning} * OR "{_NUMBER_MARK}{digits}" *)'


def _phrase(folded: str) -> str | None:
    # Only letters, digits and spaces are left: nothing in it is an operator of FTS5.
    return f'"{folded}"' if folded else None


def _digits(text: str) -> str:
    return "".join(
        str(unicodedata.decimal(character))
        for character in unicodedata.normalize("NFKD", text)
        if character.isdecimal()
    )


def matching(table: type[Model], q: str) -> Expression:
    """Give the condition that a row of a full-text table meets a query with words in it."""
    return Expression(table._meta.entity, "MATCH", Value(match_expression(q), unpack=False))
