"""POST, GET, PATCH and DELETE of a call: what is stored, what stays, and what is refused."""

from typing import Any

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from tests.support.people import create_patient, error, read

URL = "/v1/calls"
ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
CALL = f"{URL}/{ID}"
START, END = "2023-11-07T05:31:56Z", "2023-11-07T05:34:26Z"

REFUSED_POSTS: dict[str, tuple[Any, str | None]] = {
    "an unknown field": ({"colour": "red"}, "colour"),
    "an org_id": ({"org_id": "clinic"}, "org_id"),
    "a version": ({"version": 1}, "version"),
    "an updated_at": ({"updated_at": START}, "updated_at"),
    "no UUID": ({"id": "7"}, "id"),
    "an id of null": ({"id": None}, "id"),
    "an end before the start": ({"started_at": END, "ended_at": START}, "ended_at"),
    "no status": ({"status": None}, "status"),
    "a status in capitals": ({"status": "Done"}, "status"),
    "an unknown category": ({"category": "sales"}, "category"),
    "an instant without an offset": ({"started_at": "2023-11-07T05:31:56"}, "started_at"),
    "a date alone": ({"started_at": "2023-11-07"}, "started_at"),
    "an instant as a number": ({"started_at": 1699335116}, "started_at"),
    "a negative duration": ({"duration_min": -0.01}, "duration_min"),
    "a duration as text": ({"duration_min": "2.5"}, "duration_min"),
    "a duration as a truth": ({"duration_min": True}, "duration_min"),
    "half a session": ({"sessions_scheduled": 1.5}, "sessions_scheduled"),
    "too many sessions": ({"sessions_scheduled": 2**31}, "sessions_scheduled"),
    "a summary as a number": ({"summary": 5}, "summary"),
    "a NUL in the summary": ({"summary": "a\0b"}, "summary"),
    "a NUL in the notes": ({"notes": "\0"}, "notes"),
    "a long assistant": ({"assistant_id": "x" * 513}, "assistant_id"),
    "no language": ({"language": "x-1"}, "language"),
    "a list": ([], None),
    "a text": ("call", None),
}


def test_creates_a_call_at_its_location(client: FlaskClient) -> None:
    response = client.post(URL, json={"id": ID, "summary": "Asked for Ana."})
    assert response.status_code == 201
    assert response.headers["Location"] == CALL
    assert read(client, response.headers["Location"]) == response.get_json()


def test_a_call_of_which_nothing_is_said_is_pending(client: FlaskClient) -> None:
    call = client.post(URL, json={}).get_json()
    known = {name: value for name, value in call.items() if value is not None}
    assert known.keys() == {"id", "org_id", "created_at", "status", "updated_at", "version"}
    assert (call["status"], call["org_id"], call["version"]) == ("pending", "clinic", 1)
    assert call["created_at"] == call["updated_at"]


def test_gives_the_keys_of_the_list_and_then_the_rest(client: FlaskClient) -> None:
    call = client.post(URL, json={}).get_json()
    assert list(call)[:16] == list(read(client, URL)["data"][0])
    assert list(call)[16:] == [
        *("provider", "external_id", "transcript", "recording_url", "cost_usd"),
        *("ended_reason", "notes", "updated_at", "version"),
    ]


def test_values_are_stored_in_their_own_form(client: FlaskClient) -> None:
    given = {
        "started_at": "2023-11-07T06:31:56.1209+01:00",
        "customer_number": "(212) 555-0123",
        "language": "es-MX",
        "duration_min": 2.005,
        "assistant_id": " asst_1 ",
    }
    call = client.post(URL, json=given).get_json()
    stored = ["2023-11-07T05:31:56.120Z", "+12125550123", "spanish", 2.01, "asst_1"]
    assert [call[name] for name in given] == stored


def test_the_duration_follows_from_the_instants(client: FlaskClient) -> None:
    call = client.post(URL, json={"started_at": START, "ended_at": END}).get_json()
    assert call["duration_min"] == 2.5


def test_a_given_duration_counts_for_more_than_the_instants(client: FlaskClient) -> None:
    given = {"started_at": START, "ended_at": END, "duration_min": 7}
    assert client.post(URL, json=given).get_json()["duration_min"] == 7.0


@pytest.mark.parametrize("name", REFUSED_POSTS)
def test_post_refuses(client: FlaskClient, name: str) -> None:
    body, param = REFUSED_POSTS[name]
    assert error(client.post(URL, json=body)) == (422, "invalid_field", param)
    assert read(client, URL)["pagination"]["total"] == 0


def test_the_same_post_again_changes_nothing(client: FlaskClient) -> None:
    first = client.post(URL, json={"id": ID, "summary": "Asked for Ana."})
    again = client.post(URL, json={"summary": "Asked for Ana.", "id": ID.upper()})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    assert again.headers["Location"] == CALL


def test_the_same_post_is_known_after_staff_changed_the_call(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID})
    client.patch(CALL, json={"version": 1, "status": "done"})
    again = client.post(URL, json={"id": ID})
    assert (again.status_code, again.get_json()["status"]) == (200, "done")


def test_the_same_id_with_other_content_is_a_conflict(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID, "summary": "One."})
    answer = client.post(URL, json={"id": ID, "summary": "Another."})
    assert error(answer) == (409, "already_exists", "id")
    assert read(client, CALL)["summary"] == "One."


def test_a_post_without_an_id_is_a_new_call_each_time(client: FlaskClient) -> None:
    ids = {client.post(URL, json={"summary": "One."}).get_json()["id"] for _ in range(2)}
    assert len(ids) == 2


def test_the_id_follows_from_the_providers(client: FlaskClient) -> None:
    given = {"provider": "retell", "external_id": "Jabr9TXY"}
    first, again = client.post(URL, json=given), client.post(URL, json=given)
    assert first.get_json()["id"] == "f192d7f3-ff5a-5d60-a0fe-1b7024ad6b25"
    assert (first.status_code, again.status_code) == (201, 200)


PROVIDERS_CALL = {"provider": "retell", "external_id": "Jabr9TXY"}
PROVIDERS_ID = "f192d7f3-ff5a-5d60-a0fe-1b7024ad6b25"
OTHER_ID = "79bb2334-b984-42d0-8457-b6d4656572a6"


@pytest.mark.parametrize("given", [{"summary": "One."}, PROVIDERS_CALL, {"patient_id": "p1"}])
def test_what_was_posted_without_an_id_may_come_again_with_it(
    client: FlaskClient, given: dict[str, str]
) -> None:
    first = client.post(URL, json=given)
    again = client.post(URL, json=given | {"id": first.get_json()["id"]})
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    other = client.post(URL, json=given | {"id": first.get_json()["id"], "notes": "Mine."})
    assert error(other) == (409, "already_exists", "id")


@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize(
    ("first", "second"),
    [({}, {"id": ID}), ({"id": ID}, {}), ({"id": ID}, {"id": OTHER_ID})],
    ids=["own id second", "own id first", "two own ids"],
)
def test_a_call_of_a_provider_has_one_id(
    client: FlaskClient, first: dict[str, str], second: dict[str, str], deleted: bool
) -> None:
    known = client.post(URL, json=PROVIDERS_CALL | first).get_json()["id"]
    if deleted:
        client.delete(f"{URL}/{known}")
    answer = client.post(URL, json=PROVIDERS_CALL | second)
    assert error(answer) == (409, "already_exists", "external_id")
    assert read(client, URL)["pagination"]["total"] == (not deleted)


def test_an_own_id_of_a_providers_call_may_be_posted_again(client: FlaskClient) -> None:
    given = PROVIDERS_CALL | {"id": ID}
    assert [client.post(URL, json=given).status_code for _ in range(2)] == [201, 200]


@pytest.mark.parametrize("given", [{"provider": "retell"}, {"external_id": "Jabr9TXY"}])
def test_half_of_a_providers_id_names_no_call(client: FlaskClient, given: dict[str, str]) -> None:
    assert [client.post(URL, json=given).status_code for _ in range(2)] == [201, 201]


def test_an_ingest_key_creates_and_does_nothing_else(make_client: Any) -> None:
    ingest = make_client("ingest")
    assert ingest.post(URL, json={"id": ID}).status_code == 201
    assert error(ingest.get(CALL)) == (403, "missing_scope", None)
    assert error(ingest.patch(CALL, json={"version": 1})) == (403, "missing_scope", None)


def test_a_call_is_linked_to_the_one_patient_with_its_number(client: FlaskClient) -> None:
    patient = create_patient(client, phone_number="+12125550123")
    call = client.post(URL, json={"customer_number": "(212) 555-0123"}).get_json()
    assert call["patient_id"] == patient["id"]


def test_a_call_stays_open_where_two_patients_have_its_number(client: FlaskClient) -> None:
    for _ in range(2):
        create_patient(client, phone_number="+12125550123")
    call = client.post(URL, json={"customer_number": "+12125550123"}).get_json()
    assert call["patient_id"] is None


@pytest.mark.parametrize("text", ["unknown", "n/a", "Restricted", "911", "(212) 555-0123 x5"])
def test_a_text_that_is_no_number_links_nobody(client: FlaskClient, text: str) -> None:
    patient = create_patient(client, phone_number=text)
    call = client.post(URL, json={"customer_number": text}).get_json()
    assert (patient["phone_number"], call["customer_number"]) == (text, text)
    assert call["patient_id"] is None


def test_a_text_that_is_no_number_is_found_by_filters(client: FlaskClient) -> None:
    create_patient(client, phone_number="unknown")
    client.post(URL, json={"customer_number": "Unknown"})
    for url in (f"{URL}?customer_number=UNKNOWN", "/v1/patients?phone_number=Unknown"):
        assert read(client, url)["pagination"]["total"] == 1


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("+266696687", id="anonymous"),
        pytest.param("+2562533", id="blocked"),
        pytest.param("+7378742833", id="restricted"),
        pytest.param("+17378742833", id="restricted, as a number of the region"),
        pytest.param("7378742833", id="restricted, without a plus sign"),
        pytest.param("+86282452253", id="unavailable"),
        pytest.param("+8656696", id="unknown"),
        pytest.param("000-000-0000", id="zeros"),
    ],
)
def test_a_withheld_number_links_nobody(client: FlaskClient, number: str) -> None:
    create_patient(client, phone_number=number)
    call = client.post(URL, json={"customer_number": number}).get_json()
    assert call["patient_id"] is None


def test_a_deleted_patient_has_no_number(client: FlaskClient) -> None:
    patient = create_patient(client, phone_number="+12125550123")
    client.delete(f"/v1/patients/{patient['id']}")
    call = client.post(URL, json={"customer_number": "+12125550123"}).get_json()
    assert call["patient_id"] is None


@pytest.mark.parametrize("patient_id", [None, "somebody else"])
def test_a_given_patient_counts_for_more_than_the_number(
    client: FlaskClient, patient_id: str | None
) -> None:
    create_patient(client, phone_number="+12125550123")
    given = {"customer_number": "+12125550123", "patient_id": patient_id}
    assert client.post(URL, json=given).get_json()["patient_id"] == patient_id


def test_a_change_of_the_number_links_nobody(client: FlaskClient) -> None:
    create_patient(client, phone_number="+12125550123")
    client.post(URL, json={"id": ID})
    call = client.patch(CALL, json={"version": 1, "customer_number": "+12125550123"}).get_json()
    assert (call["customer_number"], call["patient_id"]) == ("+12125550123", None)


def test_an_unknown_call_is_not_found(client: FlaskClient) -> None:
    assert error(client.get(CALL)) == (404, "not_found", None)
    assert error(client.patch(CALL, json={"version": 1})) == (404, "not_found", None)
    assert error(client.delete(CALL)) == (404, "not_found", None)


@pytest.mark.parametrize("call_id", ["%00", "%ED%A0%80", "a'b", "x" * 5000])
def test_what_is_no_id_is_not_found(client: FlaskClient, call_id: str) -> None:
    assert error(client.get(f"{URL}/{call_id}")) == (404, "not_found", None)


def test_an_id_is_found_in_capitals_too(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID})
    assert read(client, f"{URL}/{ID.upper()}")["id"] == ID


def test_the_etag_of_an_unchanged_call_is_304(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID})
    etag = client.get(CALL).headers["ETag"]
    response = client.get(CALL, headers={"If-None-Match": etag})
    assert (response.status_code, response.data) == (304, b"")


def test_a_changed_call_has_another_etag(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID})
    etag = client.get(CALL).headers["ETag"]
    patched = client.patch(CALL, json={"version": 1, "notes": "Call back."})
    response = client.get(CALL, headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert response.headers["ETag"] == patched.headers["ETag"] != etag


def test_a_change_makes_a_new_version(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID, "summary": "Asked for Ana."})
    call = client.patch(CALL, json={"version": 1, "status": "done"}).get_json()
    assert (call["status"], call["summary"], call["version"]) == ("done", "Asked for Ana.", 2)
    assert read(client, URL)["data"][0]["status"] == "done"


def test_a_change_to_the_same_value_leaves_the_version(client: FlaskClient) -> None:
    before = client.post(URL, json={"id": ID, "notes": "Call back."}).get_json()
    after = client.patch(CALL, json={"version": 1, "notes": "Call back."}).get_json()
    assert after == before


def test_a_change_of_an_older_version_changes_nothing(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID})
    client.patch(CALL, json={"version": 1, "status": "done"})
    late = client.patch(CALL, json={"version": 1, "status": "follow_up_needed"})
    assert error(late) == (409, "version_mismatch", "version")
    assert read(client, CALL)["status"] == "done"


REFUSED_PATCHES: dict[str, tuple[dict[str, Any], str]] = {
    "no version": ({"status": "done"}, "version"),
    "a version of null": ({"version": None}, "version"),
    "a version as text": ({"version": "1"}, "version"),
    "a version of none": ({"version": 0}, "version"),
    "an id": ({"version": 1, "id": ID}, "id"),
    "an org_id": ({"version": 1, "org_id": "x"}, "org_id"),
    "a created_at": ({"version": 1, "created_at": START}, "created_at"),
    "a provider": ({"version": 1, "provider": "vapi"}, "provider"),
    "an external_id": ({"version": 1, "external_id": "x"}, "external_id"),
    "an updated_at": ({"version": 1, "updated_at": START}, "updated_at"),
    "an unknown field": ({"version": 1, "colour": "red"}, "colour"),
    "no status": ({"version": 1, "status": None}, "status"),
    "a NUL": ({"version": 1, "notes": "a\0"}, "notes"),
    "an end before the start": ({"version": 1, "ended_at": "2023-11-06T00:00:00Z"}, "ended_at"),
    "a start after the end": ({"version": 1, "started_at": "2023-11-08T00:00:00Z"}, "ended_at"),
}


@pytest.mark.parametrize("name", REFUSED_PATCHES)
def test_patch_refuses(client: FlaskClient, name: str) -> None:
    before = client.post(URL, json={"id": ID, "started_at": START, "ended_at": END}).get_json()
    body, param = REFUSED_PATCHES[name]
    assert error(client.patch(CALL, json=body)) == (422, "invalid_field", param)
    assert read(client, CALL) == before


def test_every_fault_of_a_body_is_listed(client: FlaskClient) -> None:
    answer = client.post(URL, json={"status": "x", "colour": "red"})
    detail = answer.get_json()["detail"]
    assert {fault["param"] for fault in detail["errors"]} == {"status", "colour"}


def test_the_search_follows_a_change(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID, "summary": "Asked for Ana."})
    client.patch(CALL, json={"version": 1, "summary": "Asked for Olga."})
    assert read(client, f"{URL}?q=olga")["pagination"]["total"] == 1
    assert read(client, f"{URL}?q=ana")["pagination"]["total"] == 0


def test_the_duration_follows_a_change_of_the_end(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID, "started_at": START, "ended_at": END})
    changes = {"version": 1, "ended_at": "2023-11-07T05:32:56Z"}
    assert client.patch(CALL, json=changes).get_json()["duration_min"] == 1.0


def test_a_changed_start_moves_the_call_in_the_list(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID, "started_at": START})
    newer = client.post(URL, json={"started_at": END}).get_json()["id"]
    assert [call["id"] for call in read(client, URL)["data"]] == [newer, ID]
    client.patch(CALL, json={"version": 1, "started_at": "2023-11-08T00:00:00Z"})
    assert [call["id"] for call in read(client, URL)["data"]] == [ID, newer]


def test_a_deleted_call_is_seen_nowhere(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID, "summary": "Asked for Ana."})
    assert client.delete(CALL).status_code == 204
    assert error(client.get(CALL)) == (404, "not_found", None)
    totals = [read(client, f"{URL}{q}")["pagination"]["total"] for q in ("", "?q=ana")]
    assert totals == [0, 0]


def test_a_deleted_call_cannot_be_changed_or_deleted(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID})
    client.delete(CALL)
    assert error(client.patch(CALL, json={"version": 2})) == (404, "not_found", None)
    assert error(client.delete(CALL)) == (404, "not_found", None)


def test_the_id_of_a_deleted_call_stays_taken(client: FlaskClient) -> None:
    client.post(URL, json={"id": ID})
    client.delete(CALL)
    assert error(client.post(URL, json={"id": ID})) == (409, "already_exists", "id")


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
