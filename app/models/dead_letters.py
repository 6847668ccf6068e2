"""Dead letters: the table."""

from peewee import BlobField, IntegerField, TextField

from app.models.base import Model


class DeadLetter(Model):
    """One genuine delivery without a readable body or call id; `size` is known in a list."""

    size: int
    id = TextField(primary_key=True)
    provider = TextField()
    received_at = IntegerField()
    reason = TextField()
    url = TextField()
    content_type = TextField()
    body = BlobField()

    class Meta:
        table_name = "dead_letter"
