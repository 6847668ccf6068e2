"""What becomes of tags: no two have the same name."""

import unicodedata

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


def name_key(name: str) -> str:
    """Give what two names share that differ in nothing but case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


tags = Tags()
