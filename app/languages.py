"""Languages: English names in lower case, whatever code or name came in."""

import re
from functools import cache, lru_cache
from pathlib import Path

# BCP 47, but for subtags of private use that are a single letter; POSIX writes underscores.
_TAG = re.compile(r"[a-z]{2,3}(?:-(?:[a-z0-9]-)?[a-z0-9]{2,8})+", re.ASCII)
_CODE = re.compile(r"[a-z]{2,3}")


@lru_cache(maxsize=1024)
def to_language_name(text: str) -> str | None:
    """Give the English name (`spanish`) of an ISO 639 code, a tag or a name (`es`, `es-MX`).

    What is none of a language known here is None. Names are Unicode CLDR's.
    """
    text = text.strip().lower().replace("_", "-")
    names = _names()
    if _TAG.fullmatch(text):
        # The longest beginning that has a name: `zh-yue` is no Chinese.
        while text not in names and "-" in text:
            text = text.rpartition("-")[0]
    return names.get(text)


@cache
def to_code(name: str) -> str | None:
    """Give the shortest ISO 639 code of a language's English name."""
    codes = [known for known, found in _names().items() if found == name and _CODE.fullmatch(known)]
    return min(codes, key=len, default=None)


@cache
def _names() -> dict[str, str]:
    """Give names by all that a language is called, from a file of one language a line.

    A line holds its codes, its name, and more names that are taken in, divided by tabs.
    """
    lines = Path(__file__).with_name("languages.tsv").read_text("utf-8").splitlines()
    languages = [line.split("\t") for line in lines]
    return {
        known: name
        for codes, name, *others in languages
        for known in (*codes.split(), name, *others)
    }
