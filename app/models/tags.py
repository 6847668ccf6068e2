"""Tags: labels on patients."""

from peewee import BlobField, IntegerField, TextField

from app.models.base import KeptModel


class Tag(KeptModel):
    """A label; `name_key` is unique among those without `deleted_at`, which count as absent."""

    id = TextField(primary_key=True)
    name = TextField()
    name_key = TextField()
    sort_key = TextField()
    posted = BlobField(null=True)
    version = IntegerField(default=1)
    created_at = IntegerField()
    updated_at = IntegerField()
    deleted_at = IntegerField(null=True)
