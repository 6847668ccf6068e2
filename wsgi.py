"""The application object for any WSGI server."""

from app import create_app

app = create_app()
