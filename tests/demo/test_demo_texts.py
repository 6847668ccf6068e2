"""The demo's words: every file can be read, and what is wrong in one is said by file and line."""

from pathlib import Path

import pytest

from app.demo import texts
from app.demo.names import read_origin
from app.demo.scripts import read_heading, read_script, scripts_of
from app.demo.texts import BLANK, FOLDER, Line, Section, TextError, lines, read
from app.demo.words import LANGUAGES

FILES = sorted(path.stem for path in FOLDER.glob("*.txt"))
KNOWN = set(BLANK.findall((FOLDER / "README.md").read_text(encoding="utf-8")))


def make_section(heading: str, *said: str) -> Section:
    lines = [Line(text, f"wrong.txt, line {number}") for number, text in enumerate(said, 2)]
    return Section(heading, "wrong.txt, line 1", lines)


def headings_of(file: str) -> list[str]:
    return list(read(file))


@pytest.mark.parametrize("file", FILES)
def test_every_blank_stands_in_the_readme(file: str) -> None:
    said = [line.text for section in read(file).values() for line in section.lines]
    blanks = {blank for text in said for blank in BLANK.findall(text)}
    assert {blank if blank in KNOWN else blank.lower() for blank in blanks} <= KNOWN


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("child", [False, True])
def test_every_call_can_be_read(language: str, child: bool) -> None:
    assert all(scripts_of(language, child).values())


@pytest.mark.parametrize("kind", ["talk", "dates", "callers", "children"])
def test_every_language_has_the_same_headings(kind: str) -> None:
    english, spanish, russian = (headings_of(f"{language}_{kind}") for language in LANGUAGES)
    assert english == spanish == russian


def test_every_area_code_has_three_digits() -> None:
    codes = " ".join(lines("area_codes", "area codes")).split()
    assert {(len(code), code.isdecimal()) for code in codes} == {(3, True)}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"Hello\n", "line 1: a heading in [brackets] must come first"),
        (b"# Words\n[greeting\nHello\n", "line 2: the heading's closing bracket is missing"),
        (b"[a]\n1\n\n[a]\n2\n", "line 4: [a] stands here for the second time"),
        (b"[a]\n\n[b]\n1\n", "line 1: nothing stands below the heading"),
        (b"[a]\nOn {date at {time}.\n", "line 2: a blank is one word in braces, {like_this}"),
        (b"[a]\nPe\xf1a\n", "line 2: is not saved as UTF-8"),
    ],
)
def test_says_which_line_is_wrong(
    text: bytes, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wrong.txt").write_bytes(text)
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    with pytest.raises(TextError) as error:
        read.__wrapped__("wrong")
    assert str(error.value) == f"wrong.txt, {problem}"


@pytest.mark.parametrize(
    ("heading", "said", "problem"),
    [
        ("billing, setled", ["Paid.", "> Hi"], "line 1: is no heading that calls can stand below"),
        (
            "billing, settled",
            ["Paid {amuont}.", "> Hi"],
            "line 2: nothing fills the blank {amuont}",
        ),
        (
            "billing, settled",
            ["Paid."],
            "line 2: needs a summary and >, and either ? and ! or none",
        ),
    ],
)
def test_says_which_call_is_wrong(heading: str, said: list[str], problem: str) -> None:
    section = make_section(heading, *said)
    with pytest.raises(TextError) as error:
        read_script(read_heading(section, "english"), section.filled(), "english")
    assert str(error.value) == f"wrong.txt, {problem}"


def test_says_which_row_is_wrong() -> None:
    with pytest.raises(TextError, match=r"^wrong.txt, line 2: 2 texts are needed"):
        make_section("day | on_day", "Monday").rows()


def test_says_which_origin_is_wrong() -> None:
    with pytest.raises(TextError, match=r"^wrong.txt, line 1: needed are a heading like"):
        read_origin(make_section("Irish, 7", "Niamh"))
