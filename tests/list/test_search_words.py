"""What a word is: the quick ways of folding give what the plain one does, for every character."""

import random
import unicodedata

import pytest

from app.instants import parse_instant
from app.words import fold, mark_words, parse_words, period_mark
from tests.support.oracle import cut

LETTERS = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
# All that a text is likely to hold, and every so many of the rest.
LIKELY = LETTERS[:0x3000] + LETTERS[0x3000::11]


def test_every_character_folds_as_the_oracle_folds_it() -> None:
    assert [c for c in LIKELY if fold(f"a{c}b").split() != list(cut(f"a{c}b"))] == []


def test_mixed_texts_fold_as_the_oracle_folds_them() -> None:
    rng = random.Random(1)
    marks = [c for c in LETTERS[:0x2000] if unicodedata.category(c)[0] == "M"]
    alphabet = "abcXYZ019 _-’—…éÉßŁжЖ١漢 \t\x1f" + "".join(rng.sample(marks, 20))
    for _ in range(20_000):
        text = "".join(rng.choices(alphabet, k=rng.randint(0, 12)))
        assert fold(text) == " ".join(cut(text)), ascii(text)


def test_words_of_one_period_are_found_in_no_other() -> None:
    here, there = (
        set(mark_words("knee pain ana ruiz", period_mark(period)).split()) for period in (426, 427)
    )
    assert len(here) == len(there) == 4
    assert here.isdisjoint(there)


def test_a_part_of_a_number_is_a_phrase() -> None:
    expression = parse_words("5550123").unmarked
    beginning, part = expression.strip("()").split(" OR ")
    assert beginning == '"5550123" *'
    assert [word[-3:] for word in part.strip('"').split()] == ["555", "550", "501", "012", "123"]


@pytest.mark.parametrize("digits", ["", ".5", ".120", ".1209", ".000001"])
def test_instants_mean_the_same_in_every_spelling(digits: str) -> None:
    rng = random.Random(digits)
    for _ in range(2_000):
        day = f"{rng.randint(1970, 9999)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        time = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}{digits}"
        assert parse_instant(f"{day}T{time}Z") == parse_instant(f"{day} {time}+00:00")
