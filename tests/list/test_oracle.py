"""Holds the answers of `GET /v1/calls` against the oracle's, and the oracle against hand counts."""

from __future__ import annotations

import json
import random
import re
import unicodedata
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, quote_plus
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.commands import main
from app.config import load_settings
from app.models.engine import database
from tests.support import DATA
from tests.support.oracle import (
    CHOICES,
    EXACT,
    TAGS,
    Oracle,
    Pair,
    cut,
)

Call = dict[str, Any]

FILES = DATA / "clinic"
ZONES = ("UTC", "America/New_York")
BLOCKS, DRAWS = 10, 100
EDGES = 70

INVALID = [
    *[("page", v) for v in ("0", "-1", "2147483648", "1.0", "+5", "٣", "1_0", " 1", "9" * 400)],
    *[("limit", v) for v in ("0", "101", "-5", "5\n", "1e1", "９", "0x10", "ten", "--5", "-")],
    *[("sessions_scheduled_min", v) for v in ("2147483648", "-2147483649", "1.5", "−1", "null")],
    *[("status", v) for v in ("Done", "open", "done,pending", "follow-up-needed", "null")],
    *[("category", v) for v in ("Billing", "bill", "none", "client support")],
    *[("tag_filter_mode", v) for v in ("ANY", "none", "exclude")],
    *[("sort", v) for v in ("created_at", "id", "desc", "-started_at,id", "STARTED_AT")],
    *[("started_gte", v) for v in ("yesterday", "2025-02-30", "2025-13-01", "20250601", "2025")],
    *[("started_gte", v) for v in ("2025-06-01T24:00:00Z", "2025-06-01T10:60Z", "2025-6-1")],
    *[("started_lte", v) for v in ("2025-06-01T10", "2025-W23-1", "1748772000", "２０２５-06-01")],
    *[("started_lte", v) for v in ("1969-12-31T23:59:59Z", "10000-01-01", "0000-01-01", "now")],
    *[
        ("started_lte", v)
        for v in ("2025-06-01T10:00+25:00", "2025-06-01T10:00+2500", "2025-06-01T10:00:00.Z")
    ],
    *[("started_gte", v) for v in ("2025-06-01T10:00+02:60", "2025-06-01Z", "2025-06-01\n")],
    *[("q", v) for v in ("a\0b", "\0", "\udcff", "caf\udce9", "\ud800", "x" * 513)],
    ("q", " ".join("abcdefghijklmnopq")),
    *[(name, value) for name in EXACT for value in ("x\0", "\udc80", "x" * 513)],
    *[("customer_number", v) for v in ("1" * 513, "+1212\x005550123", "\udcf0\udc9f")],
    *[("tags[]", v) for v in ("t" * 513, "\0", "\udcff", "a,b", '["a"]', "[a", "a]", "(a)", "{a}")],
    *[("tags", v) for v in ("a, b", "'a'", '"a"', ",", "a,")],
]
UNKNOWN = ["statuss", "Status", "page[]", "tag", "tags[0]", "customer", "started", "offset"]
UNKNOWN += ["org_id", "api_key", "started_at", "order", "id", "notes", "q ", "language"]

TRICKY = {
    "sharp s as ss": "q=STRASSE+updated",
    "sharp s itself": "q=straß",
    "ss that is typed as sharp s": "q=inßurance",
    "a stroke is no mark": "q=lukasz",
    "a stroke is a letter": "q=ŁUK",
    "a mark written apart": "q=pen%CC%83a",
    "ligatures": "q=oﬃce",
    "full-width words and digits": "q=ｗｒｏｎｇ+ｎｕｍ",
    "full-width digits of a number": "q=５５５０１８８",
    "Cyrillic in capitals": "q=ЗВОНОК+просит",
    "a short i loses its mark": "q=перезвонит+заи%CC%86",
    "one Chinese letter": "q=李",
    "an accented capital of two letters": "q=o'brien+ó",
    "a numero sign is two letters": "q=№+4711",
    "letters and digits are one run": "q=188a",
    "part of a divided form number": "q=45-B",
    "a percent sign is no wildcard": "q=1%25covered",
    "an underscore is no wildcard": "q=st_tement",
    "a star alone among words": "q=*+voicemail+*",
    "a column name is a word": "q=summary:edge",
    "words of two fields": "q=edge+reads",
    "a phrase over a line's end": 'q="street+user"',
    "digits broken in the number": "q=212-555-0188",
    "digits over the country code": "q=%2B1212",
    "digits of a number that is none": "q=4477",
    "sixteen words": "q=" + "+".join(["left"] * 16),
    "seventeen words, one of them quoted": 'q="left"+' + "+".join("abcdefghijklmnop"),
    "a hundred tags": "&".join(f"tags[]=t{n}" for n in range(100)),
    "a hundred and one tags": "&".join(f"tags[]=t{n}" for n in range(101)),
    "tags percent-encoded": "tags%5B%5D=6018366c-f658-47a7-9ed3-4fe53a096533",
    "no tags but a mode": "tag_filter_mode=exclude_any",
    "blank tags and a mode": "tags[]=&tags=+&tag_filter_mode=all",
    "512 characters": "assistant_id=" + "a" * 512,
    "the largest page": "page=2147483647&limit=100",
    "the last page is full": "started_gte=2025-07-04T12:00Z&started_lte=2025-07-04T12:00Z&limit=12",
    "the least of sessions": "sessions_scheduled_min=-2147483648",
    "the most of sessions": "sessions_scheduled_min=2147483647",
    "less than no session": "sessions_scheduled_min=-1",
    "an instant in both directions": "started_gte=2025-06-01&started_lte=2025-06-01",
    "the spring day": "started_gte=2025-03-09&started_lte=2025-03-09",
    "the autumn day": "started_gte=2025-11-02&started_lte=2025-11-02&sort=started_at",
    "the skipped hour": "started_gte=2025-03-09T02:30&started_lte=2025-03-09T03:30",
    "the repeated hour": "started_gte=2025-11-02T01:00&started_lte=2025-11-02T01:59:59.999",
    "a hundred digits of a second": "started_lte=2025-06-01T03:59:59.999" + "9" * 100 + "Z",
    "never-started calls are left out": "started_gte=1970-01-01",
    "text in any case": "customer_number=rESTRICTED",
    "national digits, no plus": "customer_number=12125550188",
    "a plus as a space": "customer_number=+12125550188",
    "a plus as itself": "customer_number=%2B1%20212%20555%200188",
    "full-width digits": "customer_number=２１２５５５０１８８",
    "text that holds a number": "customer_number=UNKNOWN+5550188",
    "ampersands in a row": "&&status=done&&",
    "a name without a value": "status",
}

DEBATABLE = {
    "an unknown parameter is refused though it is empty": "statsu=",
    "an empty value does not count as a repetition": "status=&status=done",
    "the same value twice is a repetition": "status=done&status=done",
    "both spellings of the tags are one list": "tags=6018366c-f658-47a7-9ed3-4fe53a096533"
    "&tags[]=0b3510b0-b46e-41da-b170-17a6205738d1&tag_filter_mode=all",
    "a hundred tags, some of them twice": "&".join(f"tags[]=t{n % 100}" for n in range(120)),
    "spaces around a tag are removed": "tags[]=+6018366c-f658-47a7-9ed3-4fe53a096533+",
    "a tag's id is compared with regard to case": "tags[]=6018366C-F658-47A7-9ED3-4FE53A096533",
    "spaces around a status are not removed": "status=+done",
    "spaces around an instant are not removed": "started_gte=+2025-06-01",
    "a zero may be negative": "sessions_scheduled_min=-0",
    "a number may begin with zeros": "limit=007",
    "the 512 characters are counted with their spaces": "type=" + "+" * 500 + "inboundPhoneCall",
    "512 characters are counted, not bytes": "q=" + "я" * 512,
    "an offset needs no colon": "started_gte=2025-06-01T10:00%2B0200",
    "an offset needs no minutes": "started_gte=2025-06-01T10:00:00-05",
    "an offset without a colon and its plus": "started_lte=2025-06-01T10:00:00.000+0530",
    "an offset of minutes needs two digits": "started_gte=2025-06-01T10:00-053",
    "a space may stand between date and time": "started_gte=2025-06-01+10:00",
    "a space there and a repaired plus": "started_gte=2025-06-01+10:00+02:00",
    "small t and z": "started_gte=2025-06-01t10:00:00z",
    "a leap second is the one after the 59th": "started_gte=2025-06-01T23:59:60Z",
    "seconds end at 60": "started_gte=2025-06-01T23:59:61Z",
    "an offset of minus zero": "started_gte=2025-06-01T10:00-00:00",
    "a year 9999 whose instant lies in 10000": "started_gte=9999-12-31T23:59:59-05:00",
    "a year 9999 that leaves out nothing": "started_lte=9999-12-31T23:59:59.999-23:59",
    "the last of all days": "started_lte=9999-12-31",
    "a year 1970 whose instant lies in 1969": "started_gte=1970-01-01T00:00%2B14:00",
    "a number with an extension is text": "customer_number=(212)+555-0188+x5",
    "a leading space is a plus, though the rest is national": "customer_number=+(212)+555-0188",
    "a number without its area is text": "customer_number=5550188",
    "letters of a keypad are digits": "customer_number=1-800-FLOWERS",
    "a single quote mark is punctuation": 'q="wrong+number',
    "a quote mark inside a word is punctuation": 'q=wrong"number',
    "curly quotes are punctuation": "q=“wrong+num”",
    "empty quotes are passed over": 'q=""+wrong',
    "nothing but empty quotes finds nothing": 'q=""',
    "quotes begin and end words": 'q=wrong"number+hung"up',
    "digits in quotes are not looked for in numbers": 'q="5550188"',
    "a divided word counts as one of sixteen": "q=" + "+".join(["follow-up"] * 16),
    "words passed over do not count": "q=voicemail" + "+-" * 20,
    "the same word seventeen times is seventeen words": "q=" + "+".join(["left"] * 17),
    "an accent that stands alone divides a word": "q=asks%C2%B4whether",
    "an accent alone is no word": "q=%CC%81",
    "the replacement character is no fault": "q=%EF%BF%BD",
    "a soft hyphen divides": "q=voice%C2%ADmail",
    "a tab in a word separates": "q=wrong%09num",
    "a space that does not break separates": "q=wrong%C2%A0num",
    "a name is read first name first": 'q="jose+garcia"',
    "no phrase runs from one field into the next": 'q="edge+statement+reads"',
}


class Clinic(NamedTuple):
    """A running service with the clinic's rows in it, and the oracle of the same rows."""

    client: FlaskClient
    key: str
    oracle: Oracle
    calls: list[Call]
    patients: dict[str, Call]
    zone: str

    def ask(self, query: str) -> tuple[Any, ...]:
        """Give the service's answer in the oracle's form."""
        headers = {"X-API-Key": self.key}
        response = self.client.get("/v1/calls", query_string=query, headers=headers)
        body = response.get_json(silent=True) or {}
        if response.status_code == 200:
            ids = tuple(call["id"] for call in body["data"])
            return "ok", ids, body["pagination"]["total"], body["pagination"]["has_more"]
        detail = body.get("detail", {})
        return "error", response.status_code, detail.get("code"), detail.get("param")


def rows_of(name: str) -> list[Call]:
    lines = (FILES / f"{name}.ndjson").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def edge_moments() -> list[str | None]:
    """Give instants about clock changes and midnights, and a crowd at one instant."""
    changes = ["2024-11-03T06:00", "2025-03-09T07:00", "2025-11-02T06:00", "2026-03-08T07:00"]
    # Cairo's clocks skip the first hour of a day, and repeat the last one.
    changes += ["2025-04-24T22:00", "2025-10-30T21:00"]
    steps = [timedelta(minutes=30 * step) for step in range(-5, 6)]
    moments = [datetime.fromisoformat(change) + step for change in changes for step in steps]
    midnights = ["2025-06-01T00:00", "2025-06-01T04:00", "2025-06-02T00:00", "2025-06-02T04:00"]
    ticks = [timedelta(milliseconds=ms) for ms in (-1, 0, 1)]
    moments += [datetime.fromisoformat(night) + tick for night in midnights for tick in ticks]
    written = [moment.isoformat(timespec="milliseconds") + "Z" for moment in moments]
    return [*written, *["2025-07-04T12:00:00Z"] * 12, *[None] * 3]


def edge_calls() -> list[Call]:
    """Give calls where the clock, ties, notes, transcripts and odd numbers matter."""
    numbers = ["(212) 555-0188", "Ext. 4477", "+12125550188", "unknown 5550188", None]
    notes = [None, "Edge statement", "Ask Dr. Müller's office about the follow-up", "Nº 4711"]
    texts = ["Reads: wrong-number again", None, "AI: Straße or street?\nUser: STRASSE, 10117 Ber"]
    shared = {"org_id": "clinic", "phone_number_id": "pn_main", "ended_at": None}
    return [
        {
            **shared,
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"edge:{n}")),
            "created_at": moment or "2025-07-04T12:00:00Z",
            "started_at": moment,
            "assistant_id": "asst_front-desk",
            "type": "webCall",
            "summary": None if n % 2 else "Edge of the day",
            "customer_number": numbers[n % 5],
            "status": "pending" if n % 3 else "done",
            "category": "billing" if n % 2 else None,
            "duration_min": None,
            "patient_id": "ext-unknown-1" if n % 4 else None,
            "language": None,
            "sessions_scheduled": (None, 0, -2, 2147483647)[n % 4],
            "notes": notes[n % 4],
            "transcript": texts[n % 3],
        }
        for n, moment in enumerate(edge_moments())
    ]


def load_clinic(app: Flask) -> str:
    """Import the clinic's rows and the edge calls; give a key that may read.

    The one place to adapt when the commands change.
    """
    edges = "".join(json.dumps(call) + "\n" for call in edge_calls())
    imports = [(name, str(FILES / f"{name}.ndjson"), "") for name in ("tags", "patients", "calls")]
    runner = app.test_cli_runner()
    for name, source, text in [*imports, ("calls", "-", edges)]:
        result = runner.invoke(main, ["import", name, source], input=text)
        assert result.exit_code == 0, result.output
    result = runner.invoke(main, ["keys", "create", "oracle", "--scope", "read"])
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


@pytest.fixture(scope="module", params=ZONES)
def clinic(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clinic]:
    calls, patients, tags = [*rows_of("calls"), *edge_calls()], rows_of("patients"), rows_of("tags")
    held = {patient["id"]: patient for patient in patients}
    oracle = Oracle(calls, patients, tags, request.param)
    file = tmp_path_factory.mktemp("clinic") / "clinic.db"
    environ = {"DATABASE_URL": f"sqlite:///{file}", "CLINIC_TIMEZONE": request.param}
    environ |= {"CLINIC_REGION": "US", "RATE_LIMIT": "0"}
    # The commands read the real environment.
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        app = create_app(load_settings(environ))
        with app.app_context():
            key = load_clinic(app)
            yield Clinic(app.test_client(), key, oracle, calls, held, request.param)
            database.close_all()


class Draw:
    """Draws queries: most of their filters are true of one call, some are not, some are wrong."""

    def __init__(
        self, seed: str, calls: list[Call], patients: dict[str, Call], tags: list[str], zone: str
    ) -> None:
        self.rng = random.Random(seed)
        self.calls = calls
        self.patients = patients
        self.tags = tags
        self.zone = ZoneInfo(zone)

    def pairs(self) -> list[Pair]:
        """Give the parameters of one query."""
        call = self.rng.choice(self.calls if self.rng.random() < 0.85 else self.calls[-EDGES:])
        filters = [self.exact, self.choice, self.number, self.sessions, self.tagged]
        filters += [self.started, self.started, self.words, self.words]
        drawn: dict[str, list[Pair]] = {}
        for one in self.rng.choices(filters, k=self.rng.choice((1, 1, 2, 2, 3, 4))):
            for name, value in one(call):
                drawn.setdefault(name, []).append((name, value))
        pairs = [
            pair for found in drawn.values() for pair in found[: 200 if found[0][0] in TAGS else 1]
        ]
        pairs += self.paging() + self.blanks({name for name, _ in pairs}) + self.faults(pairs)
        self.rng.shuffle(pairs)
        return pairs

    def sometimes(self, share: float) -> bool:
        return self.rng.random() < share

    def padded(self, value: str) -> str:
        around = self.rng.choice(("", "", "", " ", "\t", "\u3000", "\n"))
        return f"{value}{around}"

    def exact(self, call: Call) -> list[Pair]:
        name = self.rng.choice(EXACT)
        value = call[name] or self.rng.choice(self.calls)[name] or "none"
        if self.sometimes(0.15):
            strange = (value.upper(), value[:-1], value + "%", "_" + value[1:], "unknown", "NULL")
            value = self.rng.choice(strange)
        return [(name, self.padded(value))]

    def choice(self, call: Call) -> list[Pair]:
        name = self.rng.choice(("status", "category"))
        value = None if self.sometimes(0.1) else call[name]
        return [(name, value or self.rng.choice(CHOICES[name]))]

    def sessions(self, call: Call) -> list[Pair]:
        near = (call["sessions_scheduled"] or 0) + self.rng.choice((-1, 0, 0, 0, 1))
        odd = self.rng.choice((-2147483648, 2147483647, -1, 0, 3))
        value = odd if self.sometimes(0.1) else min(near, 2147483647)
        return [("sessions_scheduled_min", str(value))]

    def number(self, call: Call) -> list[Pair]:
        number = call["customer_number"] or self.rng.choice(self.calls)["customer_number"] or "+1"
        digits = re.sub(r"\D", "", number)
        digits = "1" + digits if len(digits) == 10 else digits
        if not digits:
            return [("customer_number", self.padded(self.rng.choice((number, number.upper()))))]
        if self.sometimes(0.15):
            strange = (digits[-7:], digits[:-1], digits[-4:], "0" + digits, "%", number + "9")
            return [("customer_number", self.rng.choice(strange))]
        same = [
            number,
            f" {digits}",
            f"+{digits[:3]} {digits[3:]}",
            f"011 {digits}",
            f"+{digits}  ",
        ]
        if len(digits) == 11 and digits[0] == "1":
            area, office, line = digits[1:4], digits[4:7], digits[7:]
            same += [digits, digits[1:], f"({area}) {office}-{line}", f"{area}.{office}.{line}"]
            same += [
                f"1-{area}-{office}-{line}",
                f"+1 ({area}) {office}-{line}",
                f"{area} {office} {line}",
            ]
        return [("customer_number", self.rng.choice(same))]

    def tagged(self, call: Call) -> list[Pair]:
        patient = self.patients.get(call["patient_id"])
        held = patient["tags"] if patient else []
        asked = self.rng.sample(held, k=self.rng.randint(0, len(held)))
        asked += self.rng.choices(self.tags, k=self.rng.choice((0, 0, 1, 2)))
        asked += asked[: self.rng.choice((0, 0, 1))]
        if self.sometimes(0.1):
            asked.append(self.rng.choice(("ghost", "%", str(uuid.UUID(int=7)))))
        spelling = self.rng.choice(("tags[]", "tags[]", "tags"))
        modes = self.rng.choice(("any", "all", "all", "exclude_any", "exclude_all", ""))
        pairs = [(spelling, tag) for tag in asked]
        return pairs + ([("tag_filter_mode", modes)] if self.sometimes(0.8) else [])

    def started(self, call: Call) -> list[Pair]:
        moment = datetime.fromisoformat(call["started_at"] or self.calls[0]["started_at"])
        name, sign = self.rng.choice((("started_gte", -1), ("started_lte", 1)))
        sign = -sign if self.sometimes(0.15) else sign
        ticks = self.rng.choice((0, 0, 1, 1000, 60_000, 1_800_000, 3_600_000, 86_400_000, 10**10))
        moment += timedelta(milliseconds=sign * ticks)
        return [(name, self.written(moment))]

    def written(self, moment: datetime) -> str:
        """Give one of the many ways to write an instant; some cut it."""
        local = moment.astimezone(self.zone)
        if self.sometimes(0.2):
            return local.date().isoformat()
        offset = timezone(timedelta(minutes=self.rng.choice((-720, -300, -210, 0, 120, 345, 840))))
        there = local if self.sometimes(0.4) else moment.astimezone(offset)
        finer = self.rng.choice(
            ("seconds", "milliseconds", "milliseconds", "microseconds", "minutes")
        )
        text = there.replace(tzinfo=None).isoformat(timespec=finer)
        text += self.rng.choice(("", "", "9", "0004")) if "." in text else ""
        if there is local and self.sometimes(0.6):
            return text
        if there.utcoffset() == timedelta() and self.sometimes(0.8):
            return text + "Z"
        written = there.replace(microsecond=0).isoformat()[19:]
        written = written.replace(":", "") if self.sometimes(0.2) else written
        return text + (written.replace("+", " ") if self.sometimes(0.4) else written)

    def words(self, call: Call) -> list[Pair]:
        parts = [self.word(call) for _ in range(self.rng.choice((1, 1, 1, 2, 2, 3)))]
        if self.sometimes(0.05):
            parts.append(
                self.rng.choice(("AND", "OR", "NOT", "*", "NEAR(", "-x", "^", "summary:", "%"))
            )
        space = self.rng.choice((" ", " ", " ", "  ", "\t", "\u00a0", "\n"))
        return [("q", space.join(parts))]

    def word(self, call: Call) -> str:
        patient = self.patients.get(call["patient_id"])
        name = f"{patient['first_name']} {patient['last_name']}" if patient else None
        texts = [call["summary"], call["summary"], name, call.get("notes"), call.get("transcript")]
        digits = re.sub(r"\D", "", call["customer_number"] or "")
        if len(digits) > 6 and self.sometimes(0.25):
            return self.digits(digits)
        text = self.rng.choice([text for text in texts if text] or ["voicemail left"])
        ways = (self.beginning, self.beginning, self.chunk, self.together, self.quoted)
        return self.rng.choice(ways)(text)

    def beginning(self, text: str) -> str:
        word = self.rng.choice(re.findall(r"[^\W_]+", text))
        word = word if self.sometimes(0.3) else word[: self.rng.randint(1, len(word))]
        word = word[1:] or word if self.sometimes(0.05) else word
        left, right = self.rng.choice(
            (("", ""), ("", ""), ("", ","), ("(", ")"), ("-", ""), ("", "*"))
        )
        return left + self.disguised(word) + right

    def chunk(self, text: str) -> str:
        return self.disguised(self.rng.choice(text.split()).replace('"', ""))

    def together(self, text: str) -> str:
        words = cut(text)
        start = self.rng.randrange(len(words))
        *head, last = words[start : start + self.rng.choice((2, 2, 3))]
        last = last[: self.rng.randint(1, len(last))]
        head = [word[:-1] or word for word in head] if self.sometimes(0.1) else head
        return self.rng.choice("-'@._/+:’—").join([*head, last])

    def quoted(self, text: str) -> str:
        words = [word.replace('"', "") for word in text.split()]
        start = self.rng.randrange(len(words))
        phrase = " ".join(words[start : start + self.rng.choice((1, 2, 2, 3))])
        phrase = phrase[:-1] if self.sometimes(0.1) else phrase
        # Digits alone in quotes are a matter of taste: they have their row in DEBATABLE.
        return f'"{self.disguised(phrase)}"' if re.search(r"[^\W\d_]", phrase) else "left"

    def digits(self, digits: str) -> str:
        size = self.rng.choice((2, 3, 4, 5, 7, 10))
        start = self.rng.randint(0, max(0, len(digits) - size))
        part = digits[start : start + size]
        part = part[::-1] if self.sometimes(0.1) else part
        ways = (
            part,
            part,
            f"({part})",
            f"{part[:3]}-{part[3:]}",
            f"+{part}",
            f"{part[:2]}.{part[2:]}",
        )
        return self.rng.choice(ways)

    def disguised(self, word: str) -> str:
        """Give the word in other case, with other marks or in full-width letters."""
        bare = "".join(
            c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)
        )
        marked = word[:1] + "\u0301" + word[1:]
        wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)
        composed = unicodedata.normalize("NFD", word)
        same = (
            word,
            word,
            word.upper(),
            word.lower(),
            word.swapcase(),
            bare,
            marked,
            wide,
            composed,
        )
        return self.rng.choice(same)

    def paging(self) -> list[Pair]:
        pairs = []
        if self.sometimes(0.6):
            limit = self.rng.choice((1, 2, 7, 49, 50, 99, 100, self.rng.randint(1, 100)))
            pairs.append(("limit", str(limit)))
        if self.sometimes(0.2):
            pairs.append(("page", self.rng.choice(("1", "2", "2", "3", "2147483647", "0002"))))
        if self.sometimes(0.3):
            pairs.append(("sort", self.rng.choice(("started_at", "-started_at"))))
        return pairs

    def blanks(self, taken: set[str]) -> list[Pair]:
        if self.sometimes(0.9):
            return []
        names = {"q", "status", "type", "customer_number", "started_gte", "tags[]"} - taken
        return [(self.rng.choice(sorted(names)), self.rng.choice(("", " ", "\t", "\u3000 ")))]

    def faults(self, pairs: list[Pair]) -> list[Pair]:
        if self.sometimes(0.88):
            return []
        kind = self.rng.choice(("invalid", "invalid", "invalid", "unknown", "repeated"))
        single = [pair for pair in pairs if pair[0] not in TAGS and pair[1].strip()]
        if kind == "repeated" and single:
            return [self.rng.choice(single)]
        if kind == "unknown":
            return [(self.rng.choice(UNKNOWN), self.rng.choice(("x", "done", "1")))]
        return [self.rng.choice(INVALID)]


def encoded(pairs: list[Pair], rng: random.Random) -> str:
    """Give the query string; a surrogate becomes bytes that are no UTF-8."""

    def escaped(text: str) -> str:
        lone = any("\ud800" <= c < "\udc80" for c in text)
        raw = text.encode("utf-8", "surrogatepass" if lone else "surrogateescape")
        return rng.choice((quote, quote_plus))(raw, safe=rng.choice(("", "[]:@,;'()*!")))

    return "&".join(f"{escaped(name)}={escaped(value)}" for name, value in pairs)


def difference(clinic: Clinic, pairs: list[Pair], query: str) -> str:
    """Give what service and oracle say where they disagree, nothing where they agree."""
    expected, got = clinic.oracle.answer(pairs), clinic.ask(query)
    # Of several faults the service may speak of any; tags is one parameter in two spellings.
    faults = [
        (code, param.replace("tags[]", "tags")) for code, param in clinic.oracle.faults(pairs)
    ]
    spoken = (got[2], str(got[3]).replace("tags[]", "tags")) if got[0] == "error" else None
    if got[1] == 422 and spoken in faults if faults else got == expected:
        return ""
    return f"\n?{query}\n  oracle:  {shown(expected, got)}\n  service: {shown(got, expected)}"


def shown(answer: tuple[Any, ...], other: tuple[Any, ...]) -> str:
    """Give an answer in short: how many ids, and some that the other lacks."""
    if answer[0] == "error":
        return str(answer)
    lacked = [id for id in answer[1] if other[0] == "error" or id not in other[1]]
    return f"ok, {len(answer[1])} of {answer[2]}, has_more {answer[3]}, alone with {lacked[:3]}"


@pytest.mark.parametrize("block", range(BLOCKS))
def test_random_filters_find_what_the_oracle_finds(clinic: Clinic, block: int) -> None:
    draw = Draw(
        f"{clinic.zone} {block}",
        clinic.calls,
        clinic.patients,
        sorted(clinic.oracle.tags),
        clinic.zone,
    )
    drawn = [(pairs, encoded(pairs, draw.rng)) for pairs in (draw.pairs() for _ in range(DRAWS))]
    differences = [found for pairs, query in drawn if (found := difference(clinic, pairs, query))]
    assert not differences, f"{len(differences)} of {DRAWS}:" + "".join(differences[:5])


def test_random_filters_mostly_find_calls() -> None:
    calls, patients, tags = rows_of("calls"), rows_of("patients"), rows_of("tags")
    oracle = Oracle(calls, patients, tags)
    held = {patient["id"]: patient for patient in patients}
    draw = Draw("share", calls, held, sorted(oracle.tags), "UTC")
    answers = [oracle.answer(draw.pairs()) for _ in range(200)]
    assert sum(answer[0] == "ok" and answer[2] > 0 for answer in answers) > 100


@pytest.mark.parametrize("query", TRICKY.values(), ids=TRICKY.keys())
def test_tricky_queries_find_what_the_oracle_finds(clinic: Clinic, query: str) -> None:
    found = difference(clinic, parse_qsl(query, keep_blank_values=True), query)
    assert not found, found


@pytest.mark.parametrize("name", ["started_gte", "started_lte"])
@pytest.mark.parametrize("clinic", ["Africa/Cairo"], indirect=True)
def test_days_that_begin_late_or_end_twice(clinic: Clinic, name: str) -> None:
    values = ["2025-04-24", "2025-04-25", "2025-10-30", "2025-10-31", "2025-11-01"]
    values += ["2025-04-25T00:00", "2025-04-25T00:30", "2025-10-30T23:00", "2025-10-30T23:30"]
    drawn = [[(name, value), ("limit", "1")] for value in values]
    found = "".join(difference(clinic, pairs, encoded(pairs, random.Random(1))) for pairs in drawn)
    assert not found, found


@pytest.mark.parametrize("query", DEBATABLE.values(), ids=DEBATABLE.keys())
def test_debatable_queries_are_read_as_the_oracle_reads_them(clinic: Clinic, query: str) -> None:
    found = difference(clinic, parse_qsl(query, keep_blank_values=True), query)
    assert not found, found


@pytest.mark.parametrize(("name", "value"), INVALID, ids=lambda text: ascii(text)[:30])
def test_every_invalid_value_is_refused(clinic: Clinic, name: str, value: str) -> None:
    pairs = [(name, value)]
    assert clinic.oracle.faults(pairs) == [("invalid_field", name)]
    found = difference(clinic, pairs, encoded(pairs, random.Random(name)))
    assert not found, found


@pytest.mark.parametrize("sort", ["-started_at", "started_at"])
@pytest.mark.parametrize(
    ("query", "limits"),
    [
        ("", (97, 100)),
        ("status=follow_up_needed", (7, 50)),
        ("assistant_id=asst_front-desk&type=webCall", (1, 3, 100)),
        ("started_gte=2025-07-04T12:00Z&started_lte=2025-07-04T12:00Z", (1, 2, 5)),
        ("q=edge+statement", (2, 7)),
        ("q=voicemail+follow-up&category=billing", (1, 4)),
        ("tags=6018366c-f658-47a7-9ed3-4fe53a096533&tag_filter_mode=exclude_any", (53,)),
        ("customer_number=(212)+555-0188", (3,)),
    ],
)
def test_pages_give_every_call_once(
    clinic: Clinic, query: str, limits: tuple[int, ...], sort: str
) -> None:
    asked = f"{query}&sort={sort}".lstrip("&")
    ids = clinic.oracle.matching(parse_qsl(asked))
    for limit in limits:
        walked = walk(clinic, f"{asked}&limit={limit}", -(-len(ids) // limit))
        assert len(ids) == len(set(walked)) > 0, f"?{asked}&limit={limit}"
        assert walked == ids, f"?{asked}&limit={limit}"


def walk(clinic: Clinic, query: str, pages: int) -> list[str]:
    """Give the ids of all pages; each must say whether another follows, and the same total."""
    walked: list[str] = []
    totals = set()
    for page in range(1, pages + 2):
        kind, ids, total, has_more = clinic.ask(f"{query}&page={page}")
        assert (kind, has_more) == ("ok", page < pages), f"?{query}&page={page}"
        walked += ids
        totals.add(total)
    assert totals == {len(walked)}, f"?{query}: totals {totals}, walked {len(walked)}"
    return walked
