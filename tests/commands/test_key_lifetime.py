"""How long a key works: until it expires, is revoked, or is rotated and its grace is over."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.models.keys import ApiKey
from tests.support.clock import Clock
from tests.support.commands import Run, id_of, printed

Status = Callable[[str], int]
DAY_S = 86_400


@pytest.fixture
def status(app: Flask) -> Callable[[str], int]:
    """Give the status that a list of calls has with a key."""
    client = app.test_client()

    def get(key: str) -> int:
        return client.get("/v1/calls", headers={"X-API-Key": key}).status_code

    return get


def test_key_ends_at_its_expiry(keys: Run, status: Status, clock: Clock) -> None:
    key = printed(keys("create", "x", "--scope", "read", "--expires", "90d"))
    clock.now += 90 * DAY_S - 0.001
    assert status(key) == 200
    clock.now += 0.001
    assert status(key) == 401


def test_key_without_expiry_never_ends(keys: Run, status: Status, clock: Clock) -> None:
    key = printed(keys("create", "x", "--scope", "read"))
    clock.now += 100 * 365 * DAY_S
    assert status(key) == 200


def test_revoked_key_stops_with_the_next_request(keys: Run, status: Status) -> None:
    key = printed(keys("create", "x", "--scope", "read"))
    before = status(key)
    printed(keys("revoke", id_of(key)))
    assert (before, status(key)) == (200, 401)


def test_revoking_one_key_leaves_the_others(keys: Run, status: Status) -> None:
    key, other = (printed(keys("create", "x", "--scope", "read")) for _ in range(2))
    printed(keys("revoke", id_of(key)))
    assert status(other) == 200


def test_rotated_key_works_until_the_grace_ends(keys: Run, status: Status, clock: Clock) -> None:
    old = printed(keys("create", "x", "--scope", "read"))
    new = printed(keys("rotate", id_of(old), "--grace", "2h"))
    clock.now += 2 * 3600 - 1
    assert (status(old), status(new)) == (200, 200)
    clock.now += 1
    assert (status(old), status(new)) == (401, 200)


def test_grace_is_a_day_unless_said(keys: Run, status: Status, clock: Clock) -> None:
    old = printed(keys("create", "x", "--scope", "read"))
    printed(keys("rotate", id_of(old)))
    clock.now += DAY_S - 1
    assert status(old) == 200
    clock.now += 1
    assert status(old) == 401


def test_rotation_without_grace_ends_the_old_key_at_once(keys: Run, status: Status) -> None:
    old = printed(keys("create", "x", "--scope", "read"))
    new = printed(keys("rotate", id_of(old), "--grace", "0h"))
    assert (status(old), status(new)) == (401, 200)


def test_rotation_does_not_lengthen_the_life_of_the_old_key(
    keys: Run, status: Status, clock: Clock
) -> None:
    old = printed(keys("create", "x", "--scope", "read", "--expires", "1h"))
    printed(keys("rotate", id_of(old), "--grace", "24h"))
    clock.now += 3600
    assert status(old) == 401


def test_rotated_key_has_the_scopes_name_and_lifetime_of_the_old(keys: Run, clock: Clock) -> None:
    old = printed(keys("create", "desk", "--scope", "ingest", "--expires", "10d"))
    clock.now += 4 * DAY_S
    new = ApiKey.get_by_id(id_of(printed(keys("rotate", id_of(old)))))
    assert (new.name, new.scopes) == ("desk", "ingest")
    assert new.expires_at == int((clock.now + 10 * DAY_S) * 1000)


def test_key_made_by_a_second_rotation_within_the_grace_does_not_end_early(
    keys: Run, status: Status, clock: Clock
) -> None:
    old = printed(keys("create", "x", "--scope", "read"))
    printed(keys("rotate", id_of(old), "--grace", "1h"))
    second = keys("rotate", id_of(old), "--grace", "1h")
    clock.now += 30 * DAY_S
    # Either refused, or a key that never ends as the first one never did.
    assert second.exit_code == 1 or status(second.stdout.strip()) == 200


@pytest.mark.parametrize("end", ["revoke", "expire"])
def test_dead_key_cannot_be_rotated(keys: Run, clock: Clock, end: str) -> None:
    key = printed(keys("create", "x", "--scope", "read", "--expires", "1h"))
    if end == "revoke":
        keys("revoke", id_of(key))
    else:
        clock.now += 3600
    result = keys("rotate", id_of(key))
    assert (result.exit_code, result.stdout) == (1, "")
