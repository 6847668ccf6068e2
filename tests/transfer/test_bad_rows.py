"""A bad row is named by its line and the reason, and nothing is stored unless it is wished."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.answers import total
from tests.support.files import ID, OTHER_ID, Import, ndjson
from tests.support.resources import CALLS, PATIENTS

NO_JSON = "is not valid JSON in UTF-8."
BAD_NDJSON = {
    "half": (b"{", NO_JSON),
    "not UTF-8": (b'{"id": "\xff"}', NO_JSON),
    "a lone surrogate": (b'{"id": "\\ud800"}', NO_JSON),
    "a list": (b"[]", "is not a JSON object."),
    "null": (b"null", "is not a JSON object."),
    "no id": (b"{}", "id is required."),
    "an id of null": (b'{"id": null}', "id must not be null."),
    "no UUID": (b'{"id": "x"}', "id must be a UUID."),
}
BAD_FIELDS = {
    "unknown": ({"nonsense": 1}, "nonsense is not a field here."),
    "null": ({"status": None}, "status must not be null."),
    "a NUL": ({"notes": "\0"}, "notes must not hold a NUL character."),
    "a text": ({"sessions_scheduled": "1"}, "sessions_scheduled must be a whole number"),
    "an end before the start": (
        {"started_at": "2024-01-01T00:00:01Z", "ended_at": "2024-01-01T00:00:00Z"},
        "ended_at must not be before started_at.",
    ),
}
BAD_CSV = {
    "unknown column": ("id,nonsense\n", 1, "must name each column once, out of: id, "),
    "column twice": ("id,notes,notes\n", 1, "must name each column once"),
    "semicolons": ("id;notes\n", 1, "must name each column once"),
    "too few cells": (f"id,notes\n{ID},x\n{OTHER_ID}\n", 3, "has 1 cells, the first line 2."),
    "too many cells": (f"id,notes\n{ID},x,y\n", 2, "has 3 cells, the first line 2."),
    "open quote": (f'id,notes\n{ID},x\n{OTHER_ID},"x\n', 3, "is not valid CSV"),
    "not a number": (f"id,cost_usd\n{ID},x\n", 2, "cost_usd must be a number"),
    "number as text": (f'id,cost_usd\n{ID},"""5"""\n', 2, "cost_usd must be a number"),
    "not a finite number": (f"id,cost_usd\n{ID},NaN\n", 2, "cost_usd must be a number"),
    "deep number": (f"id,cost_usd\n{ID},{'[' * 100_000}\n", 2, "cost_usd must be a number"),
    "long number": (f"id,cost_usd\n{ID},{'9' * 10_000}\n", 2, "cost_usd must be a number"),
    "not UTF-8": (f"id,notes\n{ID},x\n{OTHER_ID},\udcff\n", 3, "is not UTF-8"),
    "NUL": (f"id,notes\n{ID},\0\n", 2, "notes must not hold a NUL character."),
    "no id": ("id,notes\n,x\n", 2, "id is required."),
    "bad after two lines": (f'id,notes\n{ID},"a\nb"\nx,y\n', 4, "id must be a UUID."),
    "bad on two lines": ('id,notes\nx,"a\nb"\n', 2, "id must be a UUID."),
}


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


@pytest.mark.parametrize(("line", "reason"), BAD_NDJSON.values(), ids=BAD_NDJSON.keys())
def test_bad_line_is_named_and_nothing_is_stored(
    load: Import, client: FlaskClient, line: bytes, reason: str
) -> None:
    result = load(ndjson({"id": ID}).encode() + line)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"line 2: {reason}\nError: 1 bad row; nothing was stored.\n"
    assert total(client, CALLS.url) == 0


@pytest.mark.parametrize(("values", "reason"), BAD_FIELDS.values(), ids=BAD_FIELDS.keys())
def test_bad_field_is_named(load: Import, values: dict[str, object], reason: str) -> None:
    assert load([{"id": ID} | values]).stderr.startswith(f"line 1: {reason}")


@pytest.mark.parametrize(("text", "line", "reason"), BAD_CSV.values(), ids=BAD_CSV.keys())
def test_bad_csv_is_named_by_line_and_reason(
    load: Import, client: FlaskClient, text: str, line: int, reason: str
) -> None:
    result = load(text.encode("utf-8", "surrogateescape"), ending="csv")
    assert (result.exit_code, result.stdout) == (1, ""), result.exception
    assert f"line {line}: {reason}" in result.stderr
    assert total(client, CALLS.url) == 0


def test_every_bad_row_is_named(load: Import) -> None:
    result = load("{\n" + ndjson({"id": OTHER_ID}) + "[]\n")
    assert result.stderr.splitlines() == [
        f"line 1: {NO_JSON}",
        "line 3: is not a JSON object.",
        "Error: 2 bad rows; nothing was stored.",
    ]


def test_many_bad_rows_are_counted_and_not_all_listed(load: Import) -> None:
    lines = load("{\n" * 250).stderr.splitlines()
    assert lines[99:101] == [f"line 100: {NO_JSON}", "... and 150 more bad rows."]
    assert lines[-1] == "Error: 250 bad rows; nothing was stored."


def test_reasons_tell_nothing_of_health(load: Import) -> None:
    row = {"id": ID, "status": "Wanda", "language": "W4nda", "sessions_scheduled": "Wanda"}
    result = load(ndjson(row | {"notes": "Wanda"}) + '{"summary": "Wanda')
    assert result.exit_code == 1
    assert "anda" not in result.output


def test_dry_run_stores_nothing(load: Import, client: FlaskClient) -> None:
    result = load([{"id": ID}, {"id": OTHER_ID}], "--dry-run")
    assert result.stdout == "2 to store, 0 known. Nothing was stored.\n"
    assert (result.exit_code, total(client, CALLS.url)) == (0, 0)


def test_dry_run_fails_where_the_import_would(load: Import) -> None:
    assert load("{", "--dry-run").exit_code == 1
    assert load("{", "--dry-run", "--skip-bad").exit_code == 0


def test_patient_with_an_unknown_tag_is_a_bad_row(load: Import) -> None:
    result = load([PATIENTS.whole], resource="patients")
    assert result.exit_code == 1
    assert result.stderr.startswith("line 1: tags holds ")


def test_two_tags_of_one_name_are_a_bad_row(load: Import) -> None:
    tags = [{"id": ID, "name": "VIP"}, {"id": OTHER_ID, "name": "vip"}]
    result = load(tags, resource="tags")
    assert result.exit_code == 1
    assert result.stderr.startswith("line 2: has the name of line 1")


@pytest.mark.parametrize("options", [[], ["--update"]])
def test_same_id_twice_with_other_content_is_a_bad_row(load: Import, options: list[str]) -> None:
    result = load([{"id": ID, "notes": "x"}, {"id": OTHER_ID}, {"id": ID, "notes": "y"}], *options)
    assert result.exit_code == 1
    assert result.stderr.startswith("line 3: has the id of line 1, with other content.")
