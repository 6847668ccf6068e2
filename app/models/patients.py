"""Patients, the tags they bear, and the index in which they are searched."""

from peewee import BlobField, BooleanField, CompositeKey, IntegerField, TextField, VirtualField

from app.models.base import Model


class Patient(Model):
    """A patient of the clinic; one with `deleted_at` counts as absent everywhere."""

    number = IntegerField(primary_key=True)
    id = TextField(unique=True)
    first_name = TextField(default="")
    last_name = TextField()
    sort_key = TextField()
    date_of_birth = TextField(null=True)
    phone_number = TextField(null=True)
    number_key = TextField(null=True)
    email = TextField(null=True)
    active = BooleanField(default=True)
    posted = BlobField(null=True)
    version = IntegerField(default=1)
    created_at = IntegerField()
    updated_at = IntegerField()
    deleted_at = IntegerField(null=True)


class PatientTag(Model):
    """That a patient bears a tag, `active` while neither is deleted; `place` keeps their order."""

    patient_id = TextField()
    tag_id = TextField()
    place = IntegerField()
    active = BooleanField(default=True)

    class Meta:
        table_name = "patient_tag"
        primary_key = CompositeKey("tag_id", "patient_id")


class PatientSearch(Model):
    """The full-text index of the patients who are not deleted, by `Patient.number`."""

    rowid = IntegerField(primary_key=True)
    patient_search = VirtualField()

    class Meta:
        table_name = "patient_search"


# The tags that a row of `patient` shows, as a JSON list in the order in which they were given.
TAGS_SHOWN = (
    "(SELECT json_group_array(tag_id ORDER BY place) FROM patient_tag"
    " WHERE patient_id = patient.id AND patient_tag.active)"
)
