"""/keys: managers make API keys, each shown once, and revoke them."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from app.auth import requires
from app.instants import DAY_MS, now_ms
from app.models.engine import database
from app.models.keys import ApiKey, all_keys
from app.problems import Problem
from app.services.keys import SCOPES, UnknownKey, create_key, is_key_name, revoke_key
from app.web.forms import confirm, done, field, show_again

blp = Blueprint("keys", __name__, url_prefix="/keys")

# How long a key lasts, by what is chosen.
DAYS = {"": "for good", "30": "30 days", "90": "90 days", "365": "a year"}


@blp.get("")
@requires("manager")
def show() -> str:
    return render_template("keys.html", **_shown())


@blp.post("")
@requires("manager")
def make() -> Any:
    """Make a key called `name`, with each `scope`, for `days`, and show it this once."""
    name, scopes, days = field("name").strip(), request.form.getlist("scope"), field("days")
    try:
        if not is_key_name(name):
            raise Problem("invalid_field", "Give the key a name, of 200 characters at most.")
        if not scopes or not set(scopes) <= set(SCOPES) or days not in DAYS:
            raise Problem("invalid_field", "Choose what the key may do, and for how long.")
        confirm()
        with database.write():
            key = create_key(
                name, list(dict.fromkeys(scopes)), now_ms() + int(days) * DAY_MS if days else None
            )
    except Problem as problem:
        return show_again(problem, "keys.html", name=name[:200], **_shown())
    return render_template("key.html", name=name, key=key)


@blp.post("/<key_id>/revoke")
@requires("manager")
def revoke(key_id: str) -> Response:
    try:
        with database.write():
            revoke_key(key_id)
    except UnknownKey:
        raise Problem("not_found") from None
    return done("revoked", "keys.show")


def _ends(key: ApiKey) -> str:
    if key.expires_at is None:
        return "never"
    zone = current_app.config["CLINIC_TIMEZONE"]
    return f"{datetime.fromtimestamp(key.expires_at / 1000, zone):%Y-%m-%d}"


def _shown() -> dict[str, Any]:
    return {"keys": all_keys(), "scopes": SCOPES, "days": DAYS, "ends": _ends}
