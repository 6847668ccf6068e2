"""Patients and tags of a test, posted as a client would, and what a list finds of them."""

from typing import Any

from flask.testing import FlaskClient

from tests.support.answers import error as error
from tests.support.answers import read as read


def create_tag(client: FlaskClient, name: str) -> Any:
    """Post a tag and give its id."""
    response = client.post("/v1/tags", json={"name": name})
    assert response.status_code == 201, response.text
    return response.get_json()["id"]


def create_patient(client: FlaskClient, **values: Any) -> Any:
    """Post a patient, named Okafor unless said, and give what the service answers."""
    response = client.post("/v1/patients", json={"last_name": "Okafor", **values})
    assert response.status_code == 201, response.text
    return response.get_json()


def names(client: FlaskClient, query: str = "") -> list[str]:
    """Give the last names that the list of patients has for a query."""
    return [patient["last_name"] for patient in read(client, f"/v1/patients?{query}")["data"]]
