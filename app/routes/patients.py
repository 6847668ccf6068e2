"""/v1/patients."""

from typing import Any

from flask import Response

from app.auth import requires
from app.routes.answers import answer_delete, answer_page, answer_patch, answer_post, answer_row
from app.routes.api import Blueprint
from app.schemas.history import ChangeListSchema, ChangeSchema
from app.schemas.pagination import PageArgsSchema
from app.schemas.patients import (
    PatientCreateSchema,
    PatientListSchema,
    PatientPatchSchema,
    PatientQueryArgsSchema,
    PatientSchema,
)
from app.services.history import History
from app.services.patients import patients

blp = Blueprint("Patients", __name__, url_prefix="/v1", description="Patients of the clinic.")

# Bodies to try at /docs, as they stand.
NEW_PATIENT = {"first_name": "Ana-Lucía", "last_name": "Okafor", "phone_number": "+17875550179"}
PATIENT_CHANGE = {"email": "ana@mail.example", "version": 1}


@blp.get("/patients")
@blp.arguments(PatientQueryArgsSchema, location="query")
@blp.response(200, PatientListSchema)
@requires("read")
def list_patients(args: dict[str, Any]) -> Response:
    """List patients

    By last name, first name and `id`, names without regard to case, accents and punctuation.
    """
    return answer_page(patients, args, PatientSchema)


@blp.post("/patients")
@blp.arguments(PatientCreateSchema, example=NEW_PATIENT)
@blp.response(201, PatientSchema)
@blp.alt_response(200, schema=PatientSchema, description="It was there already, the same.")
@requires("write")
def create_patient(values: dict[str, Any]) -> Response:
    """Create a patient

    The same `id` with the content that was first posted changes nothing and is 200; with other
    content it is 409 `already_exists`, as is the id of a deleted patient.
    """
    return answer_post(*patients.create(values), PatientSchema)


@blp.get("/patients/<patient_id>")
@blp.response(200, PatientSchema)
@requires("read")
def get_patient(patient_id: str) -> Response:
    """Get a patient

    A deleted patient is 404, as one who never was.
    """
    return answer_row(patients.get(patient_id), PatientSchema)


@blp.patch("/patients/<patient_id>")
@blp.arguments(PatientPatchSchema, example=PATIENT_CHANGE)
@blp.response(200, PatientSchema)
@requires("write")
def update_patient(values: dict[str, Any], patient_id: str) -> Response:
    """Change a patient

    The body carries the current `version`; another one is 409 `version_mismatch`. From then on
    calls are found by the new name.
    """
    return answer_patch(patients, patient_id, values, PatientSchema)


@blp.delete("/patients/<patient_id>")
@blp.response(204)
@requires("write")
def delete_patient(patient_id: str) -> Response:
    """Delete a patient

    The patient counts as absent everywhere; calls keep their `patient_id`.
    """
    return answer_delete(patients, patient_id, PatientSchema)


@blp.get("/patients/<patient_id>/history")
@blp.arguments(PageArgsSchema, location="query")
@blp.response(200, ChangeListSchema)
@requires("read")
def list_patient_history(args: dict[str, Any], patient_id: str) -> Response:
    """List what became of a patient

    Newest first. A patient whom an import brought has no entry until something changes.
    """
    return answer_page(History("patient", patients.get(patient_id)), args, ChangeSchema)
