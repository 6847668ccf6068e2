"""Languages: English names in lower case, whatever code or name came in."""

import re
from functools import lru_cache

_CODE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ()',.-]){0,62}")


@lru_cache(maxsize=1024)
def to_language_name(text: str) -> str | None:
    """Give the English name (`spanish`) of an ISO 639 code or tag (`es`, `spa`, `es-MX`).

    A name comes back in lower case; what is neither is None. Names are Unicode CLDR's.
    """
    # Loaded when first needed: their tables take longer than the rest of a start.
    import langcodes
    from babel import Locale

    text = text.strip()
    names = Locale("en").languages
    if _CODE.fullmatch(text):
        language = langcodes.standardize_tag(text).partition("-")[0]
        if language in names and language not in ("und", "mul", "zxx", "mis"):
            return str(names[language]).lower()
        if len(text) <= 3 or "-" in text or "_" in text:
            return None
    return text.lower() if _NAME.fullmatch(text) else None
