"""/people: who may sign in; managers add them, give them roles and passwords, and end them."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for

from app.auth import requires
from app.models.people import Person, all_people
from app.problems import Problem
from app.services.people import ROLES, add_person, end_person, get_person, make_link, set_role
from app.web.forms import confirm, done, field, show_again

blp = Blueprint("people", __name__, url_prefix="/people")


@blp.get("")
@requires("manager")
def show() -> str:
    return render_template("people.html", people=all_people())


@blp.post("")
@requires("manager")
def add() -> Any:
    """Add `name` with `role`, and show the link at which they choose their password."""
    try:
        role = _role()
        confirm()
        return _show_link(add_person(field("name"), role))
    except Problem as problem:
        given = {"name": field("name")[:80], "role": field("role")}
        return show_again(problem, "people.html", people=all_people(), **given)


@blp.get("/<int:number>")
@requires("manager")
def show_one(number: int) -> str:
    return render_template("person.html", shown=get_person(number))


@blp.post("/<int:number>/link")
@requires("manager")
def link(number: int) -> Any:
    person = get_person(number)
    try:
        confirm()
        return _show_link(person)
    except Problem as problem:
        return show_again(problem, "person.html", shown=person)


@blp.post("/<int:number>/role")
@requires("manager")
def change_role(number: int) -> Response:
    person = get_person(number)
    try:
        set_role(person, _role())
    except Problem as problem:
        return show_again(problem, "person.html", shown=person)
    return done("role-changed", "people.show_one", number=number)


@blp.post("/<int:number>/end")
@requires("manager")
def end(number: int) -> Response:
    person = get_person(number)
    try:
        if field("sure") != "on":
            raise Problem("invalid_field", "Tick the box first: ending cannot be undone.", "sure")
        end_person(person)
    except Problem as problem:
        return show_again(problem, "person.html", shown=person)
    return done("ended", "people.show")


def _role() -> str:
    if field("role") not in ROLES:
        raise Problem("invalid_field", "Choose a role.", "role")
    return field("role")


def _show_link(person: Person) -> str:
    # For another browser: under PUBLIC_URL, else where this request came to.
    base = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    link = base + url_for("sign_in.password_form", link=make_link(person))
    return render_template("password_link.html", owner=person.name, link=link)
