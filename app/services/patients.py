"""The book of patients: their tags, their search text, and the names that calls are found by."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import current_app

from app import phones
from app import words as search
from app.models.engine import database
from app.models.patients import TAGS_SHOWN, Patient
from app.models.tags import tag_exists
from app.problems import Problem
from app.services import filters
from app.services.call_index import reindex_calls
from app.services.collection import Book, Row


class PatientBook(Book):
    """The people whom the clinic treats, or has treated."""

    model = Patient
    blank = {
        "first_name": "",
        "date_of_birth": None,
        "phone_number": None,
        "email": None,
        "tags": [],
        "active": True,
    }
    shown = {"tags": TAGS_SHOWN}

    def read(self, found: tuple[Any, ...]) -> Row:
        row = super().read(found)
        row["tags"] = orjson.loads(row["tags"])
        row["active"] = bool(row["active"])
        return row

    def where(self, args: Mapping[str, Any]) -> Any:
        return filters.patients_where(args)

    def settle(self, row: Row, before: Row | None) -> None:
        number = row["phone_number"]
        region = current_app.config["CLINIC_REGION"]
        row["number_key"] = None if number is None else phones.match_key(number, region)
        # A tab comes before the space: all of the name Berg before any of the name Berg Olsen.
        row["sort_key"] = f"{search.fold(row['last_name'])}\t{search.fold(row['first_name'])}"
        if row["tags"] != (before["tags"] if before else []):
            _check_tags(row["tags"])

    def follow(self, before: Row | None, row: Row) -> None:
        raw = database.raw()
        other_tags = row["tags"] != (before["tags"] if before else [])
        if other_tags:
            raw.execute(_DELETE_TAGS, (row["id"],))
            bears = [(row["id"], tag_id, place) for place, tag_id in enumerate(row["tags"])]
            raw.executemany(_INSERT_TAG, bears)
        if row["deleted_at"] is not None:
            raw.execute(_HIDE_TAGS, (row["id"],))
        if _searched(row) != _searched(before):
            if before:
                raw.execute(_DELETE_SEARCH, (row["id"],))
            if row["deleted_at"] is None:
                raw.execute(_INSERT_SEARCH, (*_search_text(row), row["id"]))
        if other_tags or _searched(row)[:2] != _searched(before)[:2]:
            reindex_calls(row["id"])


def _check_tags(tag_ids: list[str]) -> None:
    for tag_id in tag_ids:
        if not tag_exists(tag_id):
            raise Problem("invalid_field", f"tags holds {tag_id}, which is no tag.", "tags")


def _searched(row: Row | None) -> tuple[str | None, ...]:
    """Give what a patient is found by, the two names first; nothing of one who is absent."""
    if row is None or row["deleted_at"] is not None:
        return ()
    return (row["first_name"], row["last_name"], row["email"], row["phone_number"])


def _search_text(row: Row) -> tuple[str, str, str]:
    return (
        search.fold(f"{row['first_name']} {row['last_name']}"),
        search.fold(row["email"] or ""),
        search.number_words(row["phone_number"] or ""),
    )


_INSERT_TAG = "INSERT INTO patient_tag (patient_id, tag_id, place) VALUES (?, ?, ?)"
_DELETE_TAGS = "DELETE FROM patient_tag WHERE patient_id = ?"
_HIDE_TAGS = "UPDATE patient_tag SET active = 0 WHERE patient_id = ?"
_DELETE_SEARCH = (
    "DELETE FROM patient_search WHERE rowid = (SELECT number FROM patient WHERE id = ?)"
)
_INSERT_SEARCH = (
    "INSERT INTO patient_search (rowid, name, email, number)"
    " SELECT number, ?, ?, ? FROM patient WHERE id = ?"
)

patients = PatientBook()
