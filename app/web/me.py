"""/me: one's own password, single-key shortcuts, and signing out everywhere."""

from flask import Blueprint, Response, g, render_template

from app.auth import requires
from app.auth.people import drop_cookie
from app.problems import Problem
from app.services.people import get_person, set_password, set_single_keys, sign_out_everywhere
from app.web.forms import confirm, done, field, new_password, show_again

blp = Blueprint("me", __name__)


@blp.get("/me")
@requires("desk")
def show() -> str:
    return render_template("me.html")


@blp.post("/me/password")
@requires("desk")
def change_password() -> Response:
    try:
        password = new_password()
        set_password(confirm(), password, but=g.session.number)
    except Problem as problem:
        return show_again(problem, "me.html")
    return done("password-changed", "me.show")


@blp.post("/me/keys")
@requires("desk")
def change_single_keys() -> Response:
    set_single_keys(g.person.number, field("single_keys") == "on")
    return done("saved", "me.show")


@blp.post("/me/sign-out")
@requires("desk")
def sign_out() -> Response:
    sign_out_everywhere(get_person(g.person.number))
    response = done("signed-out-everywhere", "sign_in.form")
    drop_cookie(response)
    return response
