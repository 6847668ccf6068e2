"""clinic-calls: a clinic's own book of the calls that its AI receptionists answered."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from app import auth, config, errors, headers
from app.models import opening
from app.routes import register
from app.services import call_list, calls, figures, periods, sessions
from app.web import register as web


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """Build the application. Settings come parsed, by default from the environment."""
    app = Flask(__name__, static_folder="web/static", template_folder="web/templates")
    app.config.from_mapping(config.load_settings() if settings is None else settings)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    opening.init_app(app)
    errors.init_app(app)
    headers.init_app(app)
    auth.init_app(app)
    periods.init_app(app)
    calls.init_app(app)
    call_list.init_app(app)
    figures.init_app(app)
    sessions.init_app(app)
    register.init_app(app)
    web.init_app(app)
    app.view_functions["static"] = auth.requires(auth.PUBLIC)(app.view_functions["static"])
    app.add_url_rule("/favicon.ico", "static", defaults={"filename": "favicon.ico"})
    return app
