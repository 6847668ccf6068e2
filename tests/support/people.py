"""Patients and tags of a test, posted as a client would, and what a list finds of them."""

from typing import Any

from flask.testing import FlaskClient


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


def read(client: FlaskClient, url: str) -> Any:
    """Get what the service answers with 200."""
    response = client.get(url)
    assert response.status_code == 200, response.text
    return response.get_json()


def names(client: FlaskClient, query: str = "") -> list[str]:
    """Give the last names that the list of patients has for a query."""
    return [patient["last_name"] for patient in read(client, f"/v1/patients?{query}")["data"]]


def error(response: Any) -> tuple[int, str, str | None]:
    """Give what is wrong: status, code and param."""
    detail = response.get_json()["detail"]
    return response.status_code, detail["code"], detail["param"]
