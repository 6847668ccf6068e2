"""The front desk of a test: who works there, and a call as it is now."""

from typing import Any

from app.models.engine import connection
from app.services.calls import calls
from app.services.history import Actor, History

ANA, BEN = Actor("Ana", 1), Actor("Ben", 2)


def add_person(name: str, ended_at: int | None = None) -> None:
    """Store a person. Runs inside `database.write()`."""
    connection().execute(
        "INSERT INTO person (name, name_key, role, created_at, ended_at) VALUES (?, ?, ?, ?, ?)",
        (name, name.casefold(), "desk", 0, ended_at),
    )


def now(call_id: str, *names: str) -> Any:
    """Give some fields of a call, or the one."""
    row = calls.get(call_id)
    values = tuple(row[name] for name in names)
    return values if len(values) > 1 else values[0]


def entries(call_id: str) -> Any:
    """Give the history of a call, newest first."""
    return History("call", calls.get(call_id)).page({"page": 1, "limit": 50}).rows
