"""Passwords: which are good enough, and their slow hashes, made one at a time."""

import hmac
import secrets
import unicodedata
from hashlib import scrypt
from threading import BoundedSemaphore, Lock

from app.problems import Problem

MIN_LENGTH = 12
MAX_LENGTH = 1000
# As OWASP advises; each takes 32 MiB and a quarter of a second.
N, R, P = 2**15, 8, 3
MAX_MEMORY = 2**26
QUEUE = 4

_line = BoundedSemaphore(1 + QUEUE)
_turn = Lock()


def hash_password(password: str) -> str:
    """Give what is kept of a new password. Raises Problem where it is too short or long."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        message = f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters."
        raise Problem("invalid_field", message, "password")
    salt = secrets.token_bytes(16)
    return f"scrypt:{N}:{R}:{P}:{salt.hex()}:{_slow_hash(password, salt).hex()}"


def is_password(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one of which this is kept.

    It takes as long where nothing is kept: the time tells nothing of which names exist. Raises
    Problem unavailable where too many wait for their turn.
    """
    salt, stored = (bytes.fromhex(part) for part in (kept or _NOBODYS).split(":")[4:])
    matches = hmac.compare_digest(_slow_hash(password[: MAX_LENGTH + 1], salt), stored)
    return matches and kept is not None


def _slow_hash(password: str, salt: bytes) -> bytes:
    # The same password, however a keyboard composes its letters.
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    if not _line.acquire(blocking=False):
        raise Problem("unavailable", "Too many people are signing in just now. Try again soon.")
    try:
        with _turn:
            return scrypt(text, salt=salt, n=N, r=R, p=P, maxmem=MAX_MEMORY)
    finally:
        _line.release()


_NOBODYS = f"scrypt:{N}:{R}:{P}:{bytes(16).hex()}:{bytes(64).hex()}"
