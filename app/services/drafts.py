"""What one source says of one call, how sure each value is, and what is taken of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import uuid_utils

from app.instants import ends_before_it_starts
from app.models.base import Row

STAFF_FIELDS = frozenset({"status", "category", "patient_id", "sessions_scheduled", "notes"})

# How sure a value is, by where it came from, in one digit: what follows from other fields, what
# was stated, a provider's kinds of event by their rank from 1 to 8, and what a person decided.
DERIVED = 0
STATED = 1
PERSON = 9

# The fields whose rank is kept, as one digit each in `origins`: only ever add to the end. `link`
# is no field: its rank is that of the number by which the call was linked to a patient.
RANKED = (
    *("status", "category", "patient_id", "sessions_scheduled", "notes", "duration_min"),
    *("summary", "customer_number", "started_at", "ended_at", "created_at", "assistant_id"),
    *("phone_number_id", "type", "language", "transcript", "recording_url", "cost_usd"),
    *("ended_reason", "link"),
)

Ranks = dict[str, int]


@dataclass(slots=True)
class Draft:
    """What one source says of one call.

    `values` are values of the table by field; null and absent say nothing. `ranks` says how sure
    each is, `rank` where it does not. `link` asks to link the call to the patient with its number.
    `digest` stands for the body of a provider's event, `posted` for the content of a POST.
    """

    id: str
    values: Row
    rank: int = DERIVED
    ranks: Mapping[str, int] = field(default_factory=dict)
    link: bool = False
    posted: bytes | None = None
    digest: str | None = None

    def rank_of(self, name: str) -> int:
        return self.ranks.get(name, self.rank)

    def said(self) -> tuple[Row, Ranks]:
        """Give the values that say something, no end before the start, and the ranks they have."""
        values = {name: value for name, value in self.values.items() if value is not None}
        if ends_before_it_starts(values.get("started_at"), values.get("ended_at")):
            del values["ended_at"]
        # Most files say nothing of ranks: what is not told of in `ranks` is then derived.
        ranked = values if self.rank else values.keys() & self.ranks.keys()
        return values, {name: rank for name in ranked if (rank := self.rank_of(name))}


@lru_cache(maxsize=256)
def provider_call_id(provider: str, external_id: str) -> str:
    """Give the id that a provider's call always has here."""
    return str(uuid_utils.uuid5(uuid_utils.NAMESPACE_URL, f"{provider}:{external_id}"))


def stated_call_id(values: Row) -> str | None:
    """Give the id that follows from a call's provider and the provider's id of it."""
    provider, external_id = values.get("provider"), values.get("external_id")
    return provider_call_id(provider, external_id) if provider and external_id else None


def stated_ranks(values: Row, *, by_person: bool = True) -> Ranks:
    """Give the ranks of values stated whole; staff fields that hold one were set by a person."""
    decided = PERSON if by_person else STATED
    ranks = {name: decided for name in STAFF_FIELDS if values.get(name) not in (None, "pending")}
    if values.get("duration_min") is not None:
        ranks["duration_min"] = STATED
    return ranks


def better_values(draft: Draft, row: Row) -> tuple[Row, Ranks]:
    """Give what a draft knows better than a call's row, and the ranks of the call then.

    A value replaces one of the same or a lower rank; a lower one only fills what is empty. What a
    person has set stays, and no start comes after an end that a person has set.
    """
    ranks = read_ranks(row["origins"])
    changes: Row = {}
    values, _ = draft.said()
    ended_at, started_at = values.pop("ended_at", None), values.get("started_at")
    if ranks.get("ended_at") == PERSON and ends_before_it_starts(started_at, row["ended_at"]):
        del values["started_at"]
    for name, value in values.items():
        known, rank = ranks.get(name, DERIVED), draft.rank_of(name)
        if known == PERSON or (row[name] is not None and known > rank):
            continue
        changes[name] = value
        ranks[name] = rank
    return changes | settled_end(row | changes, ranks, {draft.rank_of("ended_at"): ended_at}), ranks


def settled_end(row: Row, ranks: Ranks, told: Mapping[int, int | None] = {}) -> Row:
    """Give, of all ends told by rank, the best that is not before the start, and keep the others.

    What a person has set stays.
    """
    if ranks.get("ended_at") == PERSON:
        return {}
    ends = {int(end[0]): int(end[1:]) for end in (row["other_ends"] or "").split()}
    for rank, end in ((ranks.get("ended_at", DERIVED), row["ended_at"]), *told.items()):
        if end is not None:
            ends[rank] = end
    likely = [rank for rank in ends if not ends_before_it_starts(row["started_at"], ends[rank])]
    ranks["ended_at"] = max(likely, default=DERIVED)
    return {
        "ended_at": ends.pop(ranks["ended_at"]) if likely else None,
        "other_ends": " ".join(f"{rank}{end}" for rank, end in sorted(ends.items())) or None,
    }


def read_ranks(origins: str) -> Ranks:
    """Give the ranks that a call's `origins` hold."""
    return {name: int(rank) for name, rank in zip(RANKED, origins, strict=False)}


def write_ranks(ranks: Mapping[str, int]) -> str:
    """Give the `origins` of a call whose fields have these ranks."""
    return "".join([str(ranks.get(name, 0)) for name in RANKED]).rstrip("0") if ranks else ""
