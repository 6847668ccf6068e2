"""People of a test and their browsers."""

from functools import cache

from flask import Flask
from flask.testing import FlaskClient

from app.models.engine import database
from app.models.people import Person
from app.services.passwords import hash_password
from app.services.people import add_person
from app.services.sessions import start_session

PASSWORD = "correct horse battery staple"


@cache
def kept_password() -> str:
    """Give what is kept of PASSWORD: to make it once takes long enough."""
    return hash_password(PASSWORD)


def add(name: str, role: str) -> Person:
    """Add somebody whose password is PASSWORD."""
    person = add_person(name, role)
    with database.write():
        Person.update(password=kept_password()).where(Person.number == person.number).execute()
    person.password = kept_password()
    return person


def browser(app: Flask) -> FlaskClient:
    """Give a browser, whose forms are sent from pages of ours."""
    client = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client


def signed_in(app: Flask, name: str, role: str) -> FlaskClient:
    """Add somebody and give their browser."""
    client = browser(app)
    client.set_cookie("clinic-session", start_session(add(name, role)))
    return client
