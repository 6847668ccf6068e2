"""DELETE /v1/calls/{id} and clinic-calls undelete: a call goes, and comes back."""

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from tests.support.answers import read, total
from tests.support.resources import CALL_ID as ID

URL = "/v1/calls"
CALL = f"{URL}/{ID}"


def test_a_deleted_call_is_seen_nowhere(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID, "summary": "Asked for Ana."})
    before = [total(client, f"{URL}{query}") for query in ("", "?q=ana")]
    client.delete(CALL)
    assert before == [1, 1]
    assert [total(client, f"{URL}{query}") for query in ("", "?q=ana")] == [0, 0]


def test_undelete_brings_a_call_back(client: FlaskClient, runner: FlaskCliRunner) -> None:
    before = client.post(URL, json={"id": ID, "summary": "Asked for Ana."}).get_json()
    client.delete(CALL)
    assert runner.invoke(main, ["undelete", ID]).exit_code == 0
    after = read(client, f"{URL}?q=ana")["data"][0]
    assert after == {name: before[name] for name in after}


@pytest.mark.parametrize("call_id", [ID, "nothing"])
def test_undelete_needs_a_deleted_call(
    client: FlaskClient, runner: FlaskCliRunner, call_id: str
) -> None:
    client.post(URL, json={"id": ID})
    result = runner.invoke(main, ["undelete", call_id])
    assert result.exit_code == 1
    assert result.stderr == "Error: There is no deleted call with this id.\n"
