"""How often a password may be guessed: wrong ones are counted by name and by address."""

import math
import time
from ipaddress import IPv6Address, ip_address
from threading import Lock

from flask import Flask, current_app, request

from app.models.people import Person
from app.problems import Problem
from app.services.people import MAX_NAME_LENGTH, name_key, person_with

FREE = 5
MAX_WAIT_S = 300
FORGET_S = 3600
MAX_COUNTS = 10_000

Key = tuple[str, str]


def init_app(app: Flask) -> None:
    """Count the guesses of this process."""
    app.extensions["guesses"] = Guesses()


def prove(name: str, password: str) -> Person:
    """Give whose name and password these are.

    Raises Problem wrong_password, too_many_requests, and unavailable where others queue already.
    """
    guesses: Guesses = current_app.extensions["guesses"]
    by_name = ("name", name_key(name[: 2 * MAX_NAME_LENGTH]))
    by_address = ("address", client_address())
    guesses.begin(by_name, by_address)
    try:
        person = person_with(name, password)
    except BaseException:
        guesses.take_back(by_name, by_address)
        raise
    if person is None:
        guesses.refuse(by_name, by_address)
        raise Problem("wrong_password")
    # Of the address only this one is taken back: else an own password would open the way for more.
    guesses.forget(by_name)
    guesses.take_back(by_address)
    return person


class Guesses:
    """How many guesses there were by each key, and until when the next must wait.

    A guess counts from its beginning: of many at the same time no more are looked at than one
    after the other.
    """

    def __init__(self) -> None:
        self.counts: dict[Key, tuple[int, float, float]] = {}
        self.lock = Lock()

    def begin(self, *keys: Key) -> None:
        """Count a guess. Raises Problem where it comes too early."""
        with self.lock:
            now = time.monotonic()
            self._check(now, keys)
            for key in keys:
                count, _, at = self.counts.pop(key, (0, 0.0, now))
                count = count + 1 if now - at < FORGET_S else 1
                self.counts[key] = (count, now + _wait_s(count), now)
            while len(self.counts) > MAX_COUNTS:
                del self.counts[next(iter(self.counts))]

    def refuse(self, *keys: Key) -> None:
        """Raise Problem where a guess that was wrong makes the next one wait."""
        with self.lock:
            now = time.monotonic()
            for key in keys:
                if key in self.counts:
                    count = self.counts[key][0]
                    self.counts[key] = (count, now + _wait_s(count), now)
            self._check(now, keys)

    def take_back(self, *keys: Key) -> None:
        """Count a guess no more that was right, or that nobody has looked at."""
        with self.lock:
            for key in keys:
                if key in self.counts:
                    count, _, at = self.counts[key]
                    self.counts[key] = (max(count - 1, 0), 0.0, at)

    def forget(self, key: Key) -> None:
        """Begin anew with a key."""
        with self.lock:
            self.counts.pop(key, None)

    def _check(self, now: float, keys: tuple[Key, ...]) -> None:
        wait_s = max(self.counts.get(key, (0, 0.0, 0.0))[1] for key in keys) - now
        if wait_s > 0:
            message = "Too many wrong passwords. Wait a moment, then try again."
            raise Problem("too_many_requests", message, retry_after_s=math.ceil(wait_s))


def _wait_s(count: int) -> int:
    return min(2 ** (min(count, 50) - FREE - 1), MAX_WAIT_S) if count > FREE else 0


def client_address() -> str:
    """Give who asks: by TRUSTED_PROXIES what the outermost of them saw, of IPv6 the network."""
    asked_by = request.headers.get("X-Forwarded-For", "").split(",")
    trusted = min(current_app.config["TRUSTED_PROXIES"], len(asked_by))
    text = asked_by[-trusted].strip() if trusted else ""
    text = text or request.remote_addr or ""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return address.exploded[:19]
    return str(address)
