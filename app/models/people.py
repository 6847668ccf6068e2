"""People: the tables of those who sign in, of their sessions and of their links for a password."""

from typing import Any

from peewee import BlobField, BooleanField, ForeignKeyField, IntegerField, TextField

from app.models.base import Model
from app.models.engine import connection


class Person(Model):
    """Somebody of the clinic who signs in; `password` is a hash, null until one is chosen."""

    number = IntegerField(primary_key=True)
    name = TextField()
    name_key = TextField(unique=True)
    role = TextField()
    password = TextField(null=True)
    single_keys = BooleanField(default=True)
    created_at = IntegerField()
    ended_at = IntegerField(null=True)

    @property
    def state(self) -> str:
        """Say `active`, `no password` or `ended`."""
        if self.ended_at is not None:
            return "ended"
        return "active" if self.password else "no password"


class Session(Model):
    """A browser that is signed in."""

    number = IntegerField(primary_key=True)
    hash = BlobField(unique=True)
    person = ForeignKeyField(Person, column_name="person")
    created_at = IntegerField()
    seen_at = IntegerField()


class PasswordLink(Model):
    """A link at which a person chooses a password, good once."""

    hash = BlobField(primary_key=True)
    person = ForeignKeyField(Person, column_name="person")
    expires_at = IntegerField()

    class Meta:
        table_name = "password_link"


def all_people() -> list[Person]:
    """Give all people, those who are gone too, in the order in which they were added."""
    return list(Person.select().order_by(Person.number))


def active_people() -> list[Person]:
    """Give those who may sign in, by name."""
    return list(Person.select().where(Person.ended_at.is_null()).order_by(Person.name_key))


def is_active_person(name: str) -> bool:
    """Tell whether somebody of this name signs in here."""
    return bool(connection().execute(_IS_ACTIVE, (name,)).get)


def find_session(digest: bytes) -> tuple[Any, ...] | None:
    """Give a session by its hash: number, created_at and seen_at; its person: number, name, role
    and single_keys. None where that person is gone."""
    return connection().execute(_FIND_SESSION, (digest,)).fetchone()


_IS_ACTIVE = "SELECT EXISTS (SELECT 1 FROM person WHERE name = ? AND ended_at IS NULL)"
_FIND_SESSION = (
    "SELECT session.number, session.created_at, seen_at, person.number, name, role, single_keys"
    " FROM session JOIN person ON person.number = session.person"
    " WHERE hash = ? AND ended_at IS NULL"
)
