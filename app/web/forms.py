"""Forms: how they are read, shown again with what is wrong, and what the next page says."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Response, g, redirect, render_template, request, url_for

from app.auth.guesses import prove
from app.errors import answer_problem, wants_json
from app.models.people import Person
from app.problems import Problem

HOME = "/queue"
# What could tell of a person stays out of addresses that are kept, sent or led to.
SECRET = ("q", "customer_number", "phone_number")
# What was done with a call.
SAID = {
    "done": "Done",
    "flagged": "Flagged",
    "unflagged": "No longer flagged",
    "opened": "Open again",
    "taken": "You have it",
    "released": "Released",
    "given": "Given away",
    "done_all": "Done for all",
    "changed": "Saved",
    "linked": "Saved who called",
    "no_answer": "No answer noted",
    "left_message": "Message noted",
    "reached": "Reached",
    "later": "To try again later",
    "undone": "Undone",
    "undone_but": "Undone, but for what has been changed since",
    "undone_before": "There was nothing to undo any more",
}
# What was done, by the code in the address of the next page: no name stands there.
NOTICES = {
    **{name: f"{words}." for name, words in SAID.items()},
    "closed": "The calls are closed.",
    "none-closed": "There was no open call before that day.",
    "written": "The call is written down.",
    "signed-out": "You are signed out.",
    "signed-out-everywhere": "You are signed out everywhere.",
    "password-changed": "Your password is changed. All your other sign-ins have ended.",
    "password-chosen": "Your password is set. Sign in with it.",
    "saved": "Saved.",
    "role-changed": "The role is changed.",
    "ended": "That person can no longer sign in. The calls they had taken are nobody's now.",
    "revoked": "The key is revoked.",
}


def field(name: str) -> str:
    """Give what was filled in, in a form or in JSON; nothing is an empty text."""
    given: Any = request.get_json(silent=True) if request.is_json else request.form
    value = given.get(name) if hasattr(given, "get") else None
    # JSON can hold half of a surrogate pair, which is no text.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def whole_number(text: str) -> int:
    """Give a number that a page of ours has written into a form, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def same_lines(text: str) -> str:
    """Give a text with the ends of lines that it was shown with: browsers send others."""
    return text.replace("\r\n", "\n")


def new_password() -> str:
    """Give a password that was typed twice. Raises Problem where the two are not the same."""
    if field("password") != field("again"):
        raise Problem("invalid_field", "The two passwords are not the same.", "again")
    return field("password")


def confirm() -> Person:
    """Give who is signed in, by their own password again. Raises Problem as `prove` does."""
    try:
        return prove(g.person.name, field("own_password"))
    except Problem as problem:
        if problem.code == "wrong_password":
            problem.message = "Your own password is wrong."
        raise


def show_again(problem: Problem, template: str, **shown: Any) -> Response:
    """Answer a problem with the form that it comes from."""
    response = answer_problem(problem)
    if not wants_json():
        response.set_data(render_template(template, problem=problem.words, **shown))
    return response


def done_at(path: str, said: str, act: int | None) -> Response:
    """Lead back to a page of ours, which says what was done, and how to undo it."""
    parts = urlsplit(own_path(path))
    left = [pair for pair in parse_qsl(parts.query) if pair[0] not in ("said", "act", *SECRET)]
    query = urlencode([*left, ("said", said), *([("act", act)] if act else [])])
    response: Any = redirect(f"{parts.path}?{query}", 303)
    return response


def own_path(text: str) -> str:
    """Give a path of ours to go on to; the queue in place of everything that leads elsewhere."""
    # Browsers take a backslash for a slash, and leave out what cannot be printed.
    is_ours = text.startswith("/") and text.isprintable() and not {"\\", " "} & set(text)
    if not is_ours or text.startswith(("//", "/sign-")) or urlsplit(text).netloc:
        return HOME
    return text


def done(said: str, endpoint: str, **parts: Any) -> Response:
    """Lead to the next page, which says what was done; `act` among the parts is how to undo it."""
    response: Any = redirect(url_for(endpoint, **parts, said=said), 303)
    return response
