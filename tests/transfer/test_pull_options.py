"""clinic-calls pull: the address of the source, its key, and since when."""

from pathlib import Path

import pytest
from flask import Flask

from tests.support.commands import Run
from tests.support.sources import KEY, ScriptedSource

NO_ADDRESSES = [
    *("", "calls.example", "ftp://a.example", "https://", "https://u:p@a.example"),
    *("https://a.example?key=1", "http://a.example:x"),
]


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


def test_sends_the_key_in_its_header_only(source: ScriptedSource, pull: Run) -> None:
    pull()
    assert source.requests == [("/v1/calls?page=1&limit=100", KEY)]


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/calls", "/v1/calls/"])
def test_takes_the_address_with_its_path_too(source: ScriptedSource, pull: Run, path: str) -> None:
    pull("--from", source.url + path)
    assert source.requests[0][0] == "/v1/calls?page=1&limit=100"


def test_since_leaves_out_what_is_older(source: ScriptedSource, pull: Run) -> None:
    result = pull("--since", "2026-01-31")
    assert source.requests[0][0].endswith("&started_gte=2026-01-31T00%3A00%3A00Z")
    assert result.stderr.startswith("Calls that never started are left out")
    assert pull("--since", "yesterday").exit_code == 2


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_refuses_what_is_no_address(pull: Run, url: str) -> None:
    result = pull("--from", url)
    assert result.exit_code == 1
    assert "--from must look like https://calls.clinic.example." in result.stderr


@pytest.mark.parametrize("key", ["", "two words", "schlüssel", "a\nb"])
def test_refuses_what_is_no_key(source: ScriptedSource, pull: Run, key: str) -> None:
    result = pull(CLINIC_PULL_KEY=key)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert source.requests == []


def test_takes_the_key_from_a_file(source: ScriptedSource, pull: Run, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("cc_file\n")
    pull("--key-file", str(file))
    pull(CLINIC_PULL_KEY=None, CLINIC_PULL_KEY_FILE=str(file))
    assert [key for _, key in source.requests] == ["cc_file", "cc_file"]


def test_warns_of_an_open_line(pull: Run) -> None:
    result = pull("--from", "http://source.invalid")
    assert result.stderr.startswith("The key and the calls travel to source.invalid unencrypted.\n")
