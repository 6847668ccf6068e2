"""clinic-calls import: which files are read, what is said, and what an imported call is like."""

from typing import Any

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from app.models.engine import database
from app.services.calls import calls
from app.services.drafts import Draft
from tests.support.answers import read, total
from tests.support.files import ID, OTHER_ID, Import, ndjson, numbered_ids
from tests.support.resources import CALLS

CREATED_ONE = "1 created, 0 updated, 0 known.\n"
EVENT = {"status": "done", "category": "cancellation", "sessions_scheduled": 9, "notes": "event"}


def test_says_what_it_did(load: Import, client: FlaskClient) -> None:
    result = load([{"id": ID}, {"id": OTHER_ID, "summary": "x"}])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "2 created, 0 updated, 0 known.\n"
    assert total(client, CALLS.url) == 2


def test_empty_file_is_no_mistake(load: Import) -> None:
    assert load("").stdout == "0 created, 0 updated, 0 known.\n"


def test_blank_lines_and_a_byte_order_mark_are_passed_over(load: Import) -> None:
    result = load(b'\xef\xbb\xbf{"id": "%s"}\r\n\n  \n{"id": "%s"}' % (ID.encode(), b"0" * 36))
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == "line 4: id must be a UUID."


@pytest.mark.parametrize(
    ("ending", "options"), [("JSONL", []), ("CSV", []), ("txt", ["--format", "csv"])]
)
def test_format_follows_from_the_ending_unless_said(
    load: Import, ending: str, options: list[str]
) -> None:
    text = ndjson({"id": ID}) if ending == "JSONL" else f"id\n{ID}\n"
    assert load(text, *options, ending=ending).stdout == CREATED_ONE


def test_unknown_ending_is_refused(load: Import) -> None:
    result = load([{"id": ID}], ending="json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert ".ndjson or .csv" in result.stderr


@pytest.mark.parametrize(
    ("options", "text"),
    [([], ndjson({"id": ID})), (["--format", "csv"], f"id,notes\n{ID},x\n")],
    ids=["ndjson", "csv"],
)
def test_standard_input_is_ndjson_unless_said(
    runner: FlaskCliRunner, options: list[str], text: str
) -> None:
    result = runner.invoke(main, ["import", "calls", "-", *options], input=text)
    assert result.stdout == CREATED_ONE


def test_skip_bad_stores_the_good_rows(load: Import, client: FlaskClient) -> None:
    result = load(ndjson({"id": ID}) + "{\n" + ndjson({"id": OTHER_ID}), "--skip-bad")
    assert (result.exit_code, result.stdout) == (0, "2 created, 0 updated, 0 known, 1 bad.\n")
    assert result.stderr == "line 2: is not valid JSON in UTF-8.\n"
    assert total(client, CALLS.url) == 2


def test_same_row_twice_in_a_file_counts_once(load: Import) -> None:
    result = load([{"id": ID, "notes": "x"}, {"notes": "x", "id": ID.upper()}])
    assert result.stdout == "1 created, 0 updated, 1 known.\n"


def test_call_of_a_provider_has_the_id_that_its_webhook_would_give(
    load: Import, client: FlaskClient
) -> None:
    load([{"provider": "retell", "external_id": "Jabr9TXY"}])
    # uuid5(NAMESPACE_URL, "retell:Jabr9TXY")
    call = read(client, f"{CALLS.url}/f192d7f3-ff5a-5d60-a0fe-1b7024ad6b25")
    assert call["external_id"] == "Jabr9TXY"


def test_org_id_is_not_taken_over(load: Import, client: FlaskClient) -> None:
    for org_id in ("another clinic", None, 7):
        assert load([CALLS.whole | {"org_id": org_id}]).exit_code == 0
    assert read(client, CALLS.one)["org_id"] == "clinic"


def test_links_no_patient(load: Import, client: FlaskClient) -> None:
    client.post("/v1/patients", json={"last_name": "Okafor", "phone_number": "+12125550123"})
    load([{"id": ID, "customer_number": "+12125550123"}])
    assert read(client, CALLS.one)["patient_id"] is None


def event_of_it() -> None:
    """Let a provider's event of the highest rank tell of the imported call."""
    with database.write():
        calls.record_draft(Draft(ID, dict(EVENT), rank=8))


def test_staff_fields_with_a_value_count_as_set_by_a_person(
    load: Import, client: FlaskClient
) -> None:
    row: dict[str, Any] = {"status": "follow_up_needed", "category": "billing", "notes": "mine"}
    row["sessions_scheduled"] = 0
    load([{"id": ID} | row])
    event_of_it()
    assert row.items() <= read(client, CALLS.one).items()


def test_pending_and_null_do_not_count_as_set(load: Import, client: FlaskClient) -> None:
    load([{"id": ID, "status": "pending", "category": None, "notes": None}])
    event_of_it()
    assert EVENT.items() <= read(client, CALLS.one).items()


def test_staff_fields_set_by_an_update_stay(load: Import, client: FlaskClient) -> None:
    load([{"id": ID}])
    load([{"id": ID, "category": "billing"}], "--update")
    event_of_it()
    assert read(client, CALLS.one)["category"] == "billing"


@pytest.mark.parametrize("newest_first", [True, False])
def test_many_calls_of_one_second_cost_no_more_than_others(
    load: Import, client: FlaskClient, newest_first: bool
) -> None:
    ids = sorted(numbered_ids(600), reverse=newest_first)
    before = database.raw().total_changes()
    load([{"id": call_id, "started_at": "2024-01-01T00:00:00Z"} for call_id in ids])
    assert total(client, CALLS.url) == 600
    # About ten rows of tables and index for each call; moving its neighbours made it hundreds.
    assert database.raw().total_changes() - before < 600 * 25
