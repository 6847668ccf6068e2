"""The book of tags: no two of the same name."""

import unicodedata

from app import words as search
from app.models.engine import database
from app.models.tags import Tag
from app.problems import Problem
from app.services.collection import Book, Row


class TagBook(Book):
    """The labels that patients bear."""

    model = Tag

    def settle(self, row: Row, before: Row | None) -> None:
        row["name_key"] = name_key(row["name"])
        row["sort_key"] = search.fold(row["name"])
        is_new = before is None or before["name_key"] != row["name_key"]
        if is_new and database.raw().execute(_NAMED, (row["name_key"],)).fetchone():
            raise Problem("already_exists", "There is a tag with this name.", "name")

    def follow(self, before: Row | None, row: Row) -> None:
        if row["deleted_at"] is not None:
            database.raw().execute(_HIDE, (row["id"],))


def name_key(name: str) -> str:
    """Give what two names share that differ in nothing but case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


_NAMED = "SELECT 1 FROM tag WHERE name_key = ? AND deleted_at IS NULL"
_HIDE = "UPDATE patient_tag SET active = 0 WHERE tag_id = ?"

tags = TagBook()
