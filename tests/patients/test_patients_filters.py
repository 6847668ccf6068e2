"""GET /v1/patients: what each filter finds."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.schemas.pagination import PageArgsSchema
from app.schemas.patients import PatientQueryArgsSchema
from app.services.filters import PATIENT_FILTERS
from tests.support.application import new_client
from tests.support.people import create_patient, create_tag, names

ABEL = {"first_name": "José", "last_name": "Abel", "phone_number": "(212) 555-0123"}
BOSE = {"first_name": "Ana-Lucía", "last_name": "Bose", "email": "a.bose@mail.example"}
CRUZ = {"first_name": "Josefa", "last_name": "Cruz", "phone_number": "Restricted"}
DIAZ = {"first_name": "Strauß", "last_name": "Díaz", "phone_number": "+442079460018"}

FOUND = {
    "nothing asked": ("", "ABCD"),
    "blank is absent": ("q=+&phone_number=&tags[]=", "ABCD"),
    "the beginning of a first name": ("q=jos", "AC"),
    "the beginning of a last name": ("q=dia", "D"),
    "not the middle": ("q=ruz", ""),
    "all words, in any order": ("q=cruz+JOSE", "C"),
    "case, accents and sharp s": ("q=STRAUSS", "D"),
    "a divided word": ("q=ana-luc", "B"),
    "quoted words are whole": ('q="jose"', "A"),
    "first name first": ('q="jose+abel"', "A"),
    "an address": ("q=bose@mail.ex", "B"),
    "a part of an address": ("q=mail", "B"),
    "digits in a number": ("q=0123", "A"),
    "divided digits": ("q=555-01", "A"),
    "a name and digits": ("q=jose+212", "A"),
    "two digits are only a word": ("q=12", ""),
    "text instead of a number is not searched": ("q=restricted", ""),
    "no word": ("q=--+*", ""),
    "the same number": ("phone_number=12125550123", "A"),
    "a plus that became a space": ("phone_number=+442079460018", "D"),
    "never a part of a number": ("phone_number=5550123", ""),
    "no number but text": ("phone_number=RESTRICTED+", "C"),
    "any of the tags": ("tags[]={vip}&tags[]={late}", "AB"),
    "any is the default": ("tags={vip}", "A"),
    "all of the tags": ("tags[]={vip}&tags[]={late}&tags[]={vip}&tag_filter_mode=all", "A"),
    "none of the tags": ("tags[]={late}&tag_filter_mode=exclude_any", "CD"),
    "not all of the tags": ("tags[]={vip}&tags={late}&tag_filter_mode=exclude_all", "BCD"),
    "an unknown tag is held by nobody": ("tags[]=unknown", ""),
    "nobody holds all": ("tags[]={vip}&tags[]=unknown&tag_filter_mode=exclude_all", "ABCD"),
    "a mode alone": ("tag_filter_mode=all", "ABCD"),
    "several filters": ("q=jose&tags[]={late}&phone_number=2125550123", "A"),
}


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


@pytest.fixture(scope="module")
def tags(shared_app: Flask) -> dict[str, Any]:
    """Post four patients; give the ids of the tags that two of them bear."""
    client = new_client(shared_app, "write")
    tags = {name: create_tag(client, name) for name in ("vip", "late")}
    create_patient(client, **ABEL, tags=[tags["late"], tags["vip"]])
    create_patient(client, **BOSE, tags=[tags["late"]])
    create_patient(client, **CRUZ)
    create_patient(client, **DIAZ)
    return tags


@pytest.mark.parametrize(("query", "expected"), FOUND.values(), ids=FOUND.keys())
def test_finds(client: FlaskClient, tags: dict[str, Any], query: str, expected: str) -> None:
    assert "".join(name[0] for name in names(client, query.format(**tags))) == expected


def test_every_parameter_but_the_page_is_a_filter() -> None:
    parameters = set(PatientQueryArgsSchema().fields) - set(PageArgsSchema().fields)
    assert parameters - {"tag_filter_mode"} == set(PATIENT_FILTERS)
