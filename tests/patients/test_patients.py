"""GET /v1/patients and one of them: shape, order, pages."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.support.people import create_patient, create_tag, error, names, read

NOBODY = "00000000-0000-4000-8000-000000000000"


def test_gives_the_keys_in_order(client: FlaskClient) -> None:
    create_patient(client)
    assert list(read(client, "/v1/patients")["data"][0]) == [
        *("id", "first_name", "last_name", "date_of_birth", "phone_number", "email", "tags"),
        *("active", "created_at", "updated_at", "version"),
    ]


def test_list_and_get_show_a_patient_alike(client: FlaskClient) -> None:
    created = create_patient(client, first_name="Ana", tags=[create_tag(client, "VIP")])
    assert read(client, f"/v1/patients/{created['id']}") == created
    assert read(client, "/v1/patients")["data"] == [created]


def test_orders_by_last_name_first_name_and_id(client: FlaskClient) -> None:
    low, high = (NOBODY.replace("00000000-", f"0000000{n}-") for n in "12")
    for patient_id, first_name, last_name in [
        (high, "Zoë", "berg"),
        (low, "ZOE", "Berg"),
        (None, "Ánna", "Berg"),
        (None, "Aaron", "Berg Olsen"),
        (None, "", "Ärm"),
    ]:
        given = {"id": patient_id} if patient_id else {}
        create_patient(client, first_name=first_name, last_name=last_name, **given)
    listed = read(client, "/v1/patients")["data"]
    assert [patient["first_name"] for patient in listed] == ["", "Ánna", "ZOE", "Zoë", "Aaron"]
    assert [patient["id"] for patient in listed[2:4]] == [low, high]


def test_cuts_the_list_into_pages(client: FlaskClient) -> None:
    for name in ("Cruz", "Abel", "Bose"):
        create_patient(client, last_name=name)
    body = read(client, "/v1/patients?limit=2&page=2")
    assert [patient["last_name"] for patient in body["data"]] == ["Cruz"]
    assert body["pagination"] == {"has_more": False, "total": 3, "page": 2, "limit": 2}


def test_a_page_beyond_the_end_is_empty_with_the_true_total(client: FlaskClient) -> None:
    create_patient(client)
    body = read(client, "/v1/patients?page=2147483647&limit=100")
    assert body["data"] == []
    assert body["pagination"]["total"] == 1


def test_links_to_the_other_pages_with_the_same_filters(client: FlaskClient) -> None:
    for number in range(5):
        create_patient(client, last_name=f"Okafor {number}")
    link = client.get("/v1/patients?q=oka&limit=2&page=2").headers["Link"]
    base = "<http://localhost/v1/patients?q=oka&limit=2&page"
    assert link == (
        f'{base}=1>; rel="first", {base}=1>; rel="prev", {base}=3>; rel="next",'
        f' {base}=3>; rel="last"'
    )


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ("limit=0", "invalid_field", "limit"),
        ("limit=101", "invalid_field", "limit"),
        ("page=0", "invalid_field", "page"),
        ("last_name=Okafor", "unknown_parameter", "last_name"),
        ("q=a&q=b", "repeated_parameter", "q"),
        ("q=" + "+".join("abcdefghijklmnopq"), "invalid_field", "q"),
        ("tag_filter_mode=some", "invalid_field", "tag_filter_mode"),
        ("&".join(f"tags[]={n}" for n in range(101)), "invalid_field", "tags[]"),
    ],
)
def test_refuses_bad_parameters(client: FlaskClient, query: str, code: str, param: str) -> None:
    assert error(client.get(f"/v1/patients?{query}")) == (422, code, param)


def test_an_unknown_patient_is_not_found(client: FlaskClient) -> None:
    assert error(client.get(f"/v1/patients/{NOBODY}")) == (404, "not_found", None)


def test_an_unchanged_patient_is_not_sent_again(client: FlaskClient) -> None:
    url = f"/v1/patients/{create_patient(client)['id']}"
    etag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304


def test_reading_needs_the_scope_read(make_client: Callable[..., FlaskClient]) -> None:
    client = make_client("ingest")
    assert error(client.get("/v1/patients")) == (403, "missing_scope", None)
    assert error(client.get(f"/v1/patients/{NOBODY}")) == (403, "missing_scope", None)


def test_writing_needs_the_scope_write(make_client: Callable[..., FlaskClient]) -> None:
    client, url = make_client("read"), f"/v1/patients/{NOBODY}"
    refused = (403, "missing_scope", None)
    assert error(client.post("/v1/patients", json={"last_name": "Okafor"})) == refused
    assert error(client.patch(url, json={"version": 1})) == refused
    assert error(client.delete(url)) == refused


def test_an_empty_book_has_an_empty_list(client: FlaskClient) -> None:
    assert names(client) == []
    assert read(client, "/v1/patients")["pagination"]["total"] == 0
