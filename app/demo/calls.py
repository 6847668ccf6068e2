"""The calls as rows in the shape that the import takes: instants, status, provider's part."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from app.demo.chance import deck, pick, retell_call_id, seeded, uuid4_text, uuid7_text
from app.demo.conversations import KINDS, OUTBOUND, Conversation, Reception
from app.demo.days import Day
from app.demo.people import Town
from app.demo.texts import lines
from app.demo.transcripts import write_transcript
from app.demo.words import Values
from app.instants import format_instant

NEVER_CONNECTED = {"unreached", "lost"}
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
TYPES = dict.fromkeys(KINDS, "inboundPhoneCall") | dict.fromkeys(OUTBOUND, "outboundPhoneCall")
TYPES["web"] = "webCall"
UNANSWERED = dict.fromkeys(
    ("started_at", "ended_at", "duration_min", "transcript", "recording_url", "cost_usd")
)
MINUTES = [f"{at // 60:02d}:{at % 60:02d}" for at in range(3600)]


class Line(NamedTuple):
    """What one assistant's calls of one kind have in common."""

    assistant_id: str
    provider: str
    phone_number_id: str | None
    type: str
    reasons: list[str]
    dollars_a_ms: float


def line_of(kind: str, working: bool) -> Line:
    """The front desk's assistant by day, another at night, a third for calling patients."""
    if kind in OUTBOUND:
        assistant, provider, number = "asst_outreach", "retell", "pn_outreach"
    elif working:
        assistant, provider, number = "asst_front-desk", "vapi", "pn_main"
    else:
        assistant, provider, number = "asst_after-hours", "retell", "pn_main"
    return Line(
        assistant,
        provider,
        None if kind == "web" else number,
        TYPES[kind],
        ENDED_REASONS.get((provider, kind)) or TALKED[provider],
        {"vapi": 0.092, "retell": 0.115}[provider] / 60_000,
    )


DAY_LINES = {kind: line_of(kind, working=True) for kind in TYPES}
NIGHT_LINES = {kind: line_of(kind, working=False) for kind in TYPES}


@lru_cache(maxsize=64)
def hour_text(hour: int) -> str:
    return format_instant(hour * 3_600_000)[:14]


def instant_text(instant_ms: int) -> str:
    """What format_instant gives, three times as fast for calls that come in order."""
    seconds, fraction = instant_ms // 1000, instant_ms % 1000
    text = hour_text(seconds // 3600) + MINUTES[seconds % 3600]
    return f"{text}.{fraction:03d}Z" if fraction else f"{text}Z"


class CallBook:
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

    def calls_of(self, day: Day) -> Iterator[dict[str, Any]]:
        self.reception.open_day(day)
        # Old calls have been dealt with, the newest nobody has looked at yet.
        self.pending = 0.8 if day.age < 2 else min(0.5, 1.4 / day.age**1.5)
        self.following = {"open": 0.9 / (1 + day.age / 8), "": 0.25 / (1 + day.age / 4)}
        for instant_ms in day.instants_ms:
            working = day.opens_ms <= instant_ms < day.closes_ms
            talk = self.reception.answer(working)
            by_kind = DAY_LINES if working else NIGHT_LINES
            yield self.row(talk, by_kind[talk.kind], instant_ms)

    def row(self, talk: Conversation, line: Line, instant_ms: int) -> dict[str, Any]:
        kind, person, number, script, summary, language, _, _ = talk
        assistant_id, provider, phone_number_id, type_, reasons, _ = line
        status = self.status_of(script.outcome)
        vapi = provider == "vapi"
        # Vapi opens the call while it still rings.
        created_ms = instant_ms - 1000 - int(self.draw() * 4000) if vapi else instant_ms
        external_id = uuid4_text(self.bits) if vapi else retell_call_id(self.bits)
        silent = kind in NEVER_CONNECTED
        return {
            "id": uuid7_text(created_ms, self.bits),
            "created_at": instant_text(created_ms),
            "assistant_id": assistant_id,
            "phone_number_id": phone_number_id,
            "type": type_,
            "summary": summary,
            "customer_number": number,
            "status": status,
            "category": script.category,
            "patient_id": person.patient_id if status == "done" else self.linked(status, talk),
            "language": language,
            "sessions_scheduled": talk.sessions(),
            "provider": provider,
            "external_id": external_id,
            "ended_reason": reasons[int(self.draw() * len(reasons))],
            "notes": self.notes_of(status, talk) if script.waiting else None,
            **(UNANSWERED if silent else self.connect(talk, line, external_id, instant_ms)),
        }

    def connect(
        self, talk: Conversation, line: Line, external_id: str, started_ms: int
    ) -> dict[str, Any]:
        provider, (least_ms, room_ms) = line.provider, talk.script.length
        length_ms = least_ms + int(self.draw() * self.draw() * room_ms)
        if provider == "retell":
            length_ms -= length_ms % 1000
        transcript = None
        if self.transcripts:
            chars, draw = self.transcript_chars, self.talk_draw
            transcript = write_transcript(talk, provider, chars, draw)
        return {
            "started_at": instant_text(started_ms),
            "ended_at": instant_text(started_ms + length_ms),
            "duration_min": (length_ms + 300) // 600 / 100,
            "transcript": transcript,
            "recording_url": f"https://recordings.example/{provider}/{external_id}.wav",
            "cost_usd": round(length_ms * line.dollars_a_ms, 3),
        }

    def status_of(self, outcome: str) -> str:
        chance = self.draw()
        if chance < self.pending:
            return "pending"
        following = self.following.get(outcome, 0.008) * (1 - self.pending)
        return "follow_up_needed" if chance - self.pending < following else "done"

    def notes_of(self, status: str, talk: Conversation) -> str | None:
        """Staff write beside some of the calls that they had to see to."""
        draw, script = self.draw, talk.script
        waiting = status == "follow_up_needed"
        if status == "pending" or draw() >= (0.75 if waiting else 0.3):
            return None
        note = pick(script.waiting if waiting else script.settled, draw)
        # A copy: the transcript must not depend on what the staff wrote later.
        text = note.fill(talk.bank, Values(talk.values), draw)
        return f"{text} {pick(lines('staff', 'initials'), draw)}"

    def linked(self, status: str, talk: Conversation) -> str | None:
        """Nobody has looked at a pending call yet: who of a family it was may be open."""
        doubtful = talk.person.shares_number or talk.kind == "web"
        if doubtful and status == "pending" and self.draw() < 0.5:
            return None
        return talk.person.patient_id
