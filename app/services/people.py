"""What becomes of people: added, their password and role changed, ended."""

import secrets
import unicodedata
from hashlib import sha256

from peewee import fn

from app.instants import now_ms
from app.models.engine import database
from app.models.people import PasswordLink, Person, Session
from app.problems import Problem
from app.services.calls import calls
from app.services.passwords import hash_password, is_password

ROLES = ("desk", "manager")
MAX_NAME_LENGTH = 80
LINK_MS = 3_600_000
# The records say so where no person did it.
_NOT_NAMES = ("command", "nobody")


def name_key(name: str) -> str:
    """Give a name without regard to case, as people are looked up by it."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def find_person(name: str) -> Person | None:
    """Give who has this name and is not gone, whatever its case."""
    if len(name) > 2 * MAX_NAME_LENGTH or not name.isprintable():
        return None
    person: Person | None = Person.get_or_none(
        Person.name_key == name_key(name), Person.ended_at.is_null()
    )
    return person


def get_person(number: int) -> Person:
    """Give a person, gone or not. Raises Problem not_found."""
    person: Person | None = Person.get_or_none(Person.number == number)
    if person is None:
        raise Problem("not_found", "There is no such person.")
    return person


def check_name(name: str) -> str:
    """Give a name as it is kept. Raises Problem for one that nobody can be given."""
    is_printable, name = name.isprintable(), " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(name) <= MAX_NAME_LENGTH or not is_printable or ":" in name:
        message = f"A name has 1 to {MAX_NAME_LENGTH} printable characters and no colon."
        raise Problem("invalid_field", message, "name")
    if name_key(name) in _NOT_NAMES:
        raise Problem("invalid_field", f"Nobody can be called {name} here.", "name")
    if Person.select().where(Person.name_key == name_key(name)).exists():
        message = "Somebody has or had this name; the records go by it. Choose another."
        raise Problem("already_exists", message, "name")
    return name


def add_person(name: str, role: str, password: str | None = None) -> Person:
    """Add a person, who without a password needs a link to choose one. Raises Problem."""
    kept = None if password is None else hash_password(password)
    with database.write():
        name = check_name(name)
        person: Person = Person.create(
            name=name, name_key=name_key(name), role=role, password=kept, created_at=now_ms()
        )
        return person


def set_password(person: Person, password: str, *, but: int | None = None) -> None:
    """Give a person a new password, which ends all sessions but one. Raises Problem."""
    kept = hash_password(password)
    with database.write():
        if not _change(person, password=kept):
            raise _is_gone(person)
        _sign_out(person, but)


def person_with(name: str, password: str) -> Person | None:
    """Give who has this name and password. Raises Problem where too many ask."""
    person = find_person(name)
    is_right = is_password(password, person.password if person else None)
    return person if is_right else None


def set_role(person: Person, role: str) -> None:
    """Give a person a role. Raises Problem for the last manager and for one who is gone."""
    with database.write():
        if role != "manager":
            _check_not_last(person)
        if not _change(person, role=role):
            raise _is_gone(person)


def set_single_keys(number: int, on: bool) -> None:
    """Remember whether keys alone do something for a person."""
    with database.write():
        Person.update(single_keys=on).where(Person.number == number).execute()


def end_person(person: Person) -> None:
    """Let a person in no more, and release what they took. Raises Problem as set_role does."""
    with database.write():
        _check_not_last(person)
        if not _change(person, ended_at=now_ms()):
            raise _is_gone(person)
        _sign_out(person)
        calls.release_all(person.name)


def sign_out_everywhere(person: Person) -> None:
    """End all sessions of a person."""
    with database.write(quietly=True):
        Session.delete().where(Session.person == person).execute()


def make_link(person: Person) -> str:
    """Give the secret of a link at which a person chooses a password; earlier ones end."""
    secret = secrets.token_urlsafe(32)
    with database.write():
        if get_person(person.number).ended_at is not None:
            raise _is_gone(person)
        PasswordLink.delete().where(PasswordLink.person == person).execute()
        PasswordLink.create(hash=hash_of(secret), person=person, expires_at=now_ms() + LINK_MS)
    return secret


def find_link(secret: str) -> Person:
    """Give whose link this is. Raises Problem not_found for one that is used, old or unknown."""
    link = PasswordLink.get_or_none(
        PasswordLink.hash == hash_of(secret), PasswordLink.expires_at > now_ms()
    )
    if link is None:
        raise Problem(
            "not_found", "This link is used already, or too old. Ask a manager for a new one."
        )
    person: Person = link.person
    return person


def use_link(secret: str, password: str) -> Person:
    """Set the password of whose link this is. Raises Problem as find_link does."""
    find_link(secret)
    kept = hash_password(password)
    with database.write():
        # Again: of two who send it at the same moment, one finds it.
        person = find_link(secret)
        _change(person, password=kept)
        _sign_out(person)
    return person


def hash_of(secret: str) -> bytes:
    """Give what is kept of a secret of 256 random bits: a slow hash would protect nothing more."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def has_people() -> bool:
    """Tell whether anybody can sign in."""
    return bool(Person.select().where(Person.ended_at.is_null()).exists())


def _change(person: Person, **values: object) -> bool:
    condition = (Person.number == person.number) & Person.ended_at.is_null()
    return bool(Person.update(**values).where(condition).execute())


def _sign_out(person: Person, but: int | None = None) -> None:
    """End the sessions of a person but one, and the links for a password."""
    Session.delete().where(Session.person == person, Session.number != (but or 0)).execute()
    PasswordLink.delete().where(PasswordLink.person == person).execute()


def _check_not_last(person: Person) -> None:
    managers = Person.select(fn.COUNT(Person.number)).where(
        Person.role == "manager", Person.ended_at.is_null(), Person.number != person.number
    )
    if get_person(person.number).role == "manager" and not managers.scalar():
        message = f"{person.name} is the last manager. Make somebody else a manager first."
        raise Problem("last_manager", message)


def _is_gone(person: Person) -> Problem:
    return Problem("already_ended", f"{person.name} was ended already.")
