"""Languages: what names them, and the file that holds their names and codes."""

from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from babel import Locale

import app.languages
from app.languages import to_language_name

FILE = Path(app.languages.__file__).with_name("languages.tsv")


def codes() -> list[list[str]]:
    """Give each language's codes, CLDR's own first."""
    return [line.split("\t")[0].split() for line in FILE.read_text("utf-8").splitlines()]


def current() -> str:
    """Give the file with CLDR's names as they are now; a language's other codes stay."""
    others = {code: rest for code, *rest in codes()}
    elsewhere = {"mul", "und", "zxx"}.union(*others.values())
    lines = [
        f"{' '.join([code, *others.get(code, [])])}\t{name.lower()}\n"
        for code, name in sorted(Locale("en").languages.items())
        if "_" not in code and code not in elsewhere
    ]
    return "".join(lines)


def test_file_has_the_names_of_cldr() -> None:
    assert FILE.read_text("utf-8") == current(), "Run: make languages"


def test_no_code_is_of_two_languages() -> None:
    known = Counter(chain.from_iterable(codes()))
    assert known.most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("es", "spanish", id="ISO 639-1"),
        pytest.param("spa", "spanish", id="ISO 639-2"),
        pytest.param("ger", "german", id="bibliographic"),
        pytest.param("deu", "german", id="terminological"),
        pytest.param("gsw", "swiss german", id="no code of two letters"),
        pytest.param(" ES\n", "spanish", id="capitals and spaces"),
        pytest.param("iw", "hebrew", id="old code"),
        pytest.param("sh", "serbian", id="one language of two"),
        pytest.param("tl", "filipino", id="known by another"),
        pytest.param("mol", "romanian", id="withdrawn code"),
        pytest.param("es-MX", "spanish", id="region"),
        pytest.param("pt_BR", "portuguese", id="underscore"),
        pytest.param("es-419", "spanish", id="region of many countries"),
        pytest.param("zh-Hant-TW", "chinese", id="script"),
        pytest.param("zh-yue-HK", "cantonese", id="language within another"),
        pytest.param("chi-min-nan", "min nan chinese", id="within another, long code"),
        pytest.param("no-bok", "norwegian bokmål", id="old tag"),
        pytest.param("sgn-US", "american sign language", id="sign language of a country"),
        pytest.param("es-MX-Latn", "spanish", id="out of order"),
        pytest.param("en-12", "english", id="no such region"),
        pytest.param("Spanish", "spanish", id="name"),
        pytest.param("Русский", "русский", id="name of its own"),
        pytest.param("i-klingon", "i-klingon", id="like a name"),
        pytest.param("mul", None, id="several languages"),
        pytest.param("und", None, id="undetermined"),
        pytest.param("und-US", None, id="undetermined of a region"),
        pytest.param("qq", None, id="no code"),
        pytest.param("qq-US", None, id="no code with a region"),
        pytest.param("x-1", None, id="private"),
        pytest.param("en-x", "en-x", id="too short a part"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_gives_the_english_name(text: str, name: str | None) -> None:
    assert to_language_name(text) == name


if __name__ == "__main__":
    FILE.write_text(current(), "utf-8")
