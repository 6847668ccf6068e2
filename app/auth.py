"""Who may do what: the key and its scope are checked before anything else of a request."""

import time
from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from flask import Flask, Request, current_app, g, request

from app.instants import now_ms
from app.models.engine import revision
from app.problems import Problem
from app.remembered import Remembered
from app.services.history import Actor
from app.services.keys import Holder, find_holder

View = TypeVar("View", bound=Callable[..., object])

# What lies open: the description of the API, and addresses that prove themselves otherwise.
PUBLIC = "public"
INGEST_PREFIX = "/v1/ingest/"
MAX_REMEMBERED_BYTES = 500_000
HOLDER_BYTES = 500


def requires(*scopes: str) -> Callable[[View], View]:
    """Declare which scope a route needs: any one of these, or PUBLIC."""

    def declare(view: View) -> View:
        view.scopes = frozenset(scopes)  # type: ignore[attr-defined]
        return view

    return declare


def init_app(app: Flask) -> None:
    """Check each request's key, rate and scope, in this order."""
    rate_limit = RateLimit(app.config["RATE_LIMIT"])
    view_functions = app.view_functions
    holders = Remembered(MAX_REMEMBERED_BYTES)

    @app.before_request
    def check_key() -> None:
        """Refuse requests under /v1 without a valid key, and keys without the route's scope."""
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        view = view_functions.get(asked.endpoint or "")
        needed: frozenset[str] = getattr(view, "scopes", frozenset())
        if PUBLIC in needed or (view is None and not _is_guarded()) or _is_preflight(asked):
            return
        g.revision = revision()
        holder = _holder(asked.environ.get("HTTP_X_API_KEY", ""), holders, g.revision)
        if holder is None:
            raise Problem("invalid_api_key")
        rate_limit.check(holder.key_id)
        # Without a route the answer is 404 or 405; automatic OPTIONS tells nothing of calls.
        if view is not None and asked.method != "OPTIONS" and not needed & holder.scopes:
            wanted = " or ".join(sorted(needed)) or "admin"
            message = f"This key may not do that: it needs the scope {wanted}."
            raise Problem("missing_scope", message)
        g.scopes = holder.scopes
        g.actor = Actor(f"key:{holder.name}")


def _holder(text: str, holders: Remembered, number: int) -> Holder | None:
    """Give who sent a key, remembered until anything is written: a revoked key ends at once."""
    # Its hash: a key itself is kept nowhere.
    digest = sha256(text.encode("utf-8", "surrogatepass")).digest()
    holder: Holder | None = holders.get(digest, number)
    if holder is None:
        holder = find_holder(text)
        if holder is not None:
            holders.put(digest, number, holder, HOLDER_BYTES)
    elif holder.expires_at is not None and holder.expires_at <= now_ms():
        return None
    return holder


def _is_guarded() -> bool:
    return f"{request.path}/".startswith("/v1/") and not request.path.startswith(INGEST_PREFIX)


def _is_preflight(asked: Request) -> bool:
    """Tell a browser's question before a cross-origin request, which never carries a key."""
    return (
        asked.method == "OPTIONS"
        and "Access-Control-Request-Method" in asked.headers
        and bool(current_app.config["CORS_ORIGINS"])
    )


class RateLimit:
    """Requests a minute for each key, spread evenly with a burst of one minute's worth.

    The generic cell rate algorithm (ITU-T I.371): one instant for each key is all that is kept.
    """

    def __init__(self, per_minute: int) -> None:
        self.interval_s = 60 / per_minute if per_minute else 0.0
        self.burst_s = 60.0 - self.interval_s
        self.due: dict[str, float] = {}

    def check(self, key_id: str) -> None:
        """Count a request. Raises Problem too_many_requests where it comes too early."""
        if not self.interval_s:
            return
        now = time.monotonic()
        due = max(self.due.get(key_id, now), now)
        wait_s = due - now - self.burst_s
        if wait_s > 0:
            raise Problem("too_many_requests", retry_after_s=int(wait_s) + 1)
        self.due[key_id] = due + self.interval_s
