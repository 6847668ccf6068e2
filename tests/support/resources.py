"""The three resources of the API, for what is the same of each: one behaviour, one test."""

from dataclasses import dataclass
from typing import Any

import pytest

Row = dict[str, Any]

# What no resource has.
NOBODY = "00000000-0000-4000-8000-000000000000"
CALL_ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
PATIENT_ID = "60908405-d45c-49a3-9ec3-53c162e917d3"
TAG_ID = "6018366c-f658-47a7-9ed3-4fe53a096533"


@dataclass(frozen=True)
class Resource:
    """A resource, a text of it that must be given or may be, and a row that says everything.

    `same` is what may be posted besides or instead and still is the same content.
    """

    name: str
    id: str
    text: str
    same: Row
    whole: Row

    @property
    def url(self) -> str:
        return f"/v1/{self.name}"

    @property
    def one(self) -> str:
        """Give the address of the one whose content is `given`."""
        return f"{self.url}/{self.id}"

    @property
    def given(self) -> Row:
        """Give what a client posts of one."""
        return {"id": self.id, self.text: "Okafor"}

    @property
    def other(self) -> Row:
        """Give what makes another content of `given`."""
        return {self.text: "Bose"}


CALLS = Resource(
    name="calls",
    id=CALL_ID,
    text="summary",
    same={},
    whole={
        "id": CALL_ID,
        "org_id": "clinic",
        "created_at": "2024-11-15T09:07:28.250Z",
        "assistant_id": "asst_front-desk",
        "phone_number_id": "pn_main",
        "type": "inboundPhoneCall",
        "started_at": "2024-11-15T09:01:54Z",
        "ended_at": "2024-11-15T09:07:27.999Z",
        "summary": 'Insurance: «Straße», 100%, "quoted",\nsecond line\r\nthird; 🦷',
        "customer_number": "+12125550738",
        "status": "follow_up_needed",
        "category": "billing",
        "duration_min": 4.25,
        "patient_id": "somebody elsewhere",
        "language": "spanish",
        "sessions_scheduled": -3,
        "provider": "retell",
        "external_id": "Jabr9TXY",
        "transcript": "Agent: =1+1\nCaller: '=1",
        "recording_url": "https://recordings.example/x?a=b&c=d",
        "cost_usd": 0.069001,
        "ended_reason": "customer-ended-call",
        "notes": "-5 = @home, +1",
        "updated_at": "2024-12-01T00:00:00Z",
        "version": 7,
        "assignee": None,
        "due_at": "2030-11-07T14:00:00Z",
    },
)
TAGS = Resource(
    name="tags",
    id=TAG_ID,
    text="name",
    same={"name": "Okafor\t"},
    whole={
        "id": TAG_ID,
        "name": "=VIP",
        "created_at": "2023-11-07T05:31:56Z",
        "updated_at": "2024-02-01T00:00:00Z",
        "version": 3,
    },
)
PATIENTS = Resource(
    name="patients",
    id=PATIENT_ID,
    text="last_name",
    same={"last_name": " Okafor", "first_name": "", "email": None, "tags": []},
    whole={
        "id": PATIENT_ID,
        "first_name": "Åsa",
        "last_name": "Smith",
        "date_of_birth": "1978-04-23",
        "phone_number": "+17875550132",
        "email": "asa@mail.example",
        "tags": [TAG_ID],
        "active": False,
        "created_at": "2023-11-07T05:31:56Z",
        "updated_at": "2024-02-01T00:00:00.500Z",
        "version": 7,
    },
)

# A patient's tags are there before the patient.
RESOURCES = (CALLS, TAGS, PATIENTS)
each = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
