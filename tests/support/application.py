"""The application in this process, on a database file of a test's choice."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import load_settings
from app.models.engine import database
from app.services.keys import create_key


@contextmanager
def application(path: Path, **settings: str) -> Iterator[Flask]:
    """Open the application on a database file, within its context."""
    environ = {"DATABASE_URL": f"sqlite:///{path}", "RATE_LIMIT": "0"} | settings
    app = create_app(load_settings(environ))
    with app.app_context():
        try:
            yield app
        finally:
            database.close_all()


def new_client(app: Flask, *scopes: str) -> FlaskClient:
    """Give a client with a new key."""
    with database.write():
        key = create_key("test", list(scopes))
    client = app.test_client()
    client.environ_base["HTTP_X_API_KEY"] = key
    return client


def new_key(path: Path, scope: str) -> str:
    """Make a key in a database file, which need not be there."""
    with application(path), database.write():
        return create_key("test", [scope])
