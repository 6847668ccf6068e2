"""What must hold of any database of calls, whatever has happened to it."""

from collections import defaultdict
from typing import Any

from app.models.calls import period_changes, period_of
from app.models.engine import database
from app.services.calls import call_words, calls

_WORDS = "CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, call_search, instance)"


def assert_sound() -> None:
    """Hold the database to itself: its pages, its order, its search words, its periods."""
    raw = database.raw()
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    raw.execute("INSERT INTO call_search (call_search) VALUES ('integrity-check')")
    rows = list(calls.all_rows())
    assert [_place(row) for row in rows] == sorted(_place(row) for row in rows)
    assert [row["sort_at"] for row in rows] == [_place(row)[0] for row in rows]
    assert {period_of(row["sort_at"]) for row in rows} <= period_changes().keys()
    words = {row["number"]: call_words(row) for row in rows}
    assert _indexed_words() == {number: said for number, said in words.items() if any(said)}


def _place(row: dict[str, Any]) -> tuple[int, str]:
    started_at = row["created_at"] if row["started_at"] is None else row["started_at"]
    return started_at, row["id"]


def _indexed_words() -> dict[int, tuple[str, ...]]:
    """Give the words of each column of the full-text index, by number, as they stand there."""
    columns = ("summary", "patient", "notes", "transcript", "number")
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    raw = database.raw()
    raw.execute(_WORDS)
    for term, number, column in raw.execute(
        "SELECT term, doc, col FROM words ORDER BY doc, col, offset"
    ):
        found[number][column].append(term)
    raw.execute("DROP TABLE words")
    return {
        number: tuple(" ".join(texts[column]) for column in columns)
        for number, texts in found.items()
    }
