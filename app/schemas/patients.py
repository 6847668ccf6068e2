"""Patients on the wire, and what may be asked of them."""

import re
from datetime import date
from typing import Any

import marshmallow as ma
from flask import current_app

from app.instants import today
from app.schemas.base import Schema
from app.schemas.calls import MAX_TAGS, TagFilterArgsSchema
from app.schemas.fields import (
    INT32,
    REQUIRED,
    Identifier,
    Instant,
    PhoneNumber,
    SearchWords,
    Text,
    UuidText,
    WholeNumber,
)
from app.schemas.pagination import PageArgsSchema, PaginationSchema
from app.schemas.requests import RequestSchema
from app.schemas.tags import Name

MAX_NAME_LENGTH = 200
MAX_EMAIL_LENGTH = 254  # RFC 5321, errata 1690

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class BirthDate(ma.fields.String):
    """A day of the calendar up to today's in the clinic, as YYYY-MM-DD."""

    default_error_messages = {
        **REQUIRED,
        "invalid": "must be a date such as 1978-04-23.",
        "future": "must not be in the future.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs["metadata"] = {"format": "date", **kwargs.get("metadata", {})}
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
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

    def __init__(self, **kwargs: Any) -> None:
        kwargs["metadata"] = {"format": "email", **kwargs.get("metadata", {})}
        super().__init__(**{"most": MAX_EMAIL_LENGTH, **kwargs})
        self.check = ma.validate.Email(error="must be an e-mail address.")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return None if text is None else self.check(text)


class YesNo(ma.fields.Boolean):
    """JSON's true or false, and nothing that only looks like one."""

    default_error_messages = {**REQUIRED, "invalid": "must be true or false."}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class PatientSchema(Schema):
    """A patient of the clinic."""

    id = UuidText(
        required=True,
        metadata={
            "description": "The patient's id.",
            "example": "60908405-d45c-49a3-9ec3-53c162e917d3",
        },
    )
    first_name = Name(
        required=True,
        blank=True,
        most=MAX_NAME_LENGTH,
        metadata={
            "description": "First names, without the spaces around them; empty for a person with"
            " one name, which is the last name.",
            "example": "Ana-Lucía",
        },
    )
    last_name = Name(
        required=True,
        most=MAX_NAME_LENGTH,
        metadata={
            "description": "Last name, without the spaces around it.",
            "example": "Okafor",
        },
    )
    date_of_birth = BirthDate(
        required=True,
        allow_none=True,
        metadata={"description": "Not after today in the clinic.", "example": "2000-11-03"},
    )
    phone_number = PhoneNumber(
        required=True,
        allow_none=True,
        metadata={"description": "E.164 where readable.", "example": "+17875550179"},
    )
    email = Email(
        required=True,
        allow_none=True,
        metadata={"description": "E-mail address.", "example": "ana@mail.example"},
    )
    tags = ma.fields.List(
        UuidText(),
        required=True,
        validate=ma.validate.Length(max=MAX_TAGS, error=f"may hold {MAX_TAGS} tags at most."),
        error_messages={**REQUIRED, "invalid": "must be a list of tag ids."},
        metadata={
            "description": "Ids of tags, each once, in the order given; a deleted tag is left out.",
            "example": ["6694f229-359b-4548-81a0-d5b3ffc6e35c"],
        },
    )
    active = YesNo(
        required=True,
        metadata={
            "description": "Whether the clinic currently treats the patient; true unless said.",
            "example": True,
        },
    )
    created_at = Instant(
        required=True,
        metadata={
            "description": "When the patient was entered.",
            "example": "2023-11-07T05:31:56Z",
        },
    )
    updated_at = Instant(
        required=True,
        metadata={"description": "When it last changed.", "example": "2023-11-07T05:31:56Z"},
    )
    version = WholeNumber(
        1,
        INT32[1],
        required=True,
        metadata={"description": "Grows by one with each change.", "example": 1},
    )

    @ma.post_load
    def name_tags_once(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return (
            values | {"tags": list(dict.fromkeys(values["tags"]))} if "tags" in values else values
        )


class PatientCreateSchema(RequestSchema, PatientSchema):
    """A new patient; what is left out is unknown."""

    needed = ("last_name",)

    class Meta(Schema.Meta):
        exclude = ("created_at", "updated_at", "version")


class PatientPatchSchema(RequestSchema, PatientSchema):
    """What changes of a patient, and the version that the change is based on."""

    needed = ("version",)

    class Meta(Schema.Meta):
        exclude = ("id", "created_at", "updated_at")


class PatientImportSchema(RequestSchema, PatientSchema):
    """A patient in a file: as it is exported, or less."""

    needed = ("last_name",)


class PatientListSchema(ma.Schema):
    """A page of patients."""

    class Meta:
        unknown = ma.EXCLUDE

    data = ma.fields.List(ma.fields.Nested(PatientSchema(unknown=ma.EXCLUDE)), required=True)
    pagination = ma.fields.Nested(PaginationSchema, required=True)


class PatientQueryArgsSchema(PageArgsSchema, TagFilterArgsSchema):
    """Which patients."""

    q = SearchWords(
        metadata={
            "description": "Words, all of which must be found, each as the beginning of a word of"
            " the names or the e-mail address; at least three digits also match a part of the"
            " telephone number. Case, accents and punctuation do not matter; quotes as in the"
            " search of calls. At most 16 words.",
            "example": "oka ana",
        }
    )
    phone_number = Text(
        metadata={
            "description": "The same telephone number, however it is written; text that is no"
            " number must be the same but for case.",
            "example": "(787) 555-0179",
        }
    )
