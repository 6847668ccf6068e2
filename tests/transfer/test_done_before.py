"""--done-before: what was open when a clinic began here comes in as done."""

import pytest
from flask.testing import FlaskClient

from app.models.engine import database
from tests.support.answers import read
from tests.support.commands import Run
from tests.support.files import Import
from tests.support.sources import ScriptedSource, call_row

DATE = ("--done-before", "2026-01-31")
OLD = "2026-01-31T04:59:59Z"  # the last second of the 30th in New York
NEW = "2026-01-31T05:00:00Z"


@pytest.fixture
def settings() -> dict[str, str]:
    return {"CLINIC_TIMEZONE": "America/New_York"}


def statuses(client: FlaskClient) -> list[str]:
    return [call["status"] for call in read(client, "/v1/calls?sort=started_at")["data"]]


def test_goes_by_the_start_in_the_clinics_zone(client: FlaskClient, load: Import) -> None:
    load([call_row(1, started_at=OLD), call_row(2, started_at=NEW)], *DATE)
    assert statuses(client) == ["done", "pending"]


def test_what_never_started_goes_by_when_it_was_made_known(
    client: FlaskClient, load: Import
) -> None:
    load([call_row(1, started_at=None, created_at=OLD)], *DATE)
    assert statuses(client) == ["done"]


def test_what_is_old_and_flagged_is_done_too(client: FlaskClient, load: Import) -> None:
    load([call_row(1, started_at=OLD, status="follow_up_needed")], *DATE)
    assert statuses(client) == ["done"]


def test_the_same_file_again_is_known(load: Import) -> None:
    rows = [call_row(1, started_at=OLD), call_row(2, started_at=NEW)]
    load(rows, *DATE)
    assert load(rows, *DATE).stdout == "0 created, 0 updated, 2 known.\n"


def test_it_is_not_done_today(load: Import) -> None:
    load([call_row(1, started_at=OLD)], *DATE)
    assert database.raw().execute("SELECT done_at FROM call").get is None


@pytest.mark.parametrize(("resource", "date"), [("calls", "yesterday"), ("patients", "2026-01-31")])
def test_anything_else_is_told(load: Import, resource: str, date: str) -> None:
    result = load([], "--done-before", date, resource=resource)
    assert (result.exit_code, "--done-before" in result.stderr) == (2, True)


def test_pull_takes_it_too_and_opens_nothing_again(
    client: FlaskClient, source: ScriptedSource, pull: Run
) -> None:
    source.rows = [call_row(2, started_at=NEW), call_row(1, started_at=OLD)]
    pull(*DATE)
    assert statuses(client) == ["done", "pending"]
    pull()
    assert statuses(client) == ["done", "pending"]


def test_pull_leaves_what_a_person_here_decided(
    client: FlaskClient, source: ScriptedSource, pull: Run
) -> None:
    source.rows = [call_row(1, started_at=OLD)]
    pull()
    (call,) = read(client, "/v1/calls")["data"]
    client.patch(f"/v1/calls/{call['id']}", json={"version": 1, "status": "follow_up_needed"})
    pull(*DATE)
    assert statuses(client) == ["follow_up_needed"]
