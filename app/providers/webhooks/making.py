"""What a made-up webhook is, and what every provider would say of a call in its own words."""

from dataclasses import dataclass
from typing import Any

import orjson

from app.instants import parse_instant

Row = dict[str, Any]

OUR_NUMBER = "+12125550100"
# Why a call never connected: Retell's words, and what Twilio and ElevenLabs say of the same.
FAILURES = {"dial_busy": "busy", "dial_no_answer": "no-answer"}


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request as a provider would send it, but for its signature; `query` is its URL's."""

    body: bytes
    content_type: str = "application/json"
    query: str = ""

    def address(self, url: str) -> str:
        """Give where it goes on a server that takes in webhooks at the URL."""
        return f"{url}?{self.query}" if self.query else url


def json_webhook(content: Row) -> Webhook:
    return Webhook(orjson.dumps(content))


def collected(row: Row) -> Row:
    """Give the staff fields that an assistant would have found out by itself."""
    return without_nulls({name: row[name] for name in ("category", "sessions_scheduled")})


def without_nulls(values: Row) -> Row:
    return {name: value for name, value in values.items() if value is not None}


def direction(row: Row) -> str:
    return "outbound" if row["type"] == "outboundPhoneCall" else "inbound"


def numbers(row: Row) -> tuple[str | None, str | None]:
    """Give the caller's and the callee's number."""
    both = row["customer_number"], OUR_NUMBER
    return both if direction(row) == "inbound" else both[::-1]


def milliseconds(instant: str | None) -> int | None:
    return None if instant is None else parse_instant(instant)


def length_ms(row: Row) -> int | None:
    started_ms, ended_ms = milliseconds(row["started_at"]), milliseconds(row["ended_at"])
    return None if started_ms is None or ended_ms is None else ended_ms - started_ms


def whole_seconds(duration_ms: int | None) -> int:
    return (duration_ms or 0) // 1000
