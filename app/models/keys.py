"""API keys: the table."""

from peewee import SQL, BlobField, IntegerField, TextField

from app.instants import now_ms
from app.models.base import Model
from app.models.engine import connection


class ApiKey(Model):
    """A key as it is kept: its secret only as a hash."""

    id = TextField(primary_key=True)
    name = TextField()
    scopes = TextField()
    hash = BlobField()
    created_at = IntegerField()
    expires_at = IntegerField(null=True)
    revoked_at = IntegerField(null=True)
    replaced_at = IntegerField(null=True)

    class Meta:
        table_name = "api_key"

    @property
    def state(self) -> str:
        """Say `active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        expired = self.expires_at is not None and self.expires_at <= now_ms()
        return "expired" if expired else "active"


def all_keys() -> list[ApiKey]:
    """Give all keys, oldest first."""
    return list(ApiKey.select().order_by(ApiKey.created_at, SQL("rowid")))


def count_usable_keys() -> int:
    """Count the keys that are neither revoked nor expired."""
    ends_later = ApiKey.expires_at.is_null() | (ApiKey.expires_at > now_ms())
    return int(ApiKey.select().where(ApiKey.revoked_at.is_null(), ends_later).count())


def find_usable_key(key_id: str) -> tuple[bytes, str, int | None, str] | None:
    """Give hash, scopes, end and name of a key that is neither revoked nor expired."""
    return connection().execute(_FIND, (key_id, now_ms())).fetchone()


_FIND = (
    "SELECT hash, scopes, expires_at, name FROM api_key"
    " WHERE id = ?1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2)"
)
