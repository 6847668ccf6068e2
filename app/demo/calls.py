"""The calls as rows in the shape that the import takes: instants, status, provider's part."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from app.demo.chance import deck, pick, retell_call_id, seeded, uuid4_text, uuid7_text
from app.demo.conversations import OUTBOUND, Conversation, Reception
from app.demo.days import Day
from app.demo.notes import SETTLED, STAFF, WAITING
from app.demo.people import Town
from app.demo.transcripts import write_transcript
from app.instants import format_instant

TYPES = {
    "web": "webCall",
    "outbound": "outboundPhoneCall",
    "voicemail": "outboundPhoneCall",
    "unreached": "outboundPhoneCall",
}
NEVER_CONNECTED = {"unreached", "lost"}
# The shortest call and the room above it, in milliseconds: by kind, by category, by outcome.
LENGTHS: dict[str | None, tuple[int, int]] = {
    "voicemail": (16_000, 26_000),
    "hung_up": (2_000, 16_000),
    "miscellaneous": (9_000, 70_000),
    "settled": (40_000, 200_000),
    "booked": (85_000, 300_000),
    "series": (140_000, 480_000),
    "open": (55_000, 280_000),
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


CENTS_A_MINUTE = {"vapi": 9.2, "retell": 11.5}
MINUTES = [f"{at // 60:02d}:{at % 60:02d}" for at in range(3600)]


class Line(NamedTuple):
    """One assistant, with the provider it runs on and the number it speaks from."""

    assistant_id: str
    provider: str
    phone_number_id: str


FRONT_DESK = Line("asst_front-desk", "vapi", "pn_main")
AFTER_HOURS = Line("asst_after-hours", "retell", "pn_main")
OUTREACH = Line("asst_outreach", "retell", "pn_outreach")


@lru_cache(maxsize=64)
def hour_text(hour: int) -> str:
    return format_instant(hour * 3_600_000)[:14]


def instant_text(instant_ms: int) -> str:
    """What format_instant gives, three times as fast for calls that come in order."""
    hour, rest_ms = divmod(instant_ms, 3_600_000)
    second, rest_ms = divmod(rest_ms, 1000)
    fraction = f".{rest_ms:03d}" if rest_ms else ""
    return f"{hour_text(hour)}{MINUTES[second]}{fraction}Z"


class CallBook:
    """Writes down each conversation as the provider and the staff would."""

    def __init__(
        self, town: Town, seed: int, *, transcripts: bool, transcript_chars: int | None
    ) -> None:
        self.reception = Reception(town, seed, transcripts=transcripts)
        source = seeded(seed, "calls")
        self.draw, self.bits = source.random, source.getrandbits
        # With their own source, transcripts do not change the calls that they belong to.
        self.talk_draw = seeded(seed, "transcripts").random
        self.transcripts = transcripts
        self.transcript_chars = transcript_chars

    def calls_of(self, day: Day) -> Iterator[dict[str, Any]]:
        self.reception.open_day(day)
        # Old calls have been dealt with, the newest nobody has looked at yet.
        self.pending = 0.8 if day.age < 2 else min(0.5, 1.4 / day.age**1.5)
        self.following = {"open": 0.9 / (1 + day.age / 12), None: 0.25 / (1 + day.age / 6)}
        for instant_ms in day.instants_ms:
            working = day.opens_ms <= instant_ms < day.closes_ms
            talk = self.reception.answer(working)
            line = FRONT_DESK if working else AFTER_HOURS
            yield self.row(talk, OUTREACH if talk.kind in OUTBOUND else line, instant_ms)

    def row(self, talk: Conversation, line: Line, instant_ms: int) -> dict[str, Any]:
        draw, kind = self.draw, talk.kind
        status = self.status_of(talk.outcome)
        vapi = line.provider == "vapi"
        # Vapi opens the call while it still rings.
        created_ms = instant_ms - 1000 - int(draw() * 4000) if vapi else instant_ms
        row = {
            "id": uuid7_text(created_ms, self.bits),
            "created_at": instant_text(created_ms),
            "assistant_id": line.assistant_id,
            "phone_number_id": None if kind == "web" else line.phone_number_id,
            "type": TYPES.get(kind, "inboundPhoneCall"),
            "started_at": None,
            "ended_at": None,
            "summary": talk.summary,
            "customer_number": talk.number,
            "status": status,
            "category": talk.category,
            "duration_min": None,
            "patient_id": self.patient_id_of(status, talk),
            "language": talk.language,
            "sessions_scheduled": talk.sessions,
            "provider": line.provider,
            "external_id": uuid4_text(self.bits) if vapi else retell_call_id(self.bits),
            "transcript": None,
            "recording_url": None,
            "cost_usd": None,
            "ended_reason": pick(
                ENDED_REASONS.get((line.provider, kind)) or TALKED[line.provider], draw
            ),
            "notes": None if status == "pending" else self.notes_of(status, talk),
        }
        if kind not in NEVER_CONNECTED:
            self.connect(row, talk, instant_ms)
        return row

    def connect(self, row: dict[str, Any], talk: Conversation, started_ms: int) -> None:
        draw, provider = self.draw, row["provider"]
        least, room = LENGTHS.get(talk.kind) or LENGTHS.get(talk.category) or LENGTHS[talk.outcome]
        length_ms = least + int(draw() * draw() * room)
        if provider == "retell":
            length_ms -= length_ms % 1000
        row["started_at"] = instant_text(started_ms)
        row["ended_at"] = instant_text(started_ms + length_ms)
        row["duration_min"] = (length_ms + 300) // 600 / 100
        row["recording_url"] = f"https://recordings.example/{provider}/{row['external_id']}.wav"
        row["cost_usd"] = round(length_ms * CENTS_A_MINUTE[provider] / 6_000_000, 3)
        if self.transcripts:
            row["transcript"] = write_transcript(
                talk.kind, provider, talk.spoken, self.transcript_chars, self.talk_draw
            )

    def status_of(self, outcome: str | None) -> str:
        chance = self.draw()
        if chance < self.pending:
            return "pending"
        following = self.following.get(outcome, 0.02) * (1 - self.pending)
        return "follow_up_needed" if chance - self.pending < following else "done"

    def notes_of(self, status: str, talk: Conversation) -> str | None:
        """Staff write where there was something to settle: some of the calls left open."""
        if talk.outcome not in ("open", None):
            return None
        texts, share = (WAITING, 0.75) if status == "follow_up_needed" else (SETTLED, 0.45)
        if self.draw() >= share:
            return None
        return pick(texts[talk.category], self.draw).format(staff=pick(STAFF, self.draw))

    def patient_id_of(self, status: str, talk: Conversation) -> str | None:
        """Nobody has looked at a pending call yet: who of a family it was may be open."""
        doubtful = talk.person.shares_number or talk.kind == "web"
        if doubtful and status == "pending" and self.draw() < 0.5:
            return None
        return talk.person.patient_id
