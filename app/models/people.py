"""People: who may have a call."""

from app.models.engine import connection


def is_active_person(name: str) -> bool:
    """Tell whether somebody of this name signs in here."""
    return bool(connection().execute(_IS_ACTIVE, (name,)).get)


_IS_ACTIVE = "SELECT EXISTS (SELECT 1 FROM person WHERE name = ? AND ended_at IS NULL)"
