"""What routes answer: one row or a page of rows as JSON, and the headers that go with them."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
import orjson
from flask import Response, request

from app.routes.pagination import link_header, pagination
from app.schemas.rows import to_json
from app.services.collection import Page

LINK = {
    "Link": {
        "description": "`first`, `prev`, `next` and `last` page with the same filters (RFC 8288).",
        "schema": {"type": "string"},
    }
}
LOCATION = {"Location": {"description": "Where it is now.", "schema": {"type": "string"}}}
ETAG = {"ETag": {"description": "Stands for this content.", "schema": {"type": "string"}}}


def answer_row(row: Mapping[str, Any], schema: type[ma.Schema], status: int = 200) -> Response:
    """Give a row's JSON; its ETag stands for what is shown, of which the version is only a part."""
    body = orjson.dumps(to_json(row, schema))
    response = Response(body, status, mimetype="application/json")
    response.add_etag()
    if request.method in ("GET", "HEAD"):
        response.make_conditional(request)
    return response


def answer_posted(outcome: str, row: Mapping[str, Any], schema: type[ma.Schema]) -> Response:
    """Give a posted row's JSON and address: 201 where it is new, 200 where it was there before."""
    response = answer_row(row, schema, 201 if outcome == "created" else 200)
    response.headers["Location"] = f"{request.path}/{row['id']}"
    return response


def answer_page(page: Page, args: Mapping[str, Any], schema: type[ma.Schema]) -> Response:
    """Give a page's JSON, with links to the others."""
    rows = [to_json(row, schema) for row in page.rows]
    body = {"data": rows, "pagination": pagination(args["page"], args["limit"], page.total)}
    link = link_header(args["page"], args["limit"], page.total)
    return Response(orjson.dumps(body), headers={"Link": link}, mimetype="application/json")
