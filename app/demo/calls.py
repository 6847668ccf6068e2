"""The calls of a day as rows in the shape that the import takes."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.demo.chance import deck, hex_text, pick, seeded, uuid4_text, uuid7_text
from app.demo.dates import dates_of
from app.demo.days import Day
from app.demo.notes import SETTLED, STAFF, WAITING
from app.demo.people import Person, Town
from app.demo.scripts import Script, fill, groups_in, read_book
from app.demo.slots import LANGUAGES, Bank, Slots, words_of
from app.demo.talk import TALKS
from app.demo.transcripts import Spoken, write_transcript
from app.instants import format_instant

KINDS = deck(
    {"inbound": 78, "web": 5, "outbound": 5, "voicemail": 3, "unreached": 3, "lost": 1, "hung_up": 5}
)
CATEGORIES = deck(
    {
        "existing_appointment": 18,
        "rescheduling": 15,
        "new_appointment": 14,
        "appointment_inquiry": 13,
        "billing": 11,
        "cancellation": 9,
        "client_support": 7,
        "miscellaneous": 7,
        "authorization": 6,
    }
)
TYPES = {
    "web": "webCall",
    "outbound": "outboundPhoneCall",
    "voicemail": "outboundPhoneCall",
    "unreached": "outboundPhoneCall",
}
NO_TALK = {"unreached", "lost", "hung_up"}
NEVER_CONNECTED = {"unreached", "lost"}
# Shortest call and the room above it, in milliseconds.
LENGTHS = {
    "settled": (40_000, 200_000),
    "booked": (85_000, 300_000),
    "series": (140_000, 480_000),
    "open": (55_000, 280_000),
    "miscellaneous": (7_000, 70_000),
    "voicemail": (16_000, 26_000),
    "hung_up": (2_000, 16_000),
}
TALKED = {
    "vapi": deck(
        {
            "customer-ended-call": 70,
            "assistant-ended-call": 22,
            "assistant-forwarded-call": 5,
            "silence-timed-out": 3,
        }
    ),
    "retell": deck({"user_hangup": 70, "agent_hangup": 22, "call_transfer": 5, "inactivity": 3}),
}
ENDED_REASONS = {
    ("vapi", "hung_up"): ["customer-ended-call"],
    ("vapi", "lost"): ["twilio-failed-to-connect-call"],
    ("retell", "hung_up"): ["user_hangup"],
    ("retell", "lost"): ["concurrency_limit_reached"],
    ("retell", "voicemail"): ["voicemail_reached"],
    ("retell", "unreached"): deck({"dial_no_answer": 6, "dial_busy": 3, "dial_failed": 1}),
}
