"""The calls as rows in the shape that the import takes: instants, status, provider's part."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from app.demo.chance import deck, pick, retell_call_id, seeded, uuid4_text, uuid7_text
from app.demo.conversations import KINDS, OUTBOUND, Conversation, Reception
from app.demo.days import Day
from app.demo.people import Town
from app.demo.texts import lines
from app.demo.transcripts import write_transcript
from app.demo.words import Values
from app.instants import format_instant

# Why calls ended, in the provider's words, by their kind.
ENDED_REASONS = {
    "vapi": {
        "talked": deck(
            {
                "customer-ended-call": 70,
                "assistant-ended-call": 22,
                "assistant-forwarded-call": 5,
                "silence-timed-out": 3,
            }
        ),
        "hung_up": ["customer-ended-call"],
        "lost": ["twilio-failed-to-connect-call"],
    },
    "retell": {
        "talked": deck(
            {"user_hangup": 70, "agent_hangup": 22, "call_transfer": 5, "inactivity": 3}
        ),
        "hung_up": ["user_hangup"],
        "lost": ["concurrency_limit_reached"],
        "voicemail": ["voicemail_reached"],
        "unreached": deck({"dial_no_answer": 6, "dial_busy": 3, "dial_failed": 1}),
    },
}
DOLLARS_A_MS = {"vapi": 0.092 / 60_000, "retell": 0.115 / 60_000}
NEVER_CONNECTED = {"unreached", "lost"}
UNANSWERED = dict.fromkeys(
    ("started_at", "ended_at", "duration_min", "transcript", "recording_url", "cost_usd")
)

Row = dict[str, Any]


class Line(NamedTuple):
    """Which of the clinic's lines a call came over or went out on."""

    assistant_id: str
    phone_number_id: str | None
    type: str
    provider: str
    reasons: list[str]


def line_of(kind: str, working: bool) -> Line:
    """The front desk's assistant by day, another at night, a third for calling patients."""
    assistant, number, type_ = "asst_after-hours", "pn_main", "inboundPhoneCall"
    if kind in OUTBOUND:
        assistant, number, type_ = "asst_outreach", "pn_outreach", "outboundPhoneCall"
    elif working:
        assistant = "asst_front-desk"
    provider = "vapi" if assistant == "asst_front-desk" else "retell"
    reasons = ENDED_REASONS[provider].get(kind, ENDED_REASONS[provider]["talked"])
    if kind == "web":
        return Line(assistant, None, "webCall", provider, reasons)
    return Line(assistant, number, type_, provider, reasons)


LINES = {(kind, working): line_of(kind, working) for kind in KINDS for working in (False, True)}


class CallRows:
    """Writes down each conversation as the provider and the staff would."""

    def __init__(
        self, town: Town, seed: int, *, transcripts: bool, transcript_chars: int | None
    ) -> None:
        self.reception = Reception(town, seed)
        source = seeded(seed, "calls")
        self.draw, self.bits = source.random, source.getrandbits
        # With their own source, transcripts do not change the calls that they belong to.
        self.talk_draw = seeded(seed, "transcripts").random
        self.transcripts = transcripts
        self.transcript_chars = transcript_chars

    def of_day(self, day: Day) -> Iterator[Row]:
        self.reception.open_day(day)
        # A morning at the desk: nobody has looked at today's calls yet, old ones are dealt with.
        self.pending = (0.75, 0.3, 0.05, 0.03)[day.age] if day.age < 4 else 0.0
        waiting = 1 / (1 + day.age**2) if day.age < 7 else 0
        self.following = {"open": 0.5 * waiting, "": 0.1 * waiting}
        for instant_ms in day.instants_ms:
            working = day.opens_ms <= instant_ms < day.closes_ms
            talk = self.reception.answer(working)
            yield self.row(talk, LINES[talk.kind, working], instant_ms)

    def row(self, talk: Conversation, line: Line, instant_ms: int) -> Row:
        script, vapi = talk.script, line.provider == "vapi"
        status = self.status_of(script.outcome)
        # Vapi opens the call while it still rings.
        created_ms = instant_ms - 1000 - int(self.draw() * 4000) if vapi else instant_ms
        external_id = uuid4_text(self.bits) if vapi else retell_call_id(self.bits)
        connected = talk.kind not in NEVER_CONNECTED
        return {
            "id": uuid7_text(created_ms, self.bits),
            "created_at": format_instant(created_ms),
            "assistant_id": line.assistant_id,
            "phone_number_id": line.phone_number_id,
            "type": line.type,
            "summary": talk.summary,
            "customer_number": talk.number,
            "status": status,
            "category": script.category,
            "patient_id": self.linked(status, talk),
            "language": talk.language,
            "sessions_scheduled": talk.sessions(),
            "provider": line.provider,
            "external_id": external_id,
            "ended_reason": pick(line.reasons, self.draw),
            "notes": self.notes_of(status, talk) if script.waiting else None,
            **(self.connect(talk, line, external_id, instant_ms) if connected else UNANSWERED),
        }

    def connect(self, talk: Conversation, line: Line, external_id: str, started_ms: int) -> Row:
        provider, (least_ms, room_ms) = line.provider, talk.script.length
        length_ms = least_ms + int(self.draw() * self.draw() * room_ms)
        if provider == "retell":
            length_ms -= length_ms % 1000
        transcript = None
        if self.transcripts:
            transcript = write_transcript(talk, provider, self.transcript_chars, self.talk_draw)
        return {
            "started_at": format_instant(started_ms),
            "ended_at": format_instant(started_ms + length_ms),
            "duration_min": (length_ms + 300) // 600 / 100,
            "transcript": transcript,
            "recording_url": f"https://recordings.example/{provider}/{external_id}.wav",
            "cost_usd": round(length_ms * DOLLARS_A_MS[provider], 3),
        }

    def status_of(self, outcome: str) -> str:
        chance = self.draw()
        if chance < self.pending:
            return "pending"
        following = self.following.get(outcome, 0) * (1 - self.pending)
        return "follow_up_needed" if chance - self.pending < following else "done"

    def notes_of(self, status: str, talk: Conversation) -> str | None:
        """Staff write beside some of the calls that they had to see to."""
        waiting = status == "follow_up_needed"
        if status == "pending" or self.draw() >= (0.75 if waiting else 0.3):
            return None
        note = pick(talk.script.waiting if waiting else talk.script.settled, self.draw)
        # A copy: the transcript must not depend on what the staff wrote later.
        text = note.fill(talk.bank, Values(talk.values), self.draw)
        return f"{text} {pick(lines('staff', 'initials'), self.draw)}"

    def linked(self, status: str, talk: Conversation) -> str | None:
        """Nobody has looked at a pending call yet: who of a family it was may be open."""
        doubtful = talk.person.shares_number or talk.kind == "web"
        if doubtful and status == "pending" and self.draw() < 0.5:
            return None
        return talk.person.patient_id
