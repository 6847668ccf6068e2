"""What `q` means: folding, words, and the full-text expression they become."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

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

# Before the digits of a telephone number in the index. A private-use character is neither letter
# nor digit, so no word of a text or a query can begin with it.
_NUMBER_MARK = "\ue000"
_LEAST_DIGITS = 3  # as many as stand together in the index
# The first character of each word of a call is the mark of its period: the words of a period lie
# together, and those of all others cost nothing. In an expression that is made once for all
# periods, _ANY_MARK holds its place.
_PERIOD_MARKS = 0x10000
_ANY_MARK = "\ue001"


class TooManyWords(ValueError):
    """A query of more than MAX_WORDS words."""


@dataclass(frozen=True, slots=True)
class Words:
    """What `q` asks for, as an expression of FTS5; false where it holds no letter or digit."""

    expression: str

    def __bool__(self) -> bool:
        return bool(self.expression)

    def in_period(self, period: int) -> str:
        """Give the expression for an index whose words bear the mark of a period."""
        return self.expression.replace(_ANY_MARK, period_mark(period))

    @property
    def unmarked(self) -> str:
        """Give the expression for an index whose words bear no mark."""
        return self.expression.replace(_ANY_MARK, "")


def parse_words(q: str) -> Words:
    """Read a query. Raises TooManyWords."""
    terms = [term for term in (_term(match) for match in _TERM.finditer(q)) if term]
    if len(terms) > MAX_WORDS:
        raise TooManyWords
    return Words(" AND ".join(terms))


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
    part = " ".join(_ANY_MARK + trigram for trigram in _trigrams(digits))
    return f'({beginning} * OR "{part}")'


def _phrase(folded: str) -> str | None:
    # Only letters, digits and spaces are left: nothing in it is an operator of FTS5.
    return f'"{mark_words(folded, _ANY_MARK)}"' if folded else None


def period_mark(period: int) -> str:
    """Give the mark that all words of a period's calls begin with."""
    return chr(_PERIOD_MARKS + period)


def mark_words(folded: str, mark: str) -> str:
    """Put a mark before each word of a folded text."""
    return mark + folded.replace(" ", f" {mark}") if folded else ""


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


@lru_cache(maxsize=4096)
def number_words(number: str) -> str:
    """Give all three digits of a number that stand together: a part of it is a phrase of them."""
    return " ".join(_trigrams(_digits(number)))


def _trigrams(digits: str) -> list[str]:
    return [
        _NUMBER_MARK + digits[i : i + _LEAST_DIGITS] for i in range(len(digits) - _LEAST_DIGITS + 1)
    ]


def _digits(text: str) -> str:
    if text.isascii():
        return _NO_DIGITS.sub("", text)
    return "".join(
        str(unicodedata.decimal(character))
        for character in unicodedata.normalize("NFKD", text)
        if character.isdecimal()
    )
