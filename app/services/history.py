"""Who acts, and what becomes of calls and patients: written with each change, read newest first."""

from collections.abc import Collection as Names
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from flask import g

from app.instants import format_instant
from app.models.base import Page, Row
from app.models.engine import database
from app.models.history import count_history, history_page, history_since, put_history

MAX_TEXT_LENGTH = 200

# What follows from a row's other columns, or says nothing of its content.
_NEVER_RESTORED = {"version", "updated_at", "seen", "posted", "known_as"} | {
    *("number_key", "sort_at", "sort_key", "name_key")
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person's name with the session, `key:NAME`, `provider:NAME` or `command`."""

    who: str
    session: int | None = None


COMMAND = Actor("command")


def actor() -> Actor:
    """Give who acts in the present context."""
    found: Actor = g.get("actor", COMMAND)
    return found


@contextmanager
def acting(who: Actor) -> Iterator[None]:
    """Let somebody act for a while."""
    before = g.get("actor", COMMAND)
    g.actor = who
    try:
        yield
    finally:
        g.actor = before


@contextmanager
def as_one() -> Iterator[None]:
    """Make whatever is written meanwhile one action, which is undone as one."""
    g.act = None
    try:
        yield
    finally:
        del g.act


def write_created(kind: str, row: Row) -> None:
    """Write that a row was made. What a command brings in, files and other APIs, has no entry."""
    if (who := actor()) != COMMAND:
        _write(who, kind, row, "created")


def write_change(
    kind: str, before: Row, row: Row, fields: Names[str], action: str, about: Row
) -> None:
    """Write what was changed of a row; `fields` are those of the API whose values are others."""
    who = actor()
    changes = {name: [_shown(name, before[name]), _shown(name, row[name])] for name in fields}
    restore = None
    if who.session is not None and action != "undone":
        names = [name for name in before if name not in _NEVER_RESTORED]
        restore = {n: [before[n], row[n]] for n in names if before[n] != row[n]}
    _write(who, kind, row, action, changes, restore, **about)


def _write(
    who: Actor,
    kind: str,
    row: Row,
    action: str,
    changes: Row | None = None,
    restore: Row | None = None,
    outcome: str | None = None,
    note: str | None = None,
) -> None:
    number = put_history(
        (
            *(kind, row["number"], row["updated_at"], who.who, action, _json(changes), outcome),
            *(note, row["version"], who.session, g.get("act"), _json(restore)),
        )
    )
    if g.get("act", number) is None:
        g.act = number


def _json(value: Row | None) -> str | None:
    return orjson.dumps(value).decode() if value else None


def _shown(name: str, value: Any) -> Any:
    """Give a value as an entry shows it: of a long text its length, an instant as the API does."""
    if name.endswith("_at"):
        return None if value is None else format_instant(value)
    return len(value) if isinstance(value, str) and len(value) > MAX_TEXT_LENGTH else value


class History:
    """What became of one call or patient; `kind` is `call` or `patient`."""

    def __init__(self, kind: str, row: Row) -> None:
        self.name = f"history of {kind} {row['number']}"
        self.kind, self.item = kind, row["number"]

    def page(self, args: Mapping[str, Any]) -> Page:
        """Give the entries of a page, newest first, and how many there are, of one moment."""
        with database.snapshot():
            rows = history_page(self.kind, self.item, args["page"], args["limit"])
            return Page(rows, count_history(self.kind, self.item))

    def since(self, version: int) -> list[Row]:
        """Give the entries of what was changed after a version, newest first."""
        return history_since(self.kind, self.item, version)
