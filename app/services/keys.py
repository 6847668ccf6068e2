"""API keys: who may call, what they may do, until when."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

from app.ids import new_id
from app.instants import now_ms
from app.models.keys import ApiKey, find_usable_key

SCOPES = ("read", "write", "ingest", "admin")
_IMPLIED = {
    "read": frozenset({"read"}),
    "write": frozenset({"read", "write"}),
    "ingest": frozenset({"ingest"}),
    "admin": frozenset(SCOPES),
}


class UnknownKey(LookupError):
    """No usable key has this id."""


def is_key_name(name: str) -> bool:
    """Tell whether a key can have this name: it is for people."""
    return bool(name.strip()) and len(name) <= 200 and name.isprintable()


def create_key(name: str, scopes: list[str], expires_at: int | None = None) -> str:
    """Store a new key and give its text, once: `cc_`, its id, `_` and the secret."""
    key_id = new_id()[-12:]
    secret = secrets.token_urlsafe(32)
    ApiKey.create(
        id=key_id,
        name=name,
        scopes=" ".join(scopes),
        hash=_hash(secret),
        created_at=now_ms(),
        expires_at=expires_at,
    )
    return f"cc_{key_id}_{secret}"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who sent a valid key: its id, all that it may do, until when (milliseconds), its name."""

    key_id: str
    scopes: frozenset[str]
    expires_at: int | None
    name: str


def find_holder(text: str) -> Holder | None:
    """Give who sent a key; None for every text that is no valid key."""
    prefix, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    row = find_usable_key(key_id)
    stored, scopes, expires_at, name = row or (_NO_HASH, "", None, "")
    # Always one comparison, so that the time tells nothing of which ids exist.
    if not hmac.compare_digest(stored, _hash(secret)) or row is None or prefix != "cc":
        return None
    return Holder(key_id, scopes_of(scopes), expires_at, name)


def scopes_of(text: str) -> frozenset[str]:
    """Give all that a key's scopes allow, what they include too."""
    return frozenset().union(*(_IMPLIED[scope] for scope in text.split()))


def revoke_key(key_id: str) -> None:
    """Make a key useless from the next request on. Raises UnknownKey."""
    now = now_ms()
    changed = (
        ApiKey.update(revoked_at=now)
        .where(ApiKey.id == key_id, ApiKey.revoked_at.is_null())
        .execute()
    )
    if not changed and not ApiKey.select().where(ApiKey.id == key_id).exists():
        raise UnknownKey


def rotate_key(key_id: str, grace_ms: int) -> str:
    """Give a new key for the same uses; the old one ends with the grace.

    Raises UnknownKey, also for a key that was replaced already.
    """
    old = ApiKey.get_or_none(ApiKey.id == key_id)
    if old is None or old.state != "active" or old.replaced_at is not None:
        raise UnknownKey
    ends_at = now_ms() + grace_ms
    lifetime = None
    if old.expires_at is not None:
        lifetime = now_ms() + old.expires_at - old.created_at
        ends_at = min(ends_at, old.expires_at)
    new = create_key(old.name, old.scopes.split(), lifetime)
    changes = {"expires_at": ends_at, "replaced_at": now_ms()}
    ApiKey.update(**changes).where(ApiKey.id == key_id).execute()
    return new


def _hash(secret: str) -> bytes:
    # The secret is 256 random bits: a slow hash would protect nothing more.
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


_NO_HASH = bytes(32)
