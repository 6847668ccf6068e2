"""Registers the pages."""

from flask import Flask

from app.web import figures

BLUEPRINTS = (figures.blp,)


def init_app(app: Flask) -> None:
    """Register the pages."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
