"""Our Api, Blueprint, Schema and request parser: strictness and documentation in one place."""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

import flask_smorest
import orjson
from flask import Flask, Response, render_template

from app.auth import PUBLIC, View, requires
from app.reading import read_arguments
from app.routes import openapi
from app.schemas.base import RequestSchema
from app.schemas.errors import ErrorSchema
from app.version import VERSION


def _without_query(view: Any) -> Any:
    if getattr(view, "reads_query", PUBLIC in view.scopes):
        return view

    @wraps(view)
    def run(**parts: Any) -> Any:
        read_arguments(RequestSchema, "query")
        return view(**parts)

    return run


class Blueprint(flask_smorest.Blueprint):
    """Documents each operation's id, key, headers and errors by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(self._prepare_common_doc)

    def route(self, rule: str, **options: Any) -> Any:
        """Register a view; one that does not read the query refuses it, but for webhooks."""
        add = super().route(rule, **options)
        return lambda view: add(_without_query(view))

    def arguments(
        self, schema: type[RequestSchema], *, location: str = "json", **kwargs: Any
    ) -> Any:
        """Document arguments as flask-smorest does, and parse them without its wrappers."""
        document = super().arguments(schema, location=location, **kwargs)

        def decorate(view: View) -> Any:
            @wraps(view)
            def run(*args: Any, **parts: Any) -> Any:
                return view(read_arguments(schema, location), *args, **parts)

            run._apidoc = document(view)._apidoc  # type: ignore[attr-defined]
            run.reads_query = location == "query"  # type: ignore[attr-defined]
            return run

        return decorate

    @staticmethod
    def errors(*codes: str) -> Callable[[View], View]:
        """Document codes of app.errors that do not follow from what an operation takes."""

        def declare(view: View) -> View:
            view.codes = set(codes)  # type: ignore[attr-defined]
            return view

        return declare

    def _store_endpoint_docs(
        self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any
    ) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)
        for method, doc in self._docs[endpoint].items():
            if method != "parameters":
                doc["operation"] = (endpoint, obj.scopes, getattr(obj, "codes", set()))

    def _prepare_common_doc(
        self, doc: dict[str, Any], doc_info: dict[str, Any], *, app: Flask, method: str, **_: Any
    ) -> dict[str, Any]:
        endpoint, scopes, codes = doc_info["operation"]
        doc["operationId"] = endpoint
        if PUBLIC in scopes:
            doc["security"] = []
        names_one = next(app.url_map.iter_rules(f"{self.name}.{endpoint}")).arguments
        more = {"not_found"} if names_one else set()
        return openapi.complete(doc, method, codes | more, scopes)


class Api(flask_smorest.Api):
    """flask-smorest's Api; its pages are ours, and app.errors answers the errors."""

    ERROR_SCHEMA = ErrorSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_pagination_header(self) -> None:
        # flask-smorest's own pages are not used; its schema would stand in the description.
        pass

    def _register_error_handlers(self) -> None:
        pass

    @requires(PUBLIC)
    def _openapi_json(self) -> Response:
        """Serve the description of the API."""
        return Response(self.description, mimetype="application/json")

    @cached_property
    def description(self) -> bytes:
        return orjson.dumps(self.spec.to_dict(), option=orjson.OPT_INDENT_2)

    @requires(PUBLIC)
    def _openapi_swagger_ui(self) -> str:
        """Show the description of the API and let a person try it."""
        return render_template("docs.html", title=self.spec.title)


OPENAPI = {
    "API_TITLE": "clinic-calls",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/",
    "OPENAPI_JSON_PATH": "openapi.json",
    "OPENAPI_SWAGGER_UI_PATH": "docs",
    "OPENAPI_SWAGGER_UI_URL": "/static/vendor/swagger-ui/",
}
