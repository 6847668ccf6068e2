"""Registers the pages, and what all of them show."""

from typing import Any

from flask import Flask, g, request

from app.web import keys, me, people, sign_in
from app.web.forms import NOTICES

BLUEPRINTS = (sign_in.blp, me.blp, people.blp, keys.blp)


def init_app(app: Flask) -> None:
    """Register the pages."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(common)


def common() -> dict[str, Any]:
    """Give what every page shows: who is signed in, and what was done before it."""
    return {"person": g.get("person"), "notice": NOTICES.get(request.args.get("said", ""))}
