"""Tags: labels on patients."""

from peewee import BlobField, IntegerField, TextField

from app.models.base import KeptModel
from app.models.engine import connection


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


def tag_exists(tag_id: str) -> bool:
    """Tell whether there is a tag with this id, and it is not deleted."""
    return connection().execute(_EXISTS, (tag_id,)).get is not None


_EXISTS = "SELECT 1 FROM tag WHERE id = ? AND deleted_at IS NULL"
