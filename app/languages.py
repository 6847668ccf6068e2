"""Languages: English names in lower case, whatever code or name came in."""

import re
from functools import cache, lru_cache
from pathlib import Path

_CODE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ()',.-]){0,62}")


@lru_cache(maxsize=1024)
def to_language_name(text: str) -> str | None:
    """Give the English name (`spanish`) of an ISO 639 code or tag (`es`, `spa`, `es-MX`).

    A name comes back in lower case; what is neither is None. Names are Unicode CLDR's.
    """
    text = text.strip()
    if _CODE.fullmatch(text):
        return _name_of(text.lower().replace("_", "-"))
    return text.lower() if _NAME.fullmatch(text) else None


def _name_of(tag: str) -> str | None:
    """Give the name of a tag's longest beginning that has one: `zh-yue` is no Chinese."""
    names = _names()
    while tag not in names and "-" in tag:
        tag = tag.rpartition("-")[0]
    return names.get(tag)


@cache
def _names() -> dict[str, str]:
    """Give names by code, from a file whose lines hold all codes of a language and its name."""
    lines = Path(__file__).with_name("languages.tsv").read_text("utf-8").splitlines()
    languages = [line.split("\t") for line in lines]
    return {code: name for codes, name in languages for code in codes.split()}
