"""What `q` means: folding, words, and the full-text query they become."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from peewee import SQL, EnclosedNodeList, Expression, Model, NodeList

MAX_WORDS = 16

_WORD = re.compile(r"[^\W_]+")
_NO_DIGITS = re.compile(r"[^0-9]+")
_TERM = re.compile(r'"([^"]*)"|(\S+?)(?=\s|"[^"]*"|$)')

# Marks the digits of a telephone number in the index. A private-use character is neither letter
# nor digit, so no word of a text or a query can begin with it.
_NUMBER_MARK = "\ue000"
_LEAST_DIGITS = 3
# Likewise the values that filters ask for: with them in the index, words and filters meet there.
_FACET_MARKS = {
    "status": "\ue001",
    "category": "\ue002",
    "type": "\ue003",
    "assistant_id": "\ue004",
    "sessions_scheduled": "\ue005",
    "started_at": "\ue006",
}
_NO_WORD = "\ue007"


class TooManyWords(ValueError):
    """A query of more than MAX_WORDS words."""


def fold(text: str) -> str:
    """Give the words of a text, folded and joined by spaces: `Café-style` is `cafe style`.

    Folding is NFKD, marks removed, casefold; a word is a run of letters and digits.
    """
    if not text:
        return ""
    if text.isascii():
        return " ".join(_WORD.findall(text.lower()))
    # No mark lies before U+0300: most characters need no look-up.
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text)
        if character < "\u0300" or unicodedata.category(character)[0] != "M"
    )
    return " ".join(_WORD.findall(plain.casefold()))


def call_words(row: Mapping[str, Any], patient: str | None) -> tuple[str, ...]:
    """Fold a call into the columns of its row in the full-text index."""
    return (
        fold(row["summary"] or ""),
        _fold_name(patient) if patient else "",
        fold(row["notes"] or ""),
        fold(row["transcript"] or ""),
        number_words(row["customer_number"] or ""),
        _facet_words(
            row["status"],
            row["category"],
            row["type"],
            row["assistant_id"],
            str(row["sessions_scheduled"] or 0),
            None if row["started_at"] is None else "",
        ),
    )


# Few values, asked for again and again while many calls arrive.
_fold_name = lru_cache(maxsize=4096)(fold)


@lru_cache(maxsize=4096)
def _facet_words(*values: str | None) -> str:
    """Give one word for each value that a query may be narrowed by without leaving the index."""
    marked = zip(_FACET_MARKS.values(), values, strict=True)
    return " ".join(mark + value.encode().hex() for mark, value in marked if value is not None)


@lru_cache(maxsize=4096)
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
    if text.isascii():
        return _NO_DIGITS.sub("", text)
    return "".join(
        str(unicodedata.decimal(character))
        for character in unicodedata.normalize("NFKD", text)
        if character.isdecimal()
    )


def facet_term(name: str, value: str) -> str:
    """Give the FTS5 term that the rows with a value of a facet hold."""
    return f'"{_FACET_MARKS[name]}{value.encode().hex()}"'


def started_term() -> str:
    """Give the FTS5 term that the rows of calls which started hold."""
    return facet_term("started_at", "")


def sessions_term(least: Any) -> SQL:
    """Give the SQL of a term for all values of sessions_scheduled that occur, from one up.

    `least` is a parameter of the statement.
    """
    return SQL(
        "' AND (' || (SELECT ifnull(group_concat('\"' || ? || lower(hex(n)) || '\"', ' OR '), ?)"
        " FROM (SELECT DISTINCT ifnull(sessions_scheduled, 0) AS n FROM cell) WHERE n >= ?) || ')'",
        (_FACET_MARKS["sessions_scheduled"], f'"{_NO_WORD}"', least),
    )


def matching(table: type[Model], expression: Any, *more: SQL) -> Expression:
    """Give the condition that a row of a full-text table meets an FTS5 expression, a parameter."""
    text: Any = SQL("?", (expression,))
    for part in more:
        text = NodeList((text, SQL("||"), part))
    return Expression(table._meta.entity, "MATCH", EnclosedNodeList((text,)))
