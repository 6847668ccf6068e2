"""Registers the routes and what describes them."""

from functools import lru_cache

from flask import Flask
from werkzeug.routing import BaseConverter

from app.reading import parse_query
from app.routes import answers, calls, health, ingest, openapi, patients, tags
from app.routes.api import OPENAPI, Api


class CallId(BaseConverter):
    """The id of a call in a path: whatever is no other address."""

    regex = "(?!stats$)[^/]+"
    part_isolating = True


def init_app(app: Flask) -> None:
    """Register the routes and what describes them."""
    # Else werkzeug sends whoever asks for /v1//calls, key and all, to whatever Host says.
    app.url_map.merge_slashes = False
    app.url_map.converters["call"] = CallId
    answers.init_app(app)
    app.extensions["parse_query"] = lru_cache(maxsize=1024)(parse_query)
    options = openapi.spec_options(app.config["CLINIC_NAME"], app.config["PUBLIC_URL"])
    app.config.update(OPENAPI, API_SPEC_OPTIONS=options)
    plugins = {"flask_plugin": openapi.PathPlugin(), "marshmallow_plugin": openapi.SchemaPlugin()}
    api = Api(app, spec_kwargs=plugins)
    openapi.add_components(api.spec)
    for blueprint in (calls.blp, patients.blp, tags.blp, ingest.blp):
        api.register_blueprint(blueprint)
    app.register_blueprint(health.blp)
    openapi.describe_health(api.spec, next(app.url_map.iter_rules("health.health")))
