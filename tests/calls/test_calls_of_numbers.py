"""Whose call it is, by its number, and that a provider's call is one call."""

import pytest
from flask.testing import FlaskClient

from tests.support.answers import error, read
from tests.support.people import create_patient

URL = "/v1/calls"


ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


PROVIDERS_CALL = {"provider": "retell", "external_id": "Jabr9TXY"}


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
