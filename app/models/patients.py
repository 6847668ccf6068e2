"""Patients and the tags they bear."""

from peewee import CompositeKey, IntegerField, TextField

from app.models import Model


class Patient(Model):
    """A patient of the clinic; one with `deleted_at` counts as absent everywhere."""

    number = IntegerField(primary_key=True)
    id = TextField(unique=True)
    first_name = TextField()
    last_name = TextField()
    name_key = TextField()
    date_of_birth = TextField(null=True)
    phone_number = TextField(null=True)
    number_key = TextField(null=True)
    email = TextField(null=True)
    active = IntegerField(default=1)
    deleted_at = IntegerField(null=True)
    version = IntegerField(default=1)
    created_at = IntegerField()
    updated_at = IntegerField()

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class PatientTag(Model):
    """That a patient bears a tag; `place` keeps the order in which they were given."""

    patient_id = TextField()
    tag_id = TextField()
    place = IntegerField()

    class Meta:
        table_name = "patient_tag"
        primary_key = CompositeKey("tag_id", "patient_id")
