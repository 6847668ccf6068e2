"""/, /sign-in, /sign-out, /session and the link for a password: how a person gets in and out."""

from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for

from app.auth import ANYBODY, requires
from app.auth.guesses import prove
from app.auth.people import drop_cookie, set_cookie
from app.errors import wants_json
from app.models.people import Person
from app.problems import Problem
from app.services.people import find_link, has_people, use_link
from app.services.sessions import end_session, get_session, start_session
from app.web.forms import HOME, done, field, new_password, own_path, show_again

blp = Blueprint("sign_in", __name__)


@blp.get("/")
@requires(ANYBODY)
def start() -> Any:
    return redirect(HOME if g.person else url_for("sign_in.form"), 303)


@blp.get("/sign-in")
@requires(ANYBODY)
def form() -> Any:
    if g.person:
        return redirect(own_path(request.args.get("next", "")), 303)
    return render_template("sign_in.html", **_shown(request.args.get("next", "")))


@blp.post("/sign-in")
@requires(ANYBODY)
def sign_in() -> Any:
    """Sign in by `name` and `password`, in a form or in JSON, and go on to `next`.

    A script that accepts JSON gets what GET /session gives, and a new cookie.
    """
    try:
        return let_in(prove(field("name"), field("password")), own_path(field("next")))
    except Problem as problem:
        return show_again(problem, "sign_in.html", name=field("name")[:80], **_shown(field("next")))


def let_in(person: Person, path: str) -> Response:
    """Begin a session, in place of the one that this browser has, and lead to a page."""
    try:
        secret = start_session(person)
    except LookupError:
        raise Problem("wrong_password") from None
    if g.session:
        end_session(g.session.number)
    response: Any = redirect(path, 303)
    if wants_json():
        g.person, g.session = get_session(secret) or (None, None)
        response = session()
    set_cookie(response, secret)
    return response


@blp.post("/sign-out")
@requires(ANYBODY)
def sign_out() -> Response:
    if g.session:
        end_session(g.session.number)
    response = done("signed-out", "sign_in.form")
    drop_cookie(response)
    return response


@blp.get("/session")
@requires(ANYBODY, is_poll=True)
def session() -> Response:
    """Tell a page's script who is signed in and for how many seconds; it prolongs nothing.

    `name` is null where nobody is. `idle_s` is what is left without a request, which POST /session
    makes whole again; `length_s` what is left in any case, after which POST /sign-in is needed,
    with `name`, `password` and the header `Accept: application/json`.
    """
    left = g.session
    return jsonify(
        name=g.person.name if g.person else None,
        idle_s=left.idle_left_ms // 1000 if left else 0,
        length_s=left.length_left_ms // 1000 if left else 0,
    )


@blp.post("/session")
@requires("desk")
def prolong() -> Response:
    """Count as a request of the person's own, and tell the same."""
    return session()


@blp.get("/password")
@requires(ANYBODY)
def password_form() -> str:
    # The secret stands in the query: logs keep paths.
    link = request.args.get("link", "")
    return render_template("password.html", owner=find_link(link).name, link=link)


@blp.post("/password")
@requires(ANYBODY)
def choose_password() -> Response:
    """Set `password`, given `again`, for whose `link` it is."""
    link = field("link")
    owner = find_link(link).name
    try:
        use_link(link, new_password())
    except Problem as problem:
        return show_again(problem, "password.html", owner=owner, link=link)
    return done("password-chosen", "sign_in.form")


def _shown(path: str) -> dict[str, Any]:
    return {"next": path if own_path(path) == path else "", "is_first": not has_people()}
