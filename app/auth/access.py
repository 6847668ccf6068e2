"""Which address is open to whom: declared by each view, checked before anything else."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Request, request
from werkzeug.wrappers import Response

from app.auth import guesses
from app.auth.keys import Keys
from app.auth.people import check_person
from app.headers import is_page

View = TypeVar("View", bound=Callable[..., object])

# What lies open: the description of the API, and addresses that prove themselves otherwise.
PUBLIC = "public"
INGEST_PREFIX = "/v1/ingest/"


def requires(*who: str, is_poll: bool = False) -> Callable[[View], View]:
    """Declare whom a view is open to: keys by scope, people by role, PUBLIC or ANYBODY.

    Any one of these is enough; what is open to `desk` is to a manager. A poll, which a page asks
    by itself, does not keep its person signed in.
    """

    def declare(view: View) -> View:
        view.scopes = frozenset(who)  # type: ignore[attr-defined]
        view.is_poll = is_poll  # type: ignore[attr-defined]
        return view

    return declare


def init_app(app: Flask) -> None:
    """Check who sends each request before anything else of it."""
    keys = Keys(app)
    guesses.init_app(app)
    view_functions = app.view_functions

    @app.before_request
    def check_access() -> Response | None:
        """Refuse requests under /v1 without a key, and those for pages without a person."""
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        view = view_functions.get(asked.endpoint or "")
        needed: frozenset[str] | None = getattr(view, "scopes", frozenset()) if view else None
        if needed and PUBLIC in needed:
            return None
        if is_page(asked.path):
            return check_person(asked, needed, is_poll=getattr(view, "is_poll", False))
        if needed is not None or _is_guarded(asked.path):
            keys.check(asked, needed)
        return None


def _is_guarded(path: str) -> bool:
    return f"{path}/".startswith("/v1/") and not path.startswith(INGEST_PREFIX)
