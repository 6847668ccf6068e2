"""CSV as spreadsheets write it: empty cells, quotes, byte order marks, TRUE and FALSE."""

import pytest
from flask.testing import FlaskClient

from tests.support.answers import read
from tests.support.files import ID, OTHER_ID, Import, csv_text
from tests.support.resources import CALLS

CREATED = "1 created, 0 updated, 0 known.\n"


def test_empty_cell_is_null(load: Import, client: FlaskClient) -> None:
    load(csv_text({"id": ID, "notes": "", "status": "", "cost_usd": ""}), ending="csv")
    found = read(client, CALLS.one)
    assert [found[name] for name in ("notes", "status", "cost_usd")] == [None, "pending", None]


def test_emptied_cell_is_other_content(load: Import, client: FlaskClient) -> None:
    load([{"id": ID, "notes": "x"}])
    emptied = csv_text({"id": ID, "notes": ""})
    assert load(emptied, ending="csv").exit_code == 1
    assert load(emptied, "--update", ending="csv").exit_code == 0
    assert read(client, CALLS.one)["notes"] is None


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (f'\ufeff"id","summary"\r\n"{ID}","x"\r\n', "x"),
        (f'id,summary\r\n{ID},"a, ""b""\r\nc"\r\n\r\n', 'a, "b"\r\nc'),
    ],
    ids=["a byte order mark and quoted names", "quotes, a line in a cell and a blank line"],
)
def test_csv_of_a_spreadsheet_is_read(
    load: Import, client: FlaskClient, text: str, summary: str
) -> None:
    assert load(text, ending="csv").stdout == CREATED
    assert read(client, CALLS.one)["summary"] == summary


def test_a_number_is_read_as_one(load: Import, client: FlaskClient) -> None:
    load(f"id,duration_min\n{ID},2\n", ending="csv")
    assert read(client, CALLS.one)["duration_min"] == 2.0


def test_truth_is_read_as_a_spreadsheet_writes_it(load: Import, client: FlaskClient) -> None:
    text = f"id,last_name,active\n{ID},Li,FALSE\n{OTHER_ID},Li,TRUE\n"
    assert load(text, resource="patients", ending="csv").exit_code == 0
    found = [read(client, f"/v1/patients/{patient_id}")["active"] for patient_id in (ID, OTHER_ID)]
    assert found == [False, True]


def test_patient_of_a_short_row_is_filled_in(load: Import, client: FlaskClient) -> None:
    load(f"id,last_name\n{ID},Smith\n", resource="patients", ending="csv")
    found = read(client, f"/v1/patients/{ID}")
    del found["created_at"], found["updated_at"]
    assert found == {
        **{"id": ID, "first_name": "", "last_name": "Smith", "date_of_birth": None},
        **{"phone_number": None, "email": None, "tags": [], "active": True, "version": 1},
    }
