"""Languages: what names them, and the file that holds their names and codes."""

import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from babel import Locale
from babel.core import get_global

import app.languages
from app.languages import to_language_name

FILE = Path(app.languages.__file__).with_name("languages.tsv")


def languages() -> list[tuple[list[str], list[str]]]:
    """Give each language's codes, CLDR's own first, and its names, first the one that is given."""
    lines = [line.split("\t") for line in FILE.read_text("utf-8").splitlines()]
    return [(codes.split(), names) for codes, *names in lines]


def current() -> str:
    """Give the file with CLDR's names and aliases as they are now; what else is known stays."""
    named = {code: name.lower() for code, name in Locale("en").languages.items()}
    codes = {own: {own, *rest} for (own, *rest), _ in languages()}
    others = {own: set(rest) for (own, *_), (_, *rest) in languages()}
    elsewhere = {"mul", "und", "zxx"}.union(*(group - {own} for own, group in codes.items()))
    for own in named.keys() - elsewhere:
        if "_" not in own:
            codes.setdefault(own, {own})
            others.setdefault(own, set())
    taken = elsewhere | codes.keys()
    for alias, target in get_global("language_aliases").items():
        own = target.partition("_")[0]
        if "_" not in alias and alias not in taken and own in codes:
            codes[own].add(alias)
    for variant, name in named.items():
        if "_" in variant:
            others[variant.partition("_")[0]].add(name)
    return "".join(
        line(own, group, named[own], others[own], taken) for own, group in sorted(codes.items())
    )


def line(own: str, codes: set[str], name: str, others: set[str], taken: set[str]) -> str:
    """Give the line of a language; a name that is the code of another would come back as that."""
    name = f"{name} language" if name in taken - codes else name
    names = [name, *sorted({*others, plain(name)} - {name})]
    return "\t".join([" ".join([own, *sorted(codes - {own})]), *names]) + "\n"


def plain(name: str) -> str:
    """Give a name as it is typed without accents and curly apostrophes."""
    apart = unicodedata.normalize("NFKD", name).replace("ʼ", "'").replace("’", "'")
    return "".join(c for c in apart if not unicodedata.combining(c))


def test_file_has_the_names_of_cldr() -> None:
    assert FILE.read_text("utf-8") == current(), "Run: make languages"


def test_no_code_or_name_is_of_two_languages() -> None:
    known = Counter(text for codes, names in languages() for text in {*codes, *names})
    assert known.most_common(1)[0][1] == 1


def test_every_name_reads_as_itself() -> None:
    given = [names[0] for _, names in languages()]
    assert [to_language_name(name.upper()) for name in given] == given


def test_every_code_and_other_name_gives_the_name_of_its_language() -> None:
    pairs = [(text, names[0]) for codes, names in languages() for text in (*codes, *names)]
    assert [(text, to_language_name(text)) for text, _ in pairs] == pairs


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("es", "spanish", id="ISO 639-1"),
        pytest.param("spa", "spanish", id="ISO 639-2"),
        pytest.param("ger", "german", id="bibliographic"),
        pytest.param("deu", "german", id="terminological"),
        pytest.param("cmn", "chinese", id="ISO 639-3, the most spoken"),
        pytest.param("arb", "arabic", id="ISO 639-3, the standard"),
        pytest.param("pes", "persian", id="ISO 639-3, one of two"),
        pytest.param("swh", "swahili", id="ISO 639-3, the language itself"),
        pytest.param("zsm-MY", "malay", id="ISO 639-3 of a region"),
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
        pytest.param("Mandarin", "chinese", id="widespread name"),
        pytest.param("farsi", "persian", id="name of the old days"),
        pytest.param("Bengali", "bangla", id="name that CLDR has changed"),
        pytest.param("Brazilian Portuguese", "portuguese", id="name of a variant"),
        pytest.param("oji-cree", "oji-cree", id="name like a tag"),
        pytest.param("volapuk", "volapük", id="name without its accent"),
        pytest.param("k'iche'", "kʼicheʼ", id="name with straight apostrophes"),
        pytest.param("gaa", "ga language", id="name like a code of another language"),
        pytest.param("ga", "irish", id="code like a name of another language"),
        pytest.param("en-US-u-hc-h12", "english", id="extension"),
        pytest.param("Русский", None, id="name of its own"),
        pytest.param("i-klingon", None, id="tag without a code"),
        pytest.param("billing", None, id="another word"),
        pytest.param("multi", None, id="several, in a word"),
        pytest.param("english and spanish", None, id="two names"),
        pytest.param("c", None, id="a letter"),
        pytest.param("en-", None, id="nothing behind the hyphen"),
        pytest.param("-en", None, id="nothing before the hyphen"),
        pytest.param("mul", None, id="several languages"),
        pytest.param("und", None, id="undetermined"),
        pytest.param("und-US", None, id="undetermined of a region"),
        pytest.param("qq", None, id="no code"),
        pytest.param("qq-US", None, id="no code with a region"),
        pytest.param("x-1", None, id="private"),
        pytest.param("en-x", None, id="too short a part"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_gives_the_english_name(text: str, name: str | None) -> None:
    assert to_language_name(text) == name


if __name__ == "__main__":
    FILE.write_text(current(), "utf-8")
