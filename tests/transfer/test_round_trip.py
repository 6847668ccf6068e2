"""What is exported and imported again is as it was, whatever stands in it."""

import csv
import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support import DATA
from tests.support.answers import read
from tests.support.application import application
from tests.support.files import (
    ID,
    OTHER_ID,
    THIRD_ID,
    Export,
    Import,
    from_csv,
    from_ndjson,
    ndjson,
    numbered_ids,
)
from tests.support.resources import CALLS, PATIENTS, TAGS, Resource, each

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
FORMULA_ROWS = [
    {"id": call_id, "notes": text}
    for call_id, text in zip(numbered_ids(len(FORMULAS)), FORMULAS, strict=True)
]


@each
def test_exported_row_is_what_was_imported(
    load: Import, export: Export, resource: Resource
) -> None:
    load([TAGS.whole], resource="tags")
    load([resource.whole], resource=resource.name)
    (row,) = from_ndjson(export(resource.name))
    assert row == resource.whole
    assert list(row) == list(resource.whole)


@each
@pytest.mark.parametrize("ending", ["ndjson", "csv"])
def test_export_imported_elsewhere_exports_the_same(
    load: Import, export: Export, tmp_path: Path, resource: Resource, ending: str
) -> None:
    load([TAGS.whole], resource="tags")
    load([resource.whole, resource.given | {"id": THIRD_ID}], resource=resource.name)
    exported = export(resource.name, ending)
    with application(tmp_path / "elsewhere.db"):
        load([TAGS.whole], resource="tags")
        assert load(exported, resource=resource.name, ending=ending).exit_code == 0
        assert export(resource.name, ending) == exported


def test_calls_of_a_clinic_imported_elsewhere_export_the_same(
    load: Import, export: Export, tmp_path: Path
) -> None:
    with (DATA / "clinic" / "calls.ndjson").open("rb") as sample:
        load(b"".join(sample.readline() for _ in range(200)))
    exported = export()
    with application(tmp_path / "elsewhere.db"):
        assert load(exported).stdout == "200 created, 0 updated, 0 known.\n"
        assert export() == exported


def test_csv_export_is_known_when_it_is_imported(load: Import, export: Export) -> None:
    load([CALLS.whole, {"id": OTHER_ID}])
    result = load(export(ending="csv"), ending="csv")
    assert result.stdout == "0 created, 0 updated, 2 known.\n"


def test_csv_has_the_columns_of_the_call(load: Import, export: Export) -> None:
    load([CALLS.whole])
    rows = list(csv.reader(io.StringIO(export(ending="csv"), newline="")))
    assert rows[0] == list(CALLS.whole)
    assert len(rows) == 2


def test_formulas_get_an_apostrophe_and_telephone_numbers_do_not(
    load: Import, export: Export
) -> None:
    load(FORMULA_ROWS)
    cells = [row["notes"] for row in from_csv(export(ending="csv"))]
    assert sorted(cells) == sorted(FORMULAS.values())


def test_text_like_a_formula_comes_back_as_it_was(load: Import, export: Export) -> None:
    load(FORMULA_ROWS)
    exported = export(ending="csv")
    load([row | {"notes": "other"} for row in FORMULA_ROWS], "--update")
    assert load(exported, "--update", ending="csv").exit_code == 0
    assert {row["notes"] for row in from_ndjson(export())} == set(FORMULAS)


def test_numbers_are_no_formulas(load: Import, export: Export) -> None:
    load([{"id": ID, "sessions_scheduled": -3, "duration_min": 0.5}])
    (row,) = from_csv(export(ending="csv"))
    assert (row["sessions_scheduled"], row["duration_min"], row["cost_usd"]) == ("-3", "0.5", "")


def test_tags_are_joined_by_bars_and_come_back(
    load: Import, export: Export, client: FlaskClient
) -> None:
    tags = [THIRD_ID, TAGS.id]
    load(ndjson(TAGS.whole, {"id": THIRD_ID, "name": "no-show"}), resource="tags")
    load([PATIENTS.whole | {"tags": tags}], resource="patients")
    exported = export("patients", "csv")
    assert f",{'|'.join(tags)},false," in exported
    client.patch(PATIENTS.one, json={"version": PATIENTS.whole["version"], "tags": []})
    load(exported, "--update", resource="patients", ending="csv")
    assert read(client, PATIENTS.one)["tags"] == tags
