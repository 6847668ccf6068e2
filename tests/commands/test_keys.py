"""clinic-calls keys: what is printed and stored of a key, and which ones are refused."""

import json
from pathlib import Path

import pytest
from flask import Flask

from app.models.keys import ApiKey
from tests.support.clock import Clock
from tests.support.commands import Run, id_of, printed, secret_of

DAY_S = 86_400


def test_new_key_stands_alone_on_standard_output(keys: Run) -> None:
    result = keys("create", "front desk", "--scope", "read")
    assert result.stdout.startswith("cc_")
    assert len(result.stdout.splitlines()) == 1
    assert "not shown again" in result.stderr


def test_secret_is_never_printed_again(keys: Run) -> None:
    key = printed(keys("create", "x", "--scope", "read"))
    later = [keys("list"), keys("rotate", id_of(key)), keys("revoke", id_of(key))]
    assert id_of(key) in later[0].stdout
    assert not any(secret_of(key) in result.output for result in later)


def test_secret_is_not_stored(keys: Run, app: Flask) -> None:
    secret = secret_of(printed(keys("create", "x", "--scope", "read")))
    folder: Path = app.config["DATABASE_URL"].parent
    stored = b"".join(file.read_bytes() for file in folder.iterdir())
    assert b"api_key" in stored
    assert secret.encode() not in stored


def test_list_says_what_there_is(keys: Run, clock: Clock) -> None:
    clock.now = 1_700_000_000
    first = printed(keys("create", "desk", "--scope", "read", "--scope", "ingest"))
    second = printed(keys("create", "old", "--scope", "write", "--expires", "1h"))
    keys("revoke", id_of(first))
    clock.now += DAY_S
    lines = [line.split() for line in printed(keys("list")).splitlines()]
    created_at, ends_at = "2023-11-14T22:13:20Z", "2023-11-14T23:13:20Z"
    assert lines[1:] == [
        [id_of(first), "desk", "read", "ingest", "revoked", created_at, "never"],
        [id_of(second), "old", "write", "expired", created_at, ends_at],
    ]


def test_list_without_keys_says_how_to_make_one(keys: Run) -> None:
    assert "clinic-calls keys create" in printed(keys("list"))


@pytest.mark.parametrize(
    "args",
    [
        ["x"],
        ["x", "--scope", "all"],
        ["", "--scope", "read"],
        [" ", "--scope", "read"],
        ["a\nb", "--scope", "read"],
        ["x" * 201, "--scope", "read"],
        ["x", "--scope", "read", "--expires", "0d"],
        ["x", "--scope", "read", "--expires", "90"],
        ["x", "--scope", "read", "--expires", "-1d"],
        ["x", "--scope", "read", "--expires", "٣d"],
    ],
    ids=json.dumps,
)
def test_malformed_key_is_refused(keys: Run, args: list[str]) -> None:
    result = keys("create", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert ApiKey.select().count() == 0
