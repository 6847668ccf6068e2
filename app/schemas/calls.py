"""Calls on the wire: the sixteen keys of the list, the details, and what may be asked and sent."""

from typing import Any

import marshmallow as ma

from app.instants import ends_before_it_starts
from app.schemas.base import RequestSchema, Schema
from app.schemas.fields import (
    MAX_VALUE_LENGTH,
    UPDATED_AT,
    VERSION,
    Amount,
    Anything,
    Choice,
    Identifier,
    Instant,
    InstantBound,
    Language,
    PhoneNumber,
    QueryNumber,
    SearchWords,
    String,
    Text,
    UuidText,
    WholeNumber,
)
from app.schemas.pagination import PageArgsSchema, page_of
from app.schemas.tags import TagFilterArgsSchema

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
OUTCOMES = ("no_answer", "left_message", "reached")
SORTS = ("-started_at", "started_at")
MAX_DURATION_MIN = 4_300_000_000  # more than lie between two instants of 1970 to 9999
MAX_COST_USD = 1_000_000


class CallSchema(Schema):
    """A call in the list: sixteen keys, always all of them, null where unknown."""

    id = UuidText("The call's id.", example="3c90c3cc-0d44-4b50-8888-8dd25736052a")
    org_id = String("The clinic's id.", example="clinic")
    created_at = Instant("When the call was made known.", example="2023-11-07T05:31:56Z")
    assistant_id = Identifier("The AI assistant.", example="asst_front-desk", null=True)
    phone_number_id = Identifier("The clinic's line.", example="pn_main", null=True)
    type = Identifier(
        "How it came: inboundPhoneCall, outboundPhoneCall, webCall.",
        example="inboundPhoneCall",
        null=True,
    )
    started_at = Instant(
        "When it began; null if it never did.", example="2023-11-07T05:31:56Z", null=True
    )
    ended_at = Instant("When it ended.", example="2023-11-07T05:34:26Z", null=True)
    summary = Text(
        "What was said, in brief.", example="Moved Thursday's visit to Friday at 10.", null=True
    )
    customer_number = PhoneNumber(
        "The caller's number: E.164 where readable.", example="+12125550123", null=True
    )
    status = Choice(
        "What staff still have to do; starts `pending`.",
        of=STATUSES,
        name="CallStatus",
        example="pending",
    )
    category = Choice(
        "What the call was about.",
        of=CATEGORIES,
        name="CallCategory",
        example="rescheduling",
        null=True,
    )
    duration_min = Amount(
        "Minutes, two decimals.", most=MAX_DURATION_MIN, decimals=2, example=2.5, null=True
    )
    patient_id = Identifier(
        "The patient; may be one that this service does not hold.",
        example="60908405-d45c-49a3-9ec3-53c162e917d3",
        null=True,
    )
    language = Language(
        "English name in lower case; ISO 639 codes and tags are taken in and turned into it.",
        example="english",
        null=True,
    )
    sessions_scheduled = WholeNumber("Sessions booked during the call.", example=1, null=True)


class CallFileSchema(CallSchema):
    """A call as it stands in a file: all that is known of it but the attempts."""

    provider = Identifier("Whose assistant it was.", example="retell", null=True)
    external_id = Identifier("The provider's id of the call.", example="Jabr9TXY", null=True)
    transcript = Text(
        "What was said, in full.", example="AI: Good morning!\nUser: Hello.", null=True
    )
    recording_url = Text(
        "Where the recording lies.",
        most=2048,
        example="https://recordings.example/Jabr9TXY.wav",
        null=True,
    )
    cost_usd = Amount(
        "What the provider charged, US dollars.",
        most=MAX_COST_USD,
        decimals=6,
        example=0.069,
        null=True,
    )
    ended_reason = Identifier(
        "Why it ended, in the provider's words.", example="user_hangup", null=True
    )
    notes = Text("What staff wrote about it.", example="Forms sent by e-mail.", null=True)
    updated_at = UPDATED_AT
    version = VERSION
    # As an example, null: a body of examples must be taken as it stands, and names here are few.
    assignee = Identifier(
        "Who has it: the name of a person who signs in here.", facts={"examples": [None]}, null=True
    )
    due_at = Instant(
        "When somebody wants to try again; cleared when it is done.",
        example="2030-11-07T14:00:00Z",
        null=True,
    )


class CallDetailSchema(CallFileSchema):
    """A call with everything that is known of it."""

    attempts = WholeNumber("How often staff tried to reach the caller.", least=0, example=2)


class CallCreateSchema(RequestSchema, CallFileSchema):
    """A new call; what is left out is unknown."""

    barred = {"org_id", "updated_at", "version", "assignee", "due_at"}

    def finish(self, values: dict[str, Any]) -> None:
        if ends_before_it_starts(values.get("started_at"), values.get("ended_at")):
            raise ma.ValidationError("must not be before started_at.", "ended_at")


class CallPatchSchema(RequestSchema, CallFileSchema):
    """What a person decides about a call; a field given so, null too, is theirs from then on."""

    needed = {"version"}
    barred = {"id", "org_id", "created_at", "provider", "external_id", "updated_at"}


class AttemptCreateSchema(RequestSchema):
    """That somebody tried to reach the caller, and when to try again."""

    needed = {"outcome"}

    outcome = Choice("How it went.", of=OUTCOMES, name="AttemptOutcome", example="left_message")
    note = Text("What there is to say of it.", most=2000, example="With her son.", null=True)
    due_at = Instant(
        "When to try again, an instant to come; without one the call has none any more, as after"
        " `reached`.",
        example="2030-11-07T14:00:00Z",
        null=True,
    )
    version = WholeNumber("The version that it was decided on; another is 409.", least=1, example=1)


class CallImportSchema(CallCreateSchema):
    """A call in a file: as it is exported. `org_id` is read over: the setting decides."""

    barred = set[str]()

    org_id = Anything(null=True)  # type: ignore[assignment]

    def finish(self, values: dict[str, Any]) -> None:
        values.pop("org_id", None)
        super().finish(values)


CallListSchema = page_of(CallSchema)


class CallFilterArgsSchema(TagFilterArgsSchema):
    """Which calls."""

    q = SearchWords(
        "Words, all of which must be found, each in any of: the summary, the patient's full name,"
        " the notes, the transcript. Case, accents and punctuation do not matter; a word matches"
        ' the beginning of a word; `"in quotes"` must stand together, whole words; at least three'
        " digits also match a part of the customer's number. At most 16 words.",
        most=MAX_VALUE_LENGTH,
        example="insurance eval",
    )
    assistant_id = Identifier("Exactly this assistant.", example="asst_front-desk")
    status = Choice("Calls of this status.", of=STATUSES, name="CallStatus", example="done")
    category = Choice(
        "Calls of this category.", of=CATEGORIES, name="CallCategory", example="billing"
    )
    type = Identifier("Exactly this type.", example="inboundPhoneCall")
    customer_number = Text(
        "The same telephone number, however it is written; text that is no number must be the"
        " same but for case.",
        most=MAX_VALUE_LENGTH,
        example="(212) 555-0161",
    )
    patient_id = Identifier("Exactly this patient.", example="60908405-d45c-49a3-9ec3-53c162e917d3")
    sessions_scheduled_min = QueryNumber(
        "At least so many sessions booked; unknown counts as 0.", example=1
    )
    started_gte = InstantBound(
        "Started at or after this instant. RFC 3339, seconds optional; without an offset in the"
        " clinic's time zone; a date alone from its first moment. Calls that never started are"
        " left out.",
        example="2023-11-07T05:31:56Z",
    )
    started_lte = InstantBound(
        "Started at or before this instant; a date alone to its last moment.",
        end_of_day=True,
        example="2030-11-07T23:59:59Z",
    )


class CallQueryArgsSchema(CallFilterArgsSchema, PageArgsSchema):
    """Which calls, in which order."""

    sort = Choice(
        "`-started_at` is newest first, `started_at` oldest first.",
        of=SORTS,
        name="CallSort",
        load_default=SORTS[0],
        example=SORTS[0],
    )
