"""What must hold of any database of calls, whatever has happened to it."""

from collections import defaultdict
from typing import Any

import orjson

from app import words as search
from app.models.calls import FACETS, PERIOD, period_of
from app.models.engine import database
from app.schemas.rows import to_wire
from app.services import calls as call_book

_WORDS = "CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, call_search, instance)"
_CELLS = f"SELECT calls, period, {', '.join(FACETS)}, started FROM cell WHERE calls <> 0"
_COUNTED = (
    f"SELECT count(*), position / {PERIOD} AS period, {', '.join(FACETS)},"
    " started_at IS NOT NULL AS started FROM call WHERE deleted_at IS NULL"
    f" GROUP BY period, {', '.join(FACETS)}, started"
)
_UNCELLED = "SELECT count(*) FROM call WHERE (cell IS NULL) <> (deleted_at IS NOT NULL)"
_PATIENTS = (
    "SELECT id, first_name || ' ' || last_name, (SELECT json_group_array(tag_id) FROM patient_tag"
    " WHERE patient_id = patient.id) FROM patient WHERE deleted_at IS NULL"
)


def assert_sound() -> None:
    """Hold the database to itself: its pages, its order, its search words, its counts, its JSON."""
    raw = database.raw()
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    raw.execute("INSERT INTO call_search (call_search) VALUES ('integrity-check')")
    rows = list(call_book.all_rows())
    assert [_place(row) for row in rows] == sorted(_place(row) for row in rows)
    assert [row["wire"] for row in rows] == [to_wire(row) for row in rows]
    assert sorted(map(repr, raw.execute(_CELLS))) == sorted(map(repr, raw.execute(_COUNTED)))
    assert raw.execute(_UNCELLED).get == 0
    periods = {number for (number,) in raw.execute("SELECT number FROM period")}
    assert {period_of(row["position"]) for row in rows} <= periods
    patients = {found[0]: (found[1], orjson.loads(found[2])) for found in raw.execute(_PATIENTS)}
    assert _indexed_words() == {
        row["position"]: search.call_words(
            row, period_of(row["position"]), *patients.get(row["patient_id"], (None, ()))
        )
        for row in rows
    }


def _place(row: dict[str, Any]) -> tuple[int, str]:
    started_at = row["created_at"] if row["started_at"] is None else row["started_at"]
    return started_at, row["id"]


def _indexed_words() -> dict[int, tuple[str, ...]]:
    """Give the words of each column of the full-text index, by position, as they stand there."""
    columns = ("summary", "patient", "notes", "transcript", "number", "facets")
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    raw = database.raw()
    raw.execute(_WORDS)
    for term, position, column in raw.execute(
        "SELECT term, doc, col FROM words ORDER BY doc, col, offset"
    ):
        found[position][column].append(term)
    raw.execute("DROP TABLE words")
    return {
        position: tuple(" ".join(texts[column]) for column in columns)
        for position, texts in found.items()
    }
