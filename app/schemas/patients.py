"""Patients on the wire, and what may be asked of them."""

import re
from datetime import date
from typing import Any

import marshmallow as ma
from flask import current_app

from app.instants import today
from app.schemas.base import RequestSchema, Schema
from app.schemas.fields import (
    UPDATED_AT,
    VERSION,
    Identifier,
    Instant,
    List,
    Name,
    PhoneNumber,
    PlainUuid,
    SearchWords,
    String,
    Text,
    YesNo,
)
from app.schemas.pagination import PageArgsSchema, page_of
from app.schemas.tags import MAX_TAGS, TagFilterArgsSchema

MAX_NAME_LENGTH = 200

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class BirthDate(String):
    """A day of the calendar up to today's in the clinic, as YYYY-MM-DD."""

    default_error_messages = {
        "invalid": "must be a date such as 1978-04-23.",
        "future": "must not be in the future.",
    }
    facts = {"format": "date"}

    def read(self, value: Any) -> Any:
        try:
            if not _DATE.fullmatch(value):
                raise self.make_error("invalid")
            day = date.fromisoformat(value)
        except (ValueError, TypeError):
            raise self.make_error("invalid") from None
        if day > today(current_app.config["CLINIC_TIMEZONE"]):
            raise self.make_error("future")
        return value


class Email(Identifier):
    """An e-mail address by marshmallow's rules; blank counts as null."""

    facts = {"format": "email", "pattern": None}
    most = 254  # RFC 5321, errata 1690
    check = ma.validate.Email(error="must be an e-mail address.")

    def read(self, value: Any) -> Any:
        text = super().read(value)
        return None if text is None else self.check(text)


class TagIds(List):
    """Ids of tags, each once, in the order given."""

    default_error_messages = {
        "invalid": "must be a list of tag ids.",
        "many": f"may hold {MAX_TAGS} tags at most.",
    }
    facts = {"maxItems": MAX_TAGS}

    def read(self, value: Any) -> Any:
        ids = super().read(value)
        if len(ids) > MAX_TAGS:
            raise self.make_error("many")
        return list(dict.fromkeys(ids))


class PatientSchema(Schema):
    """A patient of the clinic."""

    id = PlainUuid("The patient's id.", example="60908405-d45c-49a3-9ec3-53c162e917d3")
    first_name = Name(
        "First names, without the spaces around them; empty for a person with one name, which is"
        " the last name.",
        blank=True,
        most=MAX_NAME_LENGTH,
        example="Ana-Lucía",
    )
    last_name = Name(
        "Last name, without the spaces around it.", most=MAX_NAME_LENGTH, example="Okafor"
    )
    date_of_birth = BirthDate("Not after today in the clinic.", example="2000-11-03", null=True)
    phone_number = PhoneNumber("E.164 where readable.", example="+17875550179", null=True)
    email = Email("E-mail address.", example="ana@mail.example", null=True)
    tags = TagIds(
        "Ids of tags, each once, in the order given; a deleted tag is left out.",
        of=PlainUuid(),
        example=[],  # what is shown as an example of a body must be taken as it stands
    )
    active = YesNo(
        "Whether the clinic currently treats the patient; true unless said.", example=True
    )
    created_at = Instant("When the patient was entered.", example="2023-11-07T05:31:56Z")
    updated_at = UPDATED_AT
    version = VERSION


class PatientCreateSchema(RequestSchema, PatientSchema):
    """A new patient; what is left out is unknown."""

    needed = {"last_name"}
    barred = {"created_at", "updated_at", "version"}


class PatientPatchSchema(RequestSchema, PatientSchema):
    """What changes of a patient, and the version that the change is based on."""

    needed = {"version"}
    barred = {"id", "created_at", "updated_at"}


class PatientImportSchema(RequestSchema, PatientSchema):
    """A patient in a file: as it is exported, or less."""

    needed = {"last_name"}


PatientListSchema = page_of(PatientSchema)


class PatientQueryArgsSchema(PageArgsSchema, TagFilterArgsSchema):
    """Which patients."""

    q = SearchWords(
        "Words, all of which must be found, each as the beginning of a word of the names or the"
        " e-mail address; at least three digits also match a part of the telephone number. Case,"
        " accents and punctuation do not matter; quotes as in the search of calls. At most 16"
        " words.",
        example="krish mee",
    )
    phone_number = Text(
        "The same telephone number, however it is written; text that is no number must be the"
        " same but for case.",
        example="(787) 555-0179",
    )
