"""Tags: labels on patients."""

from peewee import IntegerField, TextField

from app.models import Model


class Tag(Model):
    """A label; its name is unique without regard to case."""

    id = TextField(primary_key=True)
    name = TextField()
    name_key = TextField()
    active = IntegerField(default=1)
    version = IntegerField(default=1)
    created_at = IntegerField()
    updated_at = IntegerField()
