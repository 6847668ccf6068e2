"""What becomes of patients: their tags, their words, and the names that calls are found by."""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from app import phones, words
from app.models.base import Row
from app.models.calls import touch_periods_of
from app.models.patients import (
    Patient,
    drop_patient_words,
    put_patient_words,
    set_tags,
    settle_tags,
)
from app.models.tags import tag_exists
from app.problems import Problem
from app.services.calls import calls
from app.services.collection import Collection
from app.services.filters import PATIENT_FILTERS, conditions


class Patients(Collection):
    """The people whom the clinic treats, or has treated."""

    model = Patient
    has_history = True
    blank = {
        "first_name": "",
        "date_of_birth": None,
        "phone_number": None,
        "email": None,
        "tags": [],
        "active": True,
    }

    def find(self, patient_id: str | None) -> Row | None:
        """Give a patient, or None for an id that this service does not hold."""
        row = self.model.find_row(patient_id) if patient_id else None
        return row if row and row["deleted_at"] is None else None

    def where(self, args: Mapping[str, Any]) -> Any:
        condition = super().where(args)
        for more in conditions(PATIENT_FILTERS, args):
            condition &= more
        return condition

    def check_row(self, row: Row, before: Row | None) -> None:
        if row["tags"] != (before["tags"] if before else []):
            for tag_id in row["tags"]:
                if not tag_exists(tag_id):
                    message = f"tags holds {tag_id}, which is no tag."
                    raise Problem("invalid_field", message, "tags")

    def derive(self, row: Row) -> None:
        number = row["phone_number"]
        region = current_app.config["CLINIC_REGION"]
        row["number_key"] = None if number is None else phones.match_key(number, region)
        # A tab comes before the space: all of the name Berg before any of the name Berg Olsen.
        row["sort_key"] = f"{words.fold(row['last_name'])}\t{words.fold(row['first_name'])}"

    def follow(self, before: Row | None, row: Row) -> None:
        was, now = _searched(before), _searched(row)
        if was != now:
            if was:
                drop_patient_words(row["id"])
            if now:
                put_patient_words(row["id"], _words(row))
        if (before["tags"] if before else []) != row["tags"]:
            set_tags(row["id"], row["tags"])
            touch_periods_of([row["id"]])
        if before and before["deleted_at"] != row["deleted_at"]:
            settle_tags("patient_id", row["id"])
            touch_periods_of([row["id"]])
        if was[:2] != now[:2]:
            calls.name_changed(row["id"])


def _searched(row: Row | None) -> tuple[str | None, ...]:
    """Give what a patient is found by, the two names first; nothing of one who is absent."""
    if row is None or row["deleted_at"] is not None:
        return ()
    return (row["first_name"], row["last_name"], row["email"], row["phone_number"])


def _words(row: Row) -> tuple[str, str, str]:
    return (
        words.fold(f"{row['first_name']} {row['last_name']}"),
        words.fold(row["email"] or ""),
        words.number_words(row["phone_number"] or ""),
    )


patients = Patients()
