"""Import and export: files in, files out, nothing half stored and nothing lost between."""

import csv
import io
import json
import os
import pty
import re
import stat
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from app.config import PROJECT_ROOT
from app.models.engine import database
from app.services.calls import calls
from app.services.drafts import Draft
from tests.support import ROOT, process

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
OTHER_ID = "79bb2334-b984-42d0-8457-b6d4656572a6"
THIRD_ID = "7816ad04-13a1-43c4-a82c-ef3a14e81f82"
TAG_ID = "6018366c-f658-47a7-9ed3-4fe53a096533"
WHOLE = {
    "id": ID,
    "org_id": "clinic",
    "created_at": "2024-11-15T09:07:28.250Z",
    "assistant_id": "asst_front-desk",
    "phone_number_id": "pn_main",
    "type": "inboundPhoneCall",
    "started_at": "2024-11-15T09:01:54Z",
    "ended_at": "2024-11-15T09:07:27.999Z",
    "summary": 'Insurance: «Straße», 100%, "quoted",\nsecond line\r\nthird; 🦷',
    "customer_number": "+12125550738",
    "status": "follow_up_needed",
    "category": "billing",
    "duration_min": 4.25,
    "patient_id": "somebody elsewhere",
    "language": "spanish",
    "sessions_scheduled": -3,
    "provider": "retell",
    "external_id": "Jabr9TXY",
    "transcript": "Agent: =1+1\nCaller: '=1",
    "recording_url": "https://recordings.example/x?a=b&c=d",
    "cost_usd": 0.069001,
    "ended_reason": "customer-ended-call",
    "notes": "-5 = @home, +1",
    "updated_at": "2024-12-01T00:00:00Z",
    "version": 7,
}

Import = Callable[..., Result]


@pytest.fixture
def load(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import rows, or a text as it is, from a file of this name."""

    def load(
        rows: Any, *options: str, name: str = "calls.ndjson", resource: str = "calls"
    ) -> Result:
        file = tmp_path / name
        content = rows if isinstance(rows, str | bytes) else ndjson(*rows)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return runner.invoke(main, ["import", resource, str(file), *options])

    return load


@pytest.fixture
def export(runner: FlaskCliRunner, tmp_path: Path) -> Callable[..., str]:
    """Export to a file with this ending and give what stands in it."""

    def export(ending: str = "ndjson", resource: str = "calls") -> str:
        file = tmp_path / f"exported.{ending}"
        result = runner.invoke(main, ["export", resource, str(file)])
        assert (result.exit_code, result.output) == (0, "")
        return file.read_bytes().decode()

    return export


def ndjson(*rows: Any) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def csv_text(*rows: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def call(client: FlaskClient, call_id: str = ID) -> Any:
    return client.get(f"/v1/calls/{call_id}").get_json()


def total() -> int:
    return int(database.raw().execute("SELECT count(*) FROM call").get)


# --- NDJSON


def test_import_says_what_it_did(load: Import) -> None:
    result = load([{"id": ID}, {"id": OTHER_ID, "summary": "x"}])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "2 created, 0 updated, 0 known.\n"
    assert total() == 2


def test_exported_call_comes_back_unchanged(load: Import, export: Callable[..., str]) -> None:
    assert load([WHOLE]).exit_code == 0
    assert json.loads(export()) == WHOLE
    assert list(json.loads(export())) == list(WHOLE)


def test_export_imported_elsewhere_exports_the_same(
    load: Import, export: Callable[..., str], tmp_path: Path
) -> None:
    with (PROJECT_ROOT / "tests/data/clinic/calls.ndjson").open("rb") as sample:
        load(b"".join(sample.readline() for _ in range(200)) + ndjson(WHOLE).encode())
    exported = export()
    elsewhere = tmp_path / "elsewhere.db"
    done = process.run(elsewhere, "import", "calls", "-", stdin=exported.encode())
    assert done.stdout == b"201 created, 0 updated, 0 known.\n"
    assert process.run(elsewhere, "export", "calls", "-").stdout.decode() == exported


@pytest.mark.parametrize(
    "row",
    [
        WHOLE,
        {"id": ID},
        {"provider": "retell", "external_id": "Jabr9TXY"},
        {"id": ID.upper(), "language": "ES", "customer_number": "(212) 555-0123"},
        {"id": ID, "duration_min": 1.005, "cost_usd": 0.12345678},
        {"id": ID, "started_at": "2024-01-01T00:00:00.1239+05:30", "summary": ""},
        {"id": ID, "assistant_id": "  x  ", "patient_id": " ", "notes": " "},
        WHOLE | {"duration_min": None},
        WHOLE | {"ended_at": None, "duration_min": None, "category": None},
    ],
    ids=lambda row: "+".join(row) if len(row) < 6 else None,
)
def test_second_import_of_the_same_changes_nothing(
    load: Import, export: Callable[..., str], row: Any
) -> None:
    load([row])
    before = export()
    assert load([row]).stdout == "0 created, 0 updated, 1 known.\n"
    assert load([row], "--update").stdout == "0 created, 0 updated, 1 known.\n"
    assert export() == before


def test_blank_lines_and_a_byte_order_mark_are_passed_over(load: Import) -> None:
    result = load(b'\xef\xbb\xbf{"id": "%s"}\r\n\n  \n{"id": "%s"}' % (ID.encode(), b"0" * 36))
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == "line 4: id must be a UUID."


def test_empty_file_is_no_mistake(load: Import) -> None:
    assert load("").stdout == "0 created, 0 updated, 0 known.\n"


def test_lower_and_upper_case_endings_are_known(load: Import) -> None:
    assert load([{"id": ID}], name="a.JSONL").exit_code == 0
    assert load(f"id\n{OTHER_ID}\n", name="a.CSV").exit_code == 0
    assert load([{"id": THIRD_ID}], "--format", "ndjson", name="a.txt").exit_code == 0


def test_unknown_ending_is_refused(load: Import) -> None:
    result = load([{"id": ID}], name="calls.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert ".ndjson or .csv" in result.stderr


def test_standard_input_is_ndjson_unless_said(runner: FlaskCliRunner) -> None:
    result = runner.invoke(main, ["import", "calls", "-"], input=ndjson({"id": ID}))
    assert result.stdout == "1 created, 0 updated, 0 known.\n"
    options = ["import", "calls", "-", "--format", "csv"]
    result = runner.invoke(main, options, input=f"id,notes\n{OTHER_ID},x\n")
    assert result.stdout == "1 created, 0 updated, 0 known.\n"


# --- bad rows


BAD = [
    ("{", "is not valid JSON in UTF-8."),
    ('{"id": "\\ud800"}', "is not valid JSON in UTF-8."),
    ("[]", "is not a JSON object."),
    ("null", "is not a JSON object."),
    ("{}", "id is required."),
    ('{"id": null}', "id must not be null."),
    ('{"id": "x"}', "id must be a UUID."),
    (f'{{"id": "{ID}", "nonsense": 1}}', "nonsense is not a field here."),
    (f'{{"id": "{ID}", "status": null}}', "status must not be null."),
    (f'{{"id": "{ID}", "notes": "\\u0000"}}', "notes must not hold a NUL character."),
    (f'{{"id": "{ID}", "sessions_scheduled": "1"}}', "sessions_scheduled must be a whole number"),
    (
        f'{{"id": "{ID}", "started_at": "2024-01-01T00:00:01Z",'
        ' "ended_at": "2024-01-01T00:00:00Z"}',
        "ended_at must not be before started_at.",
    ),
]


def test_bad_rows_are_named_by_line_and_reason(load: Import) -> None:
    result = load("".join(text + "\n" for text, _ in BAD))
    expected = [f"line {line}: {reason}" for line, (_, reason) in enumerate(BAD, 1)]
    assert [line[: len(expected[n])] for n, line in enumerate(result.stderr.splitlines()[:-1])] == (
        expected
    )
    assert result.stderr.splitlines()[-1] == "Error: 12 bad rows; nothing was stored."


def test_one_bad_row_and_nothing_is_stored(load: Import) -> None:
    result = load(ndjson({"id": OTHER_ID}) + "{\n" + ndjson({"id": THIRD_ID}))
    assert (result.exit_code, result.stdout, total()) == (1, "", 0)
    assert result.stderr.startswith("line 2: ")


def test_line_that_is_not_utf_8_is_a_bad_row(load: Import) -> None:
    result = load(b'{"id": "\xff"}\n')
    assert result.stderr.startswith("line 1: is not valid JSON in UTF-8.")


def test_skip_bad_stores_the_good_rows(load: Import) -> None:
    result = load(ndjson({"id": ID}) + "{\n" + ndjson({"id": OTHER_ID}), "--skip-bad")
    assert (result.exit_code, result.stdout) == (0, "2 created, 0 updated, 0 known, 1 bad.\n")
    assert result.stderr == "line 2: is not valid JSON in UTF-8.\n"
    assert total() == 2


def test_dry_run_stores_nothing(load: Import) -> None:
    result = load([{"id": ID}, {"id": OTHER_ID}], "--dry-run")
    assert result.stdout == "2 to store, 0 known. Nothing was stored.\n"
    assert (result.exit_code, total()) == (0, 0)


def test_dry_run_fails_where_the_import_would(load: Import) -> None:
    assert load("{", "--dry-run").exit_code == 1
    assert load("{", "--dry-run", "--skip-bad").exit_code == 0


def test_many_bad_rows_are_counted_and_not_all_listed(load: Import) -> None:
    result = load("{\n" * 250)
    lines = result.stderr.splitlines()
    assert lines[99:101] == ["line 100: is not valid JSON in UTF-8.", "... and 150 more bad rows."]
    assert lines[-1] == "Error: 250 bad rows; nothing was stored."


def test_reasons_tell_nothing_of_health(load: Import) -> None:
    row = {"id": ID, "status": "Wanda", "language": "W4nda", "sessions_scheduled": "Wanda"}
    result = load(ndjson(row | {"notes": "Wanda"}) + '{"summary": "Wanda')
    assert result.exit_code == 1
    assert "anda" not in result.output


# --- known ids


def test_known_id_with_other_content_is_a_bad_row(load: Import, client: FlaskClient) -> None:
    load([WHOLE])
    result = load([WHOLE | {"summary": "other"}])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("line 1: ")
    assert call(client)["summary"] == WHOLE["summary"]


def test_update_takes_over_other_content(load: Import, client: FlaskClient) -> None:
    load([WHOLE])
    result = load([{"id": ID, "summary": "other", "category": None}], "--update")
    assert result.stdout == "0 created, 1 updated, 0 known.\n"
    found = call(client)
    assert (found["summary"], found["category"], found["version"]) == ("other", None, 8)
    assert found["notes"] == WHOLE["notes"]


@pytest.mark.parametrize(
    "change", [{"started_at": "2024-11-15T09:07:28Z"}, {"ended_at": "2024-11-15T09:01:53Z"}]
)
def test_update_that_puts_the_end_before_the_start_is_a_bad_row(
    load: Import, client: FlaskClient, change: dict[str, str]
) -> None:
    load([WHOLE])
    result = load([{"id": ID} | change], "--update")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("line 1: ended_at must not be before started_at.")
    assert call(client)["started_at"] == WHOLE["started_at"]


def test_calls_of_events_come_back_however_their_instants_disagree(
    load: Import, export: Callable[..., str]
) -> None:
    load([WHOLE])
    with database.write():
        calls.record_draft(Draft(ID, {"started_at": 2_000_000_000_000}, rank=1))
    exported = export()
    assert load(exported, "--dry-run").stdout == "0 to store, 1 known. Nothing was stored.\n"


def test_update_is_found_by_the_search(load: Import, client: FlaskClient) -> None:
    load([WHOLE])
    load([WHOLE | {"summary": "toothache"}], "--update")
    for word, count in (("toothache", 1), ("insurance", 0)):
        assert client.get(f"/v1/calls?q={word}").get_json()["pagination"]["total"] == count


@pytest.mark.parametrize("options", [[], ["--update"]])
def test_deleted_id_is_a_bad_row(load: Import, client: FlaskClient, options: list[str]) -> None:
    load([WHOLE])
    client.delete(f"/v1/calls/{ID}")
    result = load([WHOLE], *options)
    assert result.exit_code == 1
    assert "deleted" in result.stderr


def test_same_row_twice_in_a_file_counts_once(load: Import) -> None:
    result = load([{"id": ID, "notes": "x"}, {"notes": "x", "id": ID.upper()}])
    assert result.stdout == "1 created, 0 updated, 1 known.\n"


@pytest.mark.parametrize("options", [[], ["--update"]])
def test_same_id_twice_with_other_content_is_a_bad_row(load: Import, options: list[str]) -> None:
    result = load([{"id": ID, "notes": "x"}, {"id": OTHER_ID}, {"id": ID, "notes": "y"}], *options)
    assert result.exit_code == 1
    assert result.stderr.startswith("line 3: has the id of line 1, with other content.")
    assert total() == 0


def test_call_of_a_provider_has_the_id_that_its_webhook_would_give(
    load: Import, client: FlaskClient
) -> None:
    load([{"provider": "retell", "external_id": "Jabr9TXY"}])
    # uuid5(NAMESPACE_URL, "retell:Jabr9TXY")
    assert call(client, "f192d7f3-ff5a-5d60-a0fe-1b7024ad6b25")["external_id"] == "Jabr9TXY"


RETELL = {"provider": "retell", "external_id": "Jabr9TXY"}


@pytest.mark.parametrize("options", [[], ["--update"]])
@pytest.mark.parametrize(("known", "row"), [({}, {"id": ID}), ({"id": ID}, {"id": OTHER_ID})])
def test_call_of_a_provider_that_is_known_under_another_id_is_a_bad_row(
    load: Import, known: dict[str, str], row: dict[str, str], options: list[str]
) -> None:
    load([RETELL | known])
    result = load([{"id": THIRD_ID}, RETELL | row], *options)
    assert (result.exit_code, result.stdout, total()) == (1, "", 1)
    assert "line 2: provider and external_id belong to a call with another id." in result.stderr


def test_update_that_makes_a_second_call_of_one_at_a_provider_is_a_bad_row(load: Import) -> None:
    load([RETELL, {"id": ID}])
    result = load([RETELL | {"id": ID}], "--update")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "line 1: provider and external_id belong" in result.stderr


def test_call_of_a_provider_under_two_ids_in_a_file_is_a_bad_row(load: Import) -> None:
    result = load([RETELL, {"id": OTHER_ID}, RETELL | {"id": ID}])
    assert (result.exit_code, total()) == (1, 0)
    assert "line 3: has the external_id of line 1, with other content." in result.stderr


def test_call_of_a_provider_under_its_own_id_comes_back(
    load: Import, export: Callable[..., str]
) -> None:
    load([RETELL | {"id": ID}])
    assert load(export()).stdout == "0 created, 0 updated, 1 known.\n"


def test_org_id_is_not_taken_over(load: Import, client: FlaskClient) -> None:
    for org_id in ("another clinic", None, 7):
        assert load([WHOLE | {"org_id": org_id}]).exit_code == 0
    assert call(client)["org_id"] == "clinic"


# --- what a person has set


EVENT = {"status": "done", "category": "cancellation", "sessions_scheduled": 9, "notes": "event"}


def event_after_import(load: Import, row: dict[str, Any]) -> None:
    """Import a row, and let a provider's event of the highest rank tell of the same call."""
    load([{"id": ID} | row])
    with database.write():
        calls.record_draft(Draft(ID, dict(EVENT), rank=8))


def test_staff_fields_with_a_value_count_as_set_by_a_person(
    load: Import, client: FlaskClient
) -> None:
    row = {"status": "follow_up_needed", "category": "billing", "notes": "mine"}
    event_after_import(load, row | {"sessions_scheduled": 0})
    found = call(client)
    assert {name: found[name] for name in EVENT} == row | {"sessions_scheduled": 0}


def test_pending_and_null_do_not_count_as_set(load: Import, client: FlaskClient) -> None:
    event_after_import(load, {"status": "pending", "category": None, "notes": None})
    found = call(client)
    assert {name: found[name] for name in EVENT} == EVENT


def test_staff_fields_set_by_an_update_stay(load: Import, client: FlaskClient) -> None:
    load([{"id": ID}])
    load([{"id": ID, "category": "billing"}], "--update")
    with database.write():
        calls.record_draft(Draft(ID, dict(EVENT), rank=8))
    assert call(client)["category"] == "billing"


def test_import_links_no_patient(load: Import, client: FlaskClient) -> None:
    client.post("/v1/patients", json={"last_name": "Okafor", "phone_number": "+12125550123"})
    load([{"id": ID, "customer_number": "+12125550123"}])
    assert call(client)["patient_id"] is None


# --- CSV


def test_csv_comes_back_unchanged(load: Import, export: Callable[..., str]) -> None:
    load([WHOLE, {"id": OTHER_ID}])
    before = export()
    for call_id in (ID, OTHER_ID):
        assert load([{"id": call_id, "summary": "changed"}], "--update").exit_code == 0
    database.raw().execute("DELETE FROM call; DELETE FROM call_search").fetchall()
    load([WHOLE])
    exported = export("csv")
    database.raw().execute("DELETE FROM call; DELETE FROM call_search").fetchall()
    assert load(exported, name="calls.csv").exit_code == 0
    assert export() == before.splitlines()[0] + "\n"


def test_csv_export_is_known_when_it_is_imported(load: Import, export: Callable[..., str]) -> None:
    load([WHOLE, {"id": OTHER_ID}])
    result = load(export("csv"), name="calls.csv")
    assert result.stdout == "0 created, 0 updated, 2 known.\n"


def test_csv_has_the_columns_of_the_call(load: Import, export: Callable[..., str]) -> None:
    load([WHOLE])
    rows = list(csv.reader(io.StringIO(export("csv"), newline="")))
    assert rows[0] == list(WHOLE)
    assert len(rows) == 2


FORMULAS = {
    "=1+1": "'=1+1",
    "+1 more": "'+1 more",
    "-5": "'-5",
    "@home": "'@home",
    "\t=1": "'\t=1",
    "\r=1": "'\r=1",
    "\n=1": "'\n=1",
    "＝1+1": "'＝1+1",
    "'=1+1": "''=1+1",
    "''=1+1": "'''=1+1",
    "+12125550123": "+12125550123",
    "+1212555012a": "'+1212555012a",
    "'tis": "'tis",
    "a=1": "a=1",
    " =1": " =1",
    "'": "'",
}


def formula_rows() -> list[dict[str, str]]:
    ids = [f"{number:08d}-0000-4000-8000-000000000000" for number in range(len(FORMULAS))]
    return [{"id": call_id, "notes": text} for call_id, text in zip(ids, FORMULAS, strict=True)]


def test_formulas_get_an_apostrophe_and_telephone_numbers_do_not(
    load: Import, export: Callable[..., str]
) -> None:
    load(formula_rows())
    cells = [row["notes"] for row in csv.DictReader(io.StringIO(export("csv"), newline=""))]
    assert sorted(cells) == sorted(FORMULAS.values())


def test_text_like_a_formula_comes_back_as_it_was(load: Import, export: Callable[..., str]) -> None:
    load(formula_rows())
    exported, before = export("csv"), export()
    load([{"id": row["id"], "notes": "other"} for row in formula_rows()], "--update")
    assert load(exported, "--update", name="calls.csv").exit_code == 0
    notes = [
        [json.loads(line)["notes"] for line in text.splitlines()] for text in (export(), before)
    ]
    assert notes[0] == notes[1]


def test_numbers_are_no_formulas(load: Import, export: Callable[..., str]) -> None:
    load([{"id": ID, "sessions_scheduled": -3, "duration_min": 0.5}])
    row = next(csv.DictReader(io.StringIO(export("csv"))))
    assert (row["sessions_scheduled"], row["duration_min"], row["cost_usd"]) == ("-3", "0.5", "")


@pytest.fixture
def patient_id(client: FlaskClient) -> str:
    """Give the id of the one patient who has the telephone number of `numbered`."""
    patient = {"last_name": "Okafor", "phone_number": "+12125550123"}
    return str(client.post("/v1/patients", json=patient).get_json()["id"])


def numbered(**columns: str) -> str:
    return csv_text({"id": ID, "customer_number": "(212) 555-0123", **columns})


def test_csv_without_a_column_of_patients_links_by_the_number(
    load: Import, client: FlaskClient, patient_id: str
) -> None:
    load(numbered(), name="calls.csv")
    assert call(client)["patient_id"] == patient_id
    assert load(numbered(), name="calls.csv").stdout == "0 created, 0 updated, 1 known.\n"


@pytest.mark.usefixtures("patient_id")
@pytest.mark.parametrize("stated", ["", "somebody else"])
def test_csv_with_a_column_of_patients_is_taken_as_it_stands(
    load: Import, client: FlaskClient, stated: str
) -> None:
    load(numbered(patient_id=stated), name="calls.csv")
    assert call(client)["patient_id"] == (stated or None)


@pytest.mark.usefixtures("patient_id")
def test_csv_links_no_call_that_was_known(load: Import, client: FlaskClient) -> None:
    load([{"id": ID}])
    assert load(numbered(), "--update", name="calls.csv").exit_code == 0
    assert call(client)["patient_id"] is None


def test_empty_cell_is_null(load: Import, client: FlaskClient) -> None:
    load(csv_text({"id": ID, "notes": "", "status": "", "cost_usd": ""}), name="a.csv")
    found = call(client)
    assert [found[name] for name in ("notes", "status", "cost_usd")] == [None, "pending", None]


def test_emptied_cell_is_other_content(load: Import, client: FlaskClient) -> None:
    load([{"id": ID, "notes": "x"}])
    emptied = csv_text({"id": ID, "notes": ""})
    assert load(emptied, name="a.csv").exit_code == 1
    assert load(emptied, "--update", name="a.csv").exit_code == 0
    assert call(client)["notes"] is None


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


@pytest.mark.parametrize("case", BAD_CSV)
def test_bad_csv_is_named_by_line_and_reason(load: Import, case: str) -> None:
    text, line, reason = BAD_CSV[case]
    result = load(text.encode("utf-8", "surrogateescape"), name="calls.csv")
    assert (result.exit_code, result.stdout, total()) == (1, "", 0), result.exception
    assert f"line {line}: {reason}" in result.stderr


def test_csv_with_a_byte_order_mark_and_quoted_names_is_read(load: Import) -> None:
    text = f'\ufeff"id","notes"\r\n"{ID}","x"\r\n'
    assert load(text, name="calls.csv").stdout == "1 created, 0 updated, 0 known.\n"


def test_csv_of_a_spreadsheet_is_read(load: Import, client: FlaskClient) -> None:
    text = f'\ufeffid,summary,duration_min\r\n{ID},"a, ""b""\r\nc",2\r\n\r\n'
    assert load(text, name="calls.csv").stdout == "1 created, 0 updated, 0 known.\n"
    assert call(client)["summary"] == 'a, "b"\r\nc'
    assert call(client)["duration_min"] == 2.0


# --- patients and tags


def test_tags_are_joined_by_bars_and_come_back(
    load: Import, export: Callable[..., str], client: FlaskClient
) -> None:
    tags = [{"id": TAG_ID, "name": "VIP"}, {"id": THIRD_ID, "name": "no-show"}]
    load(tags, resource="tags", name="tags.ndjson")
    patient = {"id": ID, "last_name": "=Okafor", "tags": [THIRD_ID, TAG_ID], "active": False}
    load([patient, {"id": OTHER_ID, "last_name": "Li"}], resource="patients", name="p.ndjson")
    exported = export("csv", "patients")
    assert f",{THIRD_ID}|{TAG_ID},false," in exported
    client.patch(f"/v1/patients/{ID}", json={"version": 1, "tags": [], "last_name": "x"})
    result = load(exported, "--update", resource="patients", name="p.csv")
    assert result.stdout == "0 created, 1 updated, 1 known.\n"
    assert client.get(f"/v1/patients/{ID}").get_json()["tags"] == [THIRD_ID, TAG_ID]


def test_truth_is_read_as_a_spreadsheet_writes_it(load: Import, client: FlaskClient) -> None:
    text = f"id,last_name,active\n{ID},Li,FALSE\n{OTHER_ID},Li,TRUE\n"
    assert load(text, resource="patients", name="p.csv").exit_code == 0
    found = [client.get(f"/v1/patients/{i}").get_json()["active"] for i in (ID, OTHER_ID)]
    assert found == [False, True]


def test_patient_with_an_unknown_tag_is_a_bad_row(load: Import) -> None:
    row = {"id": ID, "last_name": "Li", "tags": [TAG_ID]}
    result = load([row], resource="patients", name="p.ndjson")
    assert result.exit_code == 1
    assert result.stderr.startswith("line 1: tags holds ")


def test_two_tags_of_one_name_are_a_bad_row(load: Import) -> None:
    tags = [{"id": ID, "name": "VIP"}, {"id": OTHER_ID, "name": "vip"}]
    result = load(tags, resource="tags", name="tags.ndjson")
    assert result.exit_code == 1
    assert result.stderr.startswith("line 2: has the name of line 1")


# --- the exported file


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Let files be readable by everybody unless they are made otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("app", "open_umask")
@pytest.mark.parametrize("earlier", [None, "out.csv", "out.csv.part"])
def test_exported_file_is_for_its_owner_only(
    runner: FlaskCliRunner, tmp_path: Path, earlier: str | None
) -> None:
    if earlier:
        (tmp_path / earlier).write_text("earlier")
    file = tmp_path / "out.csv"
    assert runner.invoke(main, ["export", "calls", str(file)]).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().startswith("id,org_id,")


def test_failed_export_leaves_the_earlier_file_and_no_other(tmp_path: Path, load: Import) -> None:
    load([{"id": ID, "notes": "x" * 200_000}])
    file = tmp_path / "out.ndjson"
    file.write_text("earlier")
    limit = ["prlimit", "--fsize=100000", *process.COMMAND, "export", "calls", str(file)]
    environ = process.environment(tmp_path / "clinic.db")
    done = subprocess.run(limit, cwd=ROOT, env=environ, capture_output=True, check=False)
    assert done.returncode == 1
    assert re.fullmatch(rb"Error: File too large[^\n]*(?<!None)\n", done.stderr)
    assert [left.name for left in tmp_path.glob("out*")] == ["out.ndjson"]


def test_export_writes_into_a_pipe_and_does_not_replace_it(
    runner: FlaskCliRunner, tmp_path: Path, load: Import
) -> None:
    load([WHOLE])
    pipe = tmp_path / "pipe.ndjson"
    os.mkfifo(pipe)
    # Opened for both, the pipe takes what fits into it without a reader.
    descriptor = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    result = runner.invoke(main, ["export", "calls", str(pipe)])
    assert (result.exit_code, stat.S_ISFIFO(pipe.stat().st_mode)) == (0, True)
    assert json.loads(os.read(descriptor, 65_536)) == WHOLE
    os.close(descriptor)


def test_export_to_standard_output(runner: FlaskCliRunner, load: Import) -> None:
    load([WHOLE])
    assert json.loads(runner.invoke(main, ["export", "calls", "-"]).stdout) == WHOLE
    printed = runner.invoke(main, ["export", "calls", "-", "--format", "csv"]).stdout
    assert printed.startswith("id,org_id,")


def test_deleted_calls_are_not_exported(
    load: Import, export: Callable[..., str], client: FlaskClient
) -> None:
    load([WHOLE, {"id": OTHER_ID}])
    client.delete(f"/v1/calls/{OTHER_ID}")
    assert json.loads(export())["id"] == ID


def test_export_is_utf_8_whatever_the_terminal(load: Import, tmp_path: Path) -> None:
    load([{"id": ID, "notes": "Größe ☎"}])
    ascii_only = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = process.run(tmp_path / "clinic.db", "export", "calls", "-", settings=ascii_only)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["notes"] == "Größe ☎"


# --- large files, long times


def rows_to(file: Path, count: int) -> Path:
    """Write so many calls of a quarter of a kilobyte each."""
    with file.open("w") as out:
        for number in range(count):
            call_id = f"{number:08d}-0000-4000-8000-000000000000"
            day, second = number % 28 + 1, number % 60
            started_at = f"2024-01-{day:02d}T10:{number // 60 % 60:02d}:{second:02d}Z"
            row = {"id": call_id, "started_at": started_at, "summary": f"Call {number} " * 10}
            out.write(json.dumps(row) + "\n")
    return file


def memory_of(database_file: Path, *args: str) -> int:
    """Run the command and give the most memory that it held, in MiB."""
    running = process.start(database_file, *args)
    # Their few lines fit into the pipes.
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    _, errors = running.communicate()
    assert (running.returncode, errors) == (0, b"")
    return usage.ru_maxrss // 1024


def test_check_of_a_large_file_takes_no_more_memory(tmp_path: Path) -> None:
    few, many = (rows_to(tmp_path / f"{n}.ndjson", n) for n in (500, 50_000))
    path = tmp_path / "clinic.db"
    small = memory_of(path, "import", "calls", str(few), "--dry-run")
    assert memory_of(path, "import", "calls", str(many), "--dry-run") < small + 12


@pytest.mark.slow
def test_import_and_export_of_a_large_file_take_no_more_memory(tmp_path: Path) -> None:
    few, many = (rows_to(tmp_path / f"{n}.ndjson", n) for n in (500, 50_000))
    path, out = tmp_path / "clinic.db", str(tmp_path / "out.csv")
    small = memory_of(path, "import", "calls", str(few))
    # 16 MB of cache for the connection, as its pragma says.
    assert memory_of(path, "import", "calls", str(many)) < small + 30
    assert memory_of(path, "export", "calls", out) < small + 30
    assert memory_of(path, "import", "calls", out) < small + 30


@pytest.mark.slow
def test_import_holds_up_no_other_writer(app: Flask, tmp_path: Path) -> None:
    file = rows_to(tmp_path / "calls.ndjson", 20_000)
    importing = process.start(app.config["DATABASE_URL"], "import", "calls", str(file))
    waited = waits_of_another_writer(lambda: importing.poll() is None)
    importing.communicate()
    assert importing.returncode == 0
    assert max(waited) < 1.0


def waits_of_another_writer(goes_on: Callable[[], bool]) -> list[float]:
    """Write small transactions as long as it goes on, and give how long each took, in seconds."""
    waited = []
    while goes_on():
        start = time.monotonic()
        with database.write():
            database.raw().execute("UPDATE revision SET number = number")
        waited.append(time.monotonic() - start)
    return waited


@pytest.mark.parametrize("newest_first", [True, False])
def test_many_calls_of_one_second_cost_no_more_than_others(
    load: Import, newest_first: bool
) -> None:
    ids = sorted((f"{n:08d}-0000-4000-8000-000000000000" for n in range(600)), reverse=newest_first)
    before = database.raw().total_changes()
    load([{"id": call_id, "started_at": "2024-01-01T00:00:00Z"} for call_id in ids])
    assert total() == 600
    # About ten rows of tables and index for each call; moving its neighbours made it hundreds.
    assert database.raw().total_changes() - before < 600 * 25


def progress(tmp_path: Path, on_terminal: bool) -> bytes:
    """Import a file, standard error being a terminal or not, and give what is written there."""
    file = rows_to(tmp_path / "calls.ndjson", 50)
    if not on_terminal:
        return process.run(tmp_path / "clinic.db", "import", "calls", str(file)).stderr
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    importing = process.start(tmp_path / "clinic.db", "import", "calls", str(file), stderr=theirs)
    os.close(theirs)
    written = b""
    try:
        while chunk := os.read(ours, 4096):
            written += chunk
    except OSError:  # what Linux answers once the other side is closed
        pass
    importing.communicate()
    os.close(ours)
    return written


@pytest.mark.parametrize(("on_terminal", "shown"), [(True, True), (False, False)])
def test_progress_is_shown_on_a_terminal_only(
    tmp_path: Path, on_terminal: bool, shown: bool
) -> None:
    assert (b"Storing: 100%" in progress(tmp_path, on_terminal)) == shown
