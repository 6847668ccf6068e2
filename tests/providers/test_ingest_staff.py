"""Webhooks of calls that staff decide about: proposals, decisions, deleted calls and patients."""

from typing import Any

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from tests.support.people import create_patient, error, read
from tests.support.webhooks import RETELL_CALL, SETTINGS, deliver, outcome, retell

NUMBER = "+12125550123"


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


def proposing(event: str = "call_ended", **proposals: Any) -> dict[str, Any]:
    return retell(event, metadata=proposals)


def calling(event: str = "call_ended", number: str = NUMBER, **fields: Any) -> dict[str, Any]:
    phone = {"call_type": "phone_call", "direction": "inbound", "from_number": number}
    return retell(event, **phone, **fields)


def decide(client: FlaskClient, **changes: Any) -> Any:
    """Change the call as staff would, whatever its version is."""
    version = read(client, RETELL_CALL)["version"]
    answer = client.patch(RETELL_CALL, json={"version": version, **changes})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_takes_what_the_assistant_proposes(client: FlaskClient) -> None:
    deliver(client, "retell", proposing(category="billing", sessions_scheduled=2, patient_id="p1"))
    call = read(client, RETELL_CALL)
    assert [call[name] for name in ("category", "sessions_scheduled", "patient_id")] == [
        *("billing", 2, "p1")
    ]
    assert call["status"] == "pending"


@pytest.mark.parametrize("status", ["done", "follow_up_needed"])
def test_nobody_but_staff_sets_the_status(client: FlaskClient, status: str) -> None:
    deliver(client, "retell", proposing(status=status, notes="Ready."))
    call = read(client, RETELL_CALL)
    assert (call["status"], call["notes"]) == ("pending", None)


@pytest.mark.parametrize("decided", ["cancellation", None])
def test_what_a_person_decided_stays(client: FlaskClient, decided: str | None) -> None:
    deliver(client, "retell", proposing("call_ended", category="billing"))
    decide(client, category=decided)
    deliver(client, "retell", proposing("call_analyzed", category="authorization"))
    assert read(client, RETELL_CALL)["category"] == decided


def test_what_a_person_confirmed_stays_too(client: FlaskClient) -> None:
    deliver(client, "retell", proposing("call_ended", category="billing"))
    assert decide(client, category="billing")["version"] == 1
    deliver(client, "retell", proposing("call_analyzed", category="authorization"))
    assert read(client, RETELL_CALL)["category"] == "billing"


@pytest.mark.parametrize("decided", ["Mine.", None])
def test_a_field_of_the_providers_can_be_a_persons_too(
    client: FlaskClient, decided: str | None
) -> None:
    deliver(client, "retell", retell(transcript="Theirs."))
    decide(client, transcript=decided)
    deliver(client, "retell", retell("call_analyzed", transcript="Later."))
    assert read(client, RETELL_CALL)["transcript"] == decided


def test_a_persons_start_gives_the_duration(client: FlaskClient) -> None:
    deliver(client, "retell", retell(start_timestamp=0))
    decide(client, started_at="1970-01-01T00:01:00Z")
    deliver(client, "retell", retell("call_analyzed", start_timestamp=0, end_timestamp=90_000))
    assert read(client, RETELL_CALL)["duration_min"] == 0.5


def test_no_start_of_an_event_comes_after_a_persons_end(client: FlaskClient) -> None:
    deliver(client, "retell", retell(start_timestamp=0))
    decide(client, ended_at="1970-01-01T00:01:00Z")
    deliver(client, "retell", retell("call_analyzed", start_timestamp=90_000, end_timestamp=99_000))
    call = read(client, RETELL_CALL)
    assert (call["started_at"], call["ended_at"]) == (
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:01:00Z",
    )


def test_no_end_of_an_event_comes_before_a_persons_start(client: FlaskClient) -> None:
    deliver(client, "retell", retell())
    decide(client, started_at="1970-01-01T00:01:00Z")
    deliver(client, "retell", retell("call_analyzed", start_timestamp=0, end_timestamp=30_000))
    call = read(client, RETELL_CALL)
    assert (call["started_at"], call["ended_at"]) == ("1970-01-01T00:01:00Z", None)


def test_an_end_that_was_too_early_counts_after_a_persons_start(client: FlaskClient) -> None:
    deliver(client, "retell", retell(end_timestamp=20_000))
    deliver(client, "retell", retell("call_analyzed", start_timestamp=30_000))
    call = decide(client, started_at="1970-01-01T00:00:10Z")
    assert (call["ended_at"], call["version"]) == ("1970-01-01T00:00:20Z", 3)


def test_a_duration_that_a_person_took_away_stays_away(client: FlaskClient) -> None:
    deliver(client, "retell", retell(start_timestamp=0, end_timestamp=60_000, duration_ms=60_000))
    decide(client, duration_min=None)
    deliver(client, "retell", retell("call_analyzed", duration_ms=60_000))
    assert read(client, RETELL_CALL)["duration_min"] is None


def test_what_a_client_posted_as_done_stays(client: FlaskClient) -> None:
    known = {"provider": "retell", "external_id": "Jabr9TXY", "category": "billing"}
    client.post("/v1/calls", json=known)
    deliver(client, "retell", proposing(category="cancellation"))
    assert read(client, RETELL_CALL)["category"] == "billing"


def test_what_a_machine_posted_is_no_decision(client: FlaskClient, make_client: Any) -> None:
    known = {"provider": "retell", "external_id": "Jabr9TXY", "category": "billing"}
    make_client("ingest").post("/v1/calls", json=known)
    deliver(client, "retell", proposing(category="cancellation"))
    assert read(client, RETELL_CALL)["category"] == "cancellation"


def test_an_event_of_a_deleted_call_leaves_it_deleted(client: FlaskClient) -> None:
    deliver(client, "retell", retell())
    client.delete(RETELL_CALL)
    assert outcome(deliver(client, "retell", retell("call_analyzed"))) == "ignored"
    assert error(client.get(RETELL_CALL))[0] == 404
    assert read(client, "/v1/calls")["pagination"]["total"] == 0


def test_what_came_while_it_was_deleted_is_there_when_it_is_back(
    client: FlaskClient, runner: FlaskCliRunner
) -> None:
    deliver(client, "retell", retell(transcript="About the knee."))
    client.delete(RETELL_CALL)
    later = retell("call_analyzed", transcript="About the hip.", start_timestamp=60_000)
    deliver(client, "retell", later | {"call": later["call"] | {"agent_id": "asst"}})
    runner.invoke(main, ["undelete", RETELL_CALL.removeprefix("/v1/calls/")])
    assert read(client, RETELL_CALL)["transcript"] == "About the hip."
    totals = [
        read(client, f"/v1/calls?{query}")["pagination"]["total"]
        for query in ("q=hip", "q=knee", "assistant_id=asst", "status=pending")
    ]
    assert totals == [1, 0, 1, 1]


def test_is_linked_to_the_one_patient_with_the_number(client: FlaskClient) -> None:
    patient = create_patient(client, last_name="Okafor", phone_number="(212) 555-0123")
    deliver(client, "retell", calling())
    assert read(client, RETELL_CALL)["patient_id"] == patient["id"]
    assert read(client, "/v1/calls?q=okafor")["pagination"]["total"] == 1


def test_stays_open_where_two_patients_have_the_number(client: FlaskClient) -> None:
    for _ in range(2):
        create_patient(client, phone_number=NUMBER)
    deliver(client, "retell", calling())
    assert read(client, RETELL_CALL)["patient_id"] is None


@pytest.mark.parametrize("number", ["anonymous", "+266696687", "+86282452253"])
def test_stays_open_where_the_number_is_withheld(client: FlaskClient, number: str) -> None:
    create_patient(client, phone_number=number)
    deliver(client, "retell", calling(number=number))
    call = read(client, RETELL_CALL)
    assert (call["customer_number"], call["patient_id"]) == (number, None)


def test_a_proposed_patient_counts_for_more_than_the_number(client: FlaskClient) -> None:
    create_patient(client, phone_number=NUMBER)
    deliver(client, "retell", calling("call_analyzed"))
    deliver(client, "retell", proposing("call_ended", patient_id="p1"))
    deliver(client, "retell", calling("call_analyzed", agent_id="asst"))
    assert read(client, RETELL_CALL)["patient_id"] == "p1"


@pytest.mark.parametrize("decided", ["p1", None])
def test_a_patient_whom_a_person_chose_stays(client: FlaskClient, decided: str | None) -> None:
    create_patient(client, phone_number=NUMBER)
    deliver(client, "retell", calling())
    decide(client, patient_id=decided)
    deliver(client, "retell", calling("call_analyzed"))
    assert read(client, RETELL_CALL)["patient_id"] == decided


def test_the_better_number_decides_whose_call_it_is(client: FlaskClient) -> None:
    create_patient(client, phone_number=NUMBER)
    other = create_patient(client, phone_number="+12125550199")
    deliver(client, "retell", calling("call_analyzed", number="+12125550199"))
    deliver(client, "retell", calling("call_ended"))
    assert read(client, RETELL_CALL)["patient_id"] == other["id"]


def test_a_persons_correction_of_the_number_links_nobody_else(client: FlaskClient) -> None:
    patient = create_patient(client, phone_number=NUMBER)
    create_patient(client, phone_number="+12125550199")
    deliver(client, "retell", calling())
    decide(client, customer_number="+12125550199")
    deliver(client, "retell", calling("call_analyzed"))
    call = read(client, RETELL_CALL)
    assert (call["customer_number"], call["patient_id"]) == ("+12125550199", patient["id"])


def test_a_link_stays_when_a_second_patient_has_the_number(client: FlaskClient) -> None:
    patient = create_patient(client, phone_number=NUMBER)
    deliver(client, "retell", calling())
    create_patient(client, phone_number=NUMBER)
    deliver(client, "retell", calling("call_analyzed"))
    assert read(client, RETELL_CALL)["patient_id"] == patient["id"]


@pytest.mark.parametrize("new", ["+12125550199", None])
def test_a_link_stays_when_the_patient_has_a_new_number(
    client: FlaskClient, new: str | None
) -> None:
    patient = create_patient(client, phone_number=NUMBER)
    deliver(client, "retell", calling())
    change = {"version": 1, "phone_number": new}
    assert client.patch(f"/v1/patients/{patient['id']}", json=change).status_code == 200
    deliver(client, "retell", calling("call_analyzed"))
    assert read(client, RETELL_CALL)["patient_id"] == patient["id"]


def test_a_link_stays_when_the_patient_is_deleted(client: FlaskClient) -> None:
    patient = create_patient(client, phone_number=NUMBER)
    deliver(client, "retell", calling())
    client.delete(f"/v1/patients/{patient['id']}")
    deliver(client, "retell", calling("call_analyzed"))
    assert read(client, RETELL_CALL)["patient_id"] == patient["id"]


def test_a_link_stays_although_a_person_has_corrected_the_number(client: FlaskClient) -> None:
    patient = create_patient(client, phone_number=NUMBER)
    deliver(client, "retell", calling())
    decide(client, customer_number="+12125550199")
    create_patient(client, phone_number=NUMBER)
    deliver(client, "retell", calling("call_analyzed"))
    assert read(client, RETELL_CALL)["patient_id"] == patient["id"]


@pytest.mark.parametrize("number", ["+12125550199", "anonymous", "+266696687"])
def test_another_number_of_a_better_event_changes_the_link(
    client: FlaskClient, number: str
) -> None:
    create_patient(client, phone_number=NUMBER)
    other = create_patient(client, phone_number="+12125550199")
    deliver(client, "retell", calling())
    deliver(client, "retell", calling("call_analyzed", number=number))
    wanted = other["id"] if number == "+12125550199" else None
    assert read(client, RETELL_CALL)["patient_id"] == wanted


def test_the_link_of_a_posted_call_stays(client: FlaskClient) -> None:
    patient = create_patient(client, phone_number=NUMBER)
    known = {"provider": "retell", "external_id": "Jabr9TXY", "customer_number": NUMBER}
    client.post("/v1/calls", json=known)
    create_patient(client, phone_number=NUMBER)
    deliver(client, "retell", calling())
    assert read(client, RETELL_CALL)["patient_id"] == patient["id"]


def test_a_patient_who_comes_later_is_linked_by_the_next_event(client: FlaskClient) -> None:
    deliver(client, "retell", calling())
    patient = create_patient(client, phone_number=NUMBER)
    assert read(client, RETELL_CALL)["patient_id"] is None
    deliver(client, "retell", calling("call_analyzed"))
    assert read(client, RETELL_CALL)["patient_id"] == patient["id"]
