"""Sessions: who is signed in, until when, and what keeps them so."""

import secrets
from contextlib import suppress
from dataclasses import dataclass

import apsw
from flask import Flask, current_app
from peewee import PeeweeException

from app.instants import now_ms
from app.models.engine import DatabaseBusy, database
from app.models.people import Person, Session, find_session
from app.services.people import hash_of

# The database is told of requests once a minute at most; what is exact stands in memory.
WRITE_EVERY_MS = 60_000


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person of a session."""

    number: int
    name: str
    role: str
    single_keys: bool


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that has not ended, and how long it still lasts: without a request, and at all."""

    number: int
    idle_left_ms: int
    length_left_ms: int


def init_app(app: Flask) -> None:
    """Remember by session when its person has asked for anything, and when that was written."""
    app.extensions["seen"] = {}


def start_session(person: Person) -> str:
    """Sign a person in and give the text of the cookie, of which only a hash is kept.

    Raises LookupError where the person is gone, or the password is another one, by now.
    """
    secret, now = secrets.token_urlsafe(32), now_ms()
    is_same = (Person.number == person.number) & Person.ended_at.is_null()
    with database.write(quietly=True):
        if not Person.select().where(is_same, Person.password == person.password).exists():
            raise LookupError
        Session.delete().where(Session.created_at < now - _length_ms()).execute()
        # A number is never given again, else somebody could undo what an earlier session did.
        number = secrets.randbits(62)
        Session.create(
            number=number, hash=hash_of(secret), person=person, created_at=now, seen_at=now
        )
    return secret


def get_session(secret: str) -> tuple[SignedIn, OpenSession] | None:
    """Give whose cookie this is and their session; None where nobody is signed in by it."""
    found = find_session(hash_of(secret))
    if found is None:
        return None
    number, created_at, seen_at, person, name, role, single_keys = found
    now = now_ms()
    seen_at = max(seen_at, _seen(number)[0])
    idle_left = seen_at + int(current_app.config["SESSION_IDLE"]) - now
    length_left = created_at + _length_ms() - now
    if idle_left <= 0 or length_left <= 0:
        return None
    signed_in = SignedIn(person, name, role, bool(single_keys))
    return signed_in, OpenSession(number, idle_left, length_left)


def prolong(session: OpenSession) -> OpenSession:
    """Count a request of a person's own, and give the session as it is then."""
    now, (_, written_at) = now_ms(), _seen(session.number)
    is_due = now - written_at >= WRITE_EVERY_MS
    current_app.extensions["seen"][session.number] = (now, now if is_due else written_at)
    if is_due:
        # A full disk or a long import must not keep a page from being read.
        trouble = (DatabaseBusy, apsw.Error, PeeweeException)
        with suppress(*trouble), database.write(quietly=True):
            Session.update(seen_at=now).where(Session.number == session.number).execute()
    idle_ms = int(current_app.config["SESSION_IDLE"])
    return OpenSession(session.number, idle_ms, session.length_left_ms)


def end_session(number: int) -> None:
    """Sign one browser out."""
    with database.write(quietly=True):
        Session.delete().where(Session.number == number).execute()


def _seen(number: int) -> tuple[int, int]:
    found: tuple[int, int] = current_app.extensions["seen"].get(number, (0, 0))
    return found


def _length_ms() -> int:
    return int(current_app.config["SESSION_LENGTH"])
