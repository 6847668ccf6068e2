"""Patients, the tags they bear, and the index in which they are searched."""

from typing import Any, ClassVar

import orjson
from peewee import BlobField, BooleanField, CompositeKey, IntegerField, TextField

from app.models.base import KeptModel, Model, Row
from app.models.engine import connection


class Patient(KeptModel):
    """A patient of the clinic; one with `deleted_at` counts as absent everywhere."""

    # The tags that a patient shows, as a JSON list in the order in which they were given.
    shown: ClassVar[dict[str, str]] = {
        "tags": "(SELECT json_group_array(tag_id ORDER BY place) FROM patient_tag"
        " WHERE patient_id = patient.id AND patient_tag.active)"
    }

    number = IntegerField(primary_key=True)
    id = TextField(unique=True)
    first_name = TextField(default="")
    last_name = TextField()
    sort_key = TextField()
    date_of_birth = TextField(null=True)
    phone_number = TextField(null=True)
    number_key = TextField(null=True)
    email = TextField(null=True)
    active = BooleanField(default=True)
    posted = BlobField(null=True)
    version = IntegerField(default=1)
    created_at = IntegerField()
    updated_at = IntegerField()
    deleted_at = IntegerField(null=True)

    @classmethod
    def read(cls, found: tuple[Any, ...]) -> Row:
        row = super().read(found)
        return row | {"tags": orjson.loads(row["tags"]), "active": bool(row["active"])}


class PatientTag(Model):
    """That a patient bears a tag, `active` while neither is deleted; `place` keeps their order."""

    patient_id = TextField()
    tag_id = TextField()
    place = IntegerField()
    active = BooleanField(default=True)

    class Meta:
        table_name = "patient_tag"
        primary_key = CompositeKey("patient_id", "tag_id")


class PatientSearch(Model):
    """The full-text index of the patients who are not deleted, by `Patient.number`."""

    rowid = IntegerField(primary_key=True)

    class Meta:
        table_name = "patient_search"


def patient_name(patient_id: str) -> str | None:
    """Give the full name of a patient who is not deleted."""
    name: str | None = connection().execute(_NAME, (patient_id,)).get
    return name


def patients_with_number(number_key: str, most: int = 2) -> list[str]:
    """Give the ids of the patients who have a telephone number, at most so many."""
    found = connection().execute(_WITH_NUMBER, (number_key, most))
    return [patient_id for (patient_id,) in found]


def set_tags(patient_id: str, tag_ids: list[str]) -> None:
    """Write down which tags a patient bears, in their order."""
    raw = connection()
    raw.execute("DELETE FROM patient_tag WHERE patient_id = ?", (patient_id,))
    borne = [(patient_id, tag_id, place) for place, tag_id in enumerate(tag_ids)]
    raw.executemany(_SET_TAG, borne)


def settle_tags(column: str, item_id: str) -> None:
    """Let the tags of a patient, or on patients, count only while neither is deleted.

    `column` is `patient_id` or `tag_id`, and `item_id` the id there.
    """
    connection().execute(_SETTLE_TAGS.format(column=column), (item_id,))


def put_patient_words(patient_id: str, words: tuple[str, ...]) -> None:
    """Let a patient be found by words: the name's, the address's and the number's."""
    connection().execute(_PUT_WORDS, (*words, patient_id))


def drop_patient_words(patient_id: str) -> None:
    """Let a patient be found by no word."""
    connection().execute(_DROP_WORDS, (patient_id,))


_NAME = "SELECT first_name || ' ' || last_name FROM patient WHERE id = ? AND deleted_at IS NULL"
_WITH_NUMBER = "SELECT id FROM patient WHERE number_key = ? AND deleted_at IS NULL LIMIT ?"
_SET_TAG = "INSERT INTO patient_tag (patient_id, tag_id, place) VALUES (?, ?, ?)"
_SETTLE_TAGS = (
    "UPDATE patient_tag SET active ="
    " EXISTS (SELECT 1 FROM tag WHERE id = tag_id AND deleted_at IS NULL)"
    " AND EXISTS (SELECT 1 FROM patient WHERE id = patient_id AND deleted_at IS NULL)"
    " WHERE {column} = ?"
)
_PUT_WORDS = (
    "INSERT INTO patient_search (rowid, name, email, number)"
    " SELECT number, ?, ?, ? FROM patient WHERE id = ?"
)
_DROP_WORDS = "DELETE FROM patient_search WHERE rowid = (SELECT number FROM patient WHERE id = ?)"
