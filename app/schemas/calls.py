"""Calls on the wire: the sixteen keys of the list, the details, and what may be asked and sent."""

from typing import Any

import marshmallow as ma

from app import words as search
from app.instants import ends_before_it_starts
from app.schemas.base import MAX_VALUE_LENGTH, Schema
from app.schemas.fields import (
    INT32,
    Amount,
    Choice,
    Identifier,
    Instant,
    InstantBound,
    Language,
    PhoneNumber,
    QueryNumber,
    Text,
    UuidText,
    WholeNumber,
)
from app.schemas.pagination import PageArgsSchema, PaginationSchema

CATEGORIES = (
    "client_support",
    "miscellaneous",
    "billing",
    "new_appointment",
    "existing_appointment",
    "rescheduling",
    "cancellation",
    "authorization",
    "appointment_inquiry",
)
STATUSES = ("pending", "done", "follow_up_needed")
TAG_FILTER_MODES = ("any", "all", "exclude_any", "exclude_all")
SORTS = ("-started_at", "started_at")
MAX_TAGS = 100
MAX_DURATION_MIN = 4_300_000_000  # more than lie between two instants of 1970 to 9999
MAX_COST_USD = 1_000_000


def _about(description: str, example: Any = None) -> dict[str, Any]:
    return {"description": description} | ({} if example is None else {"example": example})


class CallSchema(Schema):
    """A call in the list: sixteen keys, always all of them, null where unknown."""

    id = UuidText(
        required=True, metadata=_about("The call's id.", "3c90c3cc-0d44-4b50-8888-8dd25736052a")
    )
    org_id = ma.fields.String(required=True, metadata=_about("The clinic's id.", "clinic"))
    created_at = Instant(
        required=True, metadata=_about("When the call was made known.", "2023-11-07T05:31:56Z")
    )
    assistant_id = Identifier(
        required=True, allow_none=True, metadata=_about("The AI assistant.", "asst_front-desk")
    )
    phone_number_id = Identifier(
        required=True, allow_none=True, metadata=_about("The clinic's line.", "pn_main")
    )
    type = Identifier(
        required=True,
        allow_none=True,
        metadata=_about(
            "How it came: inboundPhoneCall, outboundPhoneCall, webCall.", "inboundPhoneCall"
        ),
    )
    started_at = Instant(
        required=True,
        allow_none=True,
        metadata=_about("When it began; null if it never did.", "2023-11-07T05:31:56Z"),
    )
    ended_at = Instant(
        required=True, allow_none=True, metadata=_about("When it ended.", "2023-11-07T05:34:26Z")
    )
    summary = Text(
        required=True,
        allow_none=True,
        metadata=_about("What was said, in brief.", "Moved Thursday's visit to Friday at 10."),
    )
    customer_number = PhoneNumber(
        required=True,
        allow_none=True,
        metadata=_about("The caller's number: E.164 where readable.", "+12125550123"),
    )
    status = Choice(
        STATUSES,
        name="CallStatus",
        required=True,
        metadata=_about("What staff still have to do; starts `pending`.", "pending"),
    )
    category = Choice(
        CATEGORIES,
        name="CallCategory",
        required=True,
        allow_none=True,
        metadata=_about("What the call was about.", "rescheduling"),
    )
    duration_min = Amount(
        most=MAX_DURATION_MIN,
        decimals=2,
        required=True,
        allow_none=True,
        metadata=_about("Minutes, two decimals.", 2.5),
    )
    patient_id = Identifier(
        required=True,
        allow_none=True,
        metadata=_about(
            "The patient; may be one that this service does not hold.",
            "60908405-d45c-49a3-9ec3-53c162e917d3",
        ),
    )
    language = Language(
        required=True,
        allow_none=True,
        metadata=_about("English name in lower case; ISO 639 codes are taken in.", "english"),
    )
    sessions_scheduled = WholeNumber(
        *INT32,
        required=True,
        allow_none=True,
        metadata=_about("Sessions booked during the call.", 1),
    )


class CallDetailSchema(CallSchema):
    """A call with everything that is known of it."""

    provider = Identifier(
        required=True, allow_none=True, metadata=_about("Whose assistant it was.", "retell")
    )
    external_id = Identifier(
        required=True,
        allow_none=True,
        metadata=_about("The provider's id of the call.", "Jabr9TXY"),
    )
    transcript = Text(required=True, allow_none=True, metadata=_about("What was said, in full."))
    recording_url = Text(
        required=True, allow_none=True, most=2048, metadata=_about("Where the recording lies.")
    )
    cost_usd = Amount(
        most=MAX_COST_USD,
        decimals=6,
        required=True,
        allow_none=True,
        metadata=_about("What the provider charged, US dollars.", 0.069),
    )
    ended_reason = Identifier(
        required=True, allow_none=True, metadata=_about("Why it ended, in the provider's words.")
    )
    notes = Text(required=True, allow_none=True, metadata=_about("What staff wrote about it."))
    updated_at = Instant(required=True, metadata=_about("When it last changed."))
    version = WholeNumber(
        1, INT32[1], required=True, metadata=_about("Grows by one with each change.", 1)
    )


class CallListSchema(ma.Schema):
    """A page of calls."""

    class Meta:
        unknown = ma.EXCLUDE

    data = ma.fields.List(ma.fields.Nested(CallSchema(unknown=ma.EXCLUDE)), required=True)
    pagination = ma.fields.Nested(PaginationSchema, required=True)


class TagFilterArgsSchema(Schema):
    """How the tags of a patient are asked for."""

    ALIASES = {"tags": "tags[]"}

    tags = ma.fields.List(
        Identifier(),
        data_key="tags[]",
        metadata=_about(
            "Tag ids, repeatable, at most 100; an id that no tag has is held by nobody. `tags` is"
            " another name of this parameter."
        )
        | {"maxItems": MAX_TAGS},
    )
    tag_filter_mode = Choice(
        TAG_FILTER_MODES,
        name="TagFilterMode",
        load_default="any",
        metadata=_about(
            "How the patient's tags meet those asked for: `any` shares one, `all` holds all,"
            " `exclude_any` shares none, `exclude_all` does not hold all. A call without a patient"
            " has no tags. Without `tags[]` the mode changes nothing.",
            "any",
        ),
    )

    @ma.post_load
    def join_tags(self, args: dict[str, Any], **_: Any) -> dict[str, Any]:
        tags = tuple(dict.fromkeys(args.get("tags", ())))
        if len(tags) > MAX_TAGS:
            raise ma.ValidationError(f"may name at most {MAX_TAGS} tags.", "tags[]")
        return args | {"tags": tags}


class CallQueryArgsSchema(TagFilterArgsSchema, PageArgsSchema):
    """Which calls, in which order."""

    q = Text(
        most=MAX_VALUE_LENGTH,
        metadata=_about(
            "Words, all of which must be found, each in any of: the summary, the patient's full"
            " name, the notes, the transcript. Case, accents and punctuation do not matter; a word"
            ' matches the beginning of a word; `"in quotes"` must stand together, whole words; at'
            " least three digits also match a part of the customer's number. At most 16 words.",
            "garcia resched",
        ),
    )
    assistant_id = Identifier(metadata=_about("Exactly this assistant.", "asst_front-desk"))
    status = Choice(STATUSES, name="CallStatus", metadata=_about("Calls of this status.", "done"))
    category = Choice(
        CATEGORIES, name="CallCategory", metadata=_about("Calls of this category.", "billing")
    )
    type = Identifier(metadata=_about("Exactly this type.", "inboundPhoneCall"))
    customer_number = Text(
        most=MAX_VALUE_LENGTH,
        metadata=_about(
            "The same telephone number, however it is written; text that is no number must be the"
            " same but for case.",
            "(212) 555-0123",
        ),
    )
    patient_id = Identifier(metadata=_about("Exactly this patient."))
    sessions_scheduled_min = QueryNumber(
        *INT32, metadata=_about("At least so many sessions booked; unknown counts as 0.", 1)
    )
    started_gte = InstantBound(
        metadata=_about(
            "Started at or after this instant. RFC 3339, seconds optional; without an offset in"
            " the clinic's time zone; a date alone from its first moment. Calls that never started"
            " are left out.",
            "2023-11-07T05:31:56Z",
        )
    )
    started_lte = InstantBound(
        end_of_day=True,
        metadata=_about(
            "Started at or before this instant; a date alone to its last moment.", "2023-11-07"
        ),
    )
    sort = Choice(
        SORTS,
        name="CallSort",
        load_default=SORTS[0],
        metadata=_about("`-started_at` is newest first, `started_at` oldest first.", SORTS[0]),
    )

    @ma.validates("q")
    def check_words(self, q: str, **_: Any) -> None:
        try:
            search.match_expression(q)
        except search.TooManyWords:
            raise ma.ValidationError(f"may hold at most {search.MAX_WORDS} words.") from None


class CallCreateSchema(CallDetailSchema):
    """A new call; what is left out is unknown."""

    class Meta(Schema.Meta):
        exclude = ("org_id", "updated_at", "version")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"partial": True, **kwargs})

    @ma.validates_schema
    def check_instants(self, values: dict[str, Any], **_: Any) -> None:
        if ends_before_it_starts(values.get("started_at"), values.get("ended_at")):
            raise ma.ValidationError("must not be before started_at.", "ended_at")

    def finish(self, values: dict[str, Any]) -> dict[str, Any]:
        self.check_instants(values)
        return values


class CallPatchSchema(CallDetailSchema):
    """What a person decides about a call; a field given so, null too, is theirs from then on."""

    class Meta(Schema.Meta):
        exclude = ("id", "org_id", "created_at", "provider", "external_id", "updated_at")

    def __init__(self, **kwargs: Any) -> None:
        given = tuple(name for name in CallDetailSchema._declared_fields if name != "version")
        super().__init__(**{"partial": given, **kwargs})


class CallImportSchema(CallCreateSchema):
    """A call in a file: as it is exported. `org_id` is read over: the setting decides."""

    class Meta(Schema.Meta):
        exclude = ()

    id = UuidText()
    org_id = ma.fields.Raw(allow_none=True)  # type: ignore[assignment]

    @ma.post_load
    def drop_org_id(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        values.pop("org_id", None)
        return values

    def finish(self, values: dict[str, Any]) -> dict[str, Any]:
        return self.drop_org_id(super().finish(values))
