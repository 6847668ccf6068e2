"""What becomes of tags: no two have the same name."""

import unicodedata
from collections.abc import Iterable

from app import words
from app.models.base import Row
from app.models.calls import touch_periods_of
from app.models.patients import PatientTag, settle_tags
from app.models.tags import Tag
from app.problems import Problem
from app.services.collection import Collection


class Tags(Collection):
    """The labels that patients bear."""

    model = Tag

    def check_row(self, row: Row, before: Row | None) -> None:
        key = name_key(row["name"])
        is_new = before is None or before["name_key"] != key
        if is_new and Tag.select().where(Tag.name_key == key, Tag.deleted_at.is_null()).exists():
            raise Problem("already_exists", "There is a tag with this name.", "name")

    def derive(self, row: Row) -> None:
        row["name_key"] = name_key(row["name"])
        row["sort_key"] = words.fold(row["name"])

    def follow(self, before: Row | None, row: Row) -> None:
        if before and before["deleted_at"] != row["deleted_at"]:
            bearers = PatientTag.select(PatientTag.patient_id).where(PatientTag.tag_id == row["id"])
            touch_periods_of([bearer.patient_id for bearer in bearers])
            settle_tags("tag_id", row["id"])

    def names(self, tag_ids: Iterable[str]) -> list[str]:
        """Give the names of tags, of those that there are."""
        rows = (self.model.find_row(tag_id) for tag_id in tag_ids)
        return [row["name"] for row in rows if row and row["deleted_at"] is None]

    def named(self, name: str) -> Row:
        """Give the tag of a name, made where there is none."""
        for row in self.model.find_rows("name_key = ? AND deleted_at IS NULL", name_key(name)):
            return row
        return self.create({"name": name})[1]


def name_key(name: str) -> str:
    """Give what two names share that differ in nothing but case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


tags = Tags()
