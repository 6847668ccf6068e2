"""Who may do what with a key: it, its rate and its scope are checked, in this order."""

import time
from hashlib import sha256

from flask import Flask, Request, current_app, g

from app.instants import now_ms
from app.models.engine import revision
from app.problems import Problem
from app.remembered import Remembered
from app.services.history import Actor
from app.services.keys import Holder, find_holder

# In the environ of a request that is counted already.
BEGINS_AGAIN = "clinic_calls.begins_again"
MAX_REMEMBERED_BYTES = 500_000
HOLDER_BYTES = 500


class Keys:
    """Lets in who sends a valid key."""

    def __init__(self, app: Flask) -> None:
        self.rate_limit = RateLimit(app.config["RATE_LIMIT"])
        self.holders = Remembered(MAX_REMEMBERED_BYTES)

    def check(self, asked: Request, needed: frozenset[str] | None) -> None:
        """Refuse a request without a valid key, and keys without any of the scopes needed.

        None is needed where there is no route: the answer is then 404 or 405.
        """
        if _is_preflight(asked):
            return
        g.revision = revision()
        holder = _holder(asked.environ.get("HTTP_X_API_KEY", ""), self.holders, g.revision)
        if holder is None:
            raise Problem("invalid_api_key")
        if not asked.environ.get(BEGINS_AGAIN):
            self.rate_limit.check(holder.key_id)
        # Automatic OPTIONS tells nothing of calls.
        if needed is not None and asked.method != "OPTIONS" and not needed & holder.scopes:
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
