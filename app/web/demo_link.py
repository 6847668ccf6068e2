"""/demo: the link that `demo` prints, at which one press signs in, once."""

import secrets
from typing import Any

from flask import Blueprint, Flask, current_app, render_template

from app.auth import ANYBODY, requires
from app.instants import now_ms
from app.models.people import Person
from app.problems import Problem
from app.services.people import find_person, hash_of
from app.web.forms import HOME
from app.web.sign_in import let_in

LINK_MS = 600_000

# Registered by `demo` alone: no other server has the address.
blp = Blueprint("demo_link", __name__)


def init_app(app: Flask, name: str) -> str:
    """Offer to sign in as somebody for ten minutes, and give the path of the link."""
    secret = secrets.token_urlsafe(32)
    app.extensions["demo_link"] = {hash_of(secret): (name, now_ms() + LINK_MS)}
    app.register_blueprint(blp)
    return f"/demo/{secret}"


@blp.get("/demo/<secret>")
@requires(ANYBODY)
def show(secret: str) -> str:
    return render_template("demo_link.html", name=_person(secret).name)


@blp.post("/demo/<secret>")
@requires(ANYBODY)
def sign_in(secret: str) -> Any:
    person = _person(secret)
    # Of two who press at the same moment, one finds it.
    if current_app.extensions["demo_link"].pop(hash_of(secret), None) is None:
        raise _used()
    return let_in(person, HOME)


def _person(secret: str) -> Person:
    name, until = current_app.extensions["demo_link"].get(hash_of(secret), ("", 0))
    person = find_person(name) if now_ms() < until else None
    if person is None:
        raise _used()
    return person


def _used() -> Problem:
    return Problem("not_found", "This link is used already, or too old. Start the demo again.")
