"""Registers the pages, and what all of them show."""

from typing import Any

from flask import Flask, g, request

from app.headers import is_page
from app.reading import MAX_BODY_BYTES
from app.web import calls, figures, keys, me, patients, people, queue, showing, sign_in
from app.web.forms import HOME, NOTICES

BLUEPRINTS = (
    queue.blp,
    calls.blp,
    patients.blp,
    figures.blp,
    sign_in.blp,
    me.blp,
    people.blp,
    keys.blp,
)


def init_app(app: Flask) -> None:
    """Register the pages."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    showing.init_app(app)
    app.before_request(limit_body)
    app.context_processor(common)


def limit_body() -> None:
    """Let a form be no longer than the API lets a body be."""
    if is_page(request.path):
        request.max_content_length = request.max_form_memory_size = MAX_BODY_BYTES


def common() -> dict[str, Any]:
    """Give what every page shows: who is signed in, and what was done before it."""
    here = request.full_path.rstrip("?") if request.method == "GET" else HOME
    # A form that is too long cannot be looked into.
    is_read = (request.content_length or 0) <= MAX_BODY_BYTES
    return {
        "person": g.get("person"),
        "notice": NOTICES.get(request.args.get("said", "")),
        "act": request.args.get("act", type=int),
        "back": request.form.get("back", here) if is_read else here,
    }
