"""Who may do what on the pages: the session's cookie, its person, and that person's role."""

from urllib.parse import quote

from flask import Request, Response, current_app, g, redirect
from werkzeug.wrappers import Response as AnyResponse

from app.auth.origin import check_host, check_origin
from app.errors import wants_json
from app.models.engine import revision
from app.problems import Problem
from app.services.history import Actor
from app.services.sessions import get_session, prolong

# Pages that are open to all, and know who is signed in.
ANYBODY = "anybody"
OPENS = {"desk": frozenset({"desk"}), "manager": frozenset({"desk", "manager"})}
SAFE = ("GET", "HEAD")


def check_person(
    asked: Request, needed: frozenset[str] | None, *, is_poll: bool
) -> AnyResponse | None:
    """Set `g.person` and `g.session`, and let only roles in that are needed.

    Who is not signed in is led to the sign-in where that leads back to the page. None is needed
    where there is no route: the answer is then 404 or 405.
    """
    g.person = g.session = None
    if needed is not None:
        check_host(asked)
        if asked.method not in (*SAFE, "OPTIONS"):
            check_origin(asked)
    found = get_session(secret) if (secret := asked.cookies.get(cookie_name())) else None
    if found:
        g.revision = revision()
        g.person, session = found
        g.session = session if is_poll else prolong(session)
        g.actor = Actor(g.person.name, session.number)
    if needed is None or ANYBODY in needed:
        return None
    if not found:
        if asked.method in SAFE and not is_poll and not wants_json():
            return redirect(f"/sign-in?next={quote(asked.full_path.rstrip('?'))}", 303)
        raise Problem("signed_out")
    if not needed & OPENS[g.person.role]:
        raise Problem("forbidden")
    return None


def cookie_name() -> str:
    """Give the cookie's name: behind https one that no other host can set."""
    return "__Host-clinic-session" if _is_secure() else "clinic-session"


def set_cookie(response: Response, secret: str) -> None:
    """Let a browser be signed in by a session's secret, until it is closed."""
    response.set_cookie(
        cookie_name(), secret, path="/", httponly=True, samesite="Lax", secure=_is_secure()
    )


def drop_cookie(response: Response) -> None:
    """Let a browser forget its session."""
    response.delete_cookie(
        cookie_name(), path="/", httponly=True, samesite="Lax", secure=_is_secure()
    )


def _is_secure() -> bool:
    return (current_app.config["PUBLIC_URL"] or "").startswith("https:")
