"""Rows of ids that are known: the same content, other content, deleted ones, posted ones."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.answers import error, read, total
from tests.support.files import ID, Export, Import, from_ndjson
from tests.support.resources import CALLS, PATIENTS, TAGS, Resource, each

KNOWN = "0 created, 0 updated, 1 known.\n"
UPDATED = "0 created, 1 updated, 0 known.\n"
either = pytest.mark.parametrize("options", [[], ["--update"]], ids=["plain", "update"])


@pytest.fixture
def stored(load: Import, resource: Resource) -> None:
    """Let the whole row of a resource be there, and the tag that a patient has."""
    load([TAGS.whole], resource="tags")
    load([resource.whole], resource=resource.name)


@each
@either
@pytest.mark.usefixtures("stored")
def test_same_content_of_whichever_version_is_known(
    load: Import, export: Export, resource: Resource, options: list[str]
) -> None:
    older = resource.whole | {"version": 2, "updated_at": "2023-12-01T00:00:00Z"}
    said = [load([row], *options, resource=resource.name) for row in (resource.whole, older)]
    assert [result.stdout for result in said] == [KNOWN, KNOWN]
    assert from_ndjson(export(resource.name)) == [resource.whole]


@pytest.mark.parametrize(
    "row",
    [
        {"id": ID},
        {"provider": "retell", "external_id": "Jabr9TXY"},
        {"id": ID.upper(), "language": "ES", "customer_number": "(212) 555-0123"},
        {"id": ID, "duration_min": 1.005, "cost_usd": 0.12345678},
        {"id": ID, "started_at": "2024-01-01T00:00:00.1239+05:30", "summary": ""},
        {"id": ID, "assistant_id": "  x  ", "patient_id": " ", "notes": " "},
        CALLS.whole | {"duration_min": None},
        CALLS.whole | {"ended_at": None, "duration_min": None, "category": None},
    ],
    ids=lambda row: "+".join(row) if len(row) < 6 else None,
)
def test_call_is_known_however_it_is_written(
    load: Import, export: Export, row: dict[str, Any]
) -> None:
    load([row])
    before = export()
    assert load([row]).stdout == load([row], "--update").stdout == KNOWN
    assert export() == before


@each
@pytest.mark.usefixtures("stored")
def test_other_content_is_a_bad_row(load: Import, export: Export, resource: Resource) -> None:
    result = load([resource.whole | resource.other], resource=resource.name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"line 1: The id belongs to a {resource.name[:-1]} with other")
    assert from_ndjson(export(resource.name)) == [resource.whole]


@each
@pytest.mark.usefixtures("stored")
def test_update_takes_over_what_is_given(
    load: Import, client: FlaskClient, resource: Resource
) -> None:
    row = {"id": resource.id} | resource.other
    assert load([row], "--update", resource=resource.name).stdout == UPDATED
    found = read(client, resource.one)
    changed = {"version": resource.whole["version"] + 1, "updated_at": found["updated_at"]}
    assert found | resource.whole | resource.other | changed == found


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("resource", "word"), [(CALLS, "insurance"), (PATIENTS, "smith")], ids=["calls", "patients"]
)
def test_update_is_found_by_the_search(
    load: Import, client: FlaskClient, resource: Resource, word: str
) -> None:
    before = total(client, f"{resource.url}?q={word}")
    load([resource.whole | resource.other], "--update", resource=resource.name)
    assert (before, total(client, f"{resource.url}?q={word}")) == (1, 0)
    assert total(client, f"{resource.url}?q=bose") == 1


@each
@either
@pytest.mark.usefixtures("stored")
def test_deleted_id_is_a_bad_row(
    load: Import, client: FlaskClient, resource: Resource, options: list[str]
) -> None:
    client.delete(resource.one)
    result = load([resource.whole], *options, resource=resource.name)
    assert result.exit_code == 1
    assert result.stderr.startswith("line 1: The id belongs to a deleted ")
    assert total(client, resource.url) == 0


@each
def test_imported_one_was_never_posted(
    load: Import, client: FlaskClient, resource: Resource
) -> None:
    load([resource.given], resource=resource.name)
    response = client.post(resource.url, json=resource.given)
    assert error(response) == (409, "already_exists", "id")


def test_tags_of_a_patient_are_taken_back_by_an_update(load: Import, client: FlaskClient) -> None:
    load([TAGS.whole], resource="tags")
    load([PATIENTS.whole], resource="patients")
    load([PATIENTS.whole | {"tags": []}], "--update", resource="patients")
    assert read(client, PATIENTS.one)["tags"] == []
