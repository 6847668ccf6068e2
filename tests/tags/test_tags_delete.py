"""DELETE /v1/tags/{id}: the tag is gone from patients and filters too."""

from flask.testing import FlaskClient

from tests.support.answers import read
from tests.support.people import create_patient, create_tag, names


def test_patients_show_a_deleted_tag_no_more(client: FlaskClient) -> None:
    vip, late = create_tag(client, "VIP"), create_tag(client, "late")
    created = create_patient(client, tags=[vip, late])
    client.delete(f"/v1/tags/{vip}")
    patient = read(client, f"/v1/patients/{created['id']}")
    assert (patient["tags"], patient["version"]) == ([late], 1)


def test_what_a_patient_shows_is_sent_again_without_the_tag(client: FlaskClient) -> None:
    vip = create_tag(client, "VIP")
    url = f"/v1/patients/{create_patient(client, tags=[vip])['id']}"
    etag = client.get(url).headers["ETag"]
    client.delete(f"/v1/tags/{vip}")
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


def test_no_patient_is_found_by_a_deleted_tag(client: FlaskClient) -> None:
    vip, late = create_tag(client, "VIP"), create_tag(client, "late")
    create_patient(client, tags=[vip, late])
    client.delete(f"/v1/tags/{vip}")
    assert names(client, f"tags[]={vip}&tags[]={late}&tag_filter_mode=all") == []
    assert names(client, f"tags[]={vip}&tag_filter_mode=exclude_any") == ["Okafor"]


def test_its_name_is_free_again(client: FlaskClient) -> None:
    client.delete(f"/v1/tags/{create_tag(client, 'VIP')}")
    assert create_tag(client, "vip")


def test_a_new_tag_of_its_name_is_borne_by_nobody(client: FlaskClient) -> None:
    vip = create_tag(client, "VIP")
    create_patient(client, tags=[vip])
    client.delete(f"/v1/tags/{vip}")
    assert names(client, f"tags[]={create_tag(client, 'VIP')}") == []
