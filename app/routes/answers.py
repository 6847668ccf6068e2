"""What routes answer: one row or a page of rows as JSON, and the headers that go with them."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from flask import Flask, Response, current_app, g, request

from app.models.base import Row
from app.models.clock import clock
from app.models.engine import born
from app.remembered import Remembered
from app.routes.pagination import link_header, pagination
from app.schemas.base import Schema
from app.schemas.rows import rows_to_json, to_json
from app.services.collection import Collection, IsCurrent
from app.services.figures import sum_calls
from app.services.history import History
from app.version import VERSION

MAX_REMEMBERED_BYTES = 8_000_000


def init_app(app: Flask) -> None:
    """Remember pages until something changes."""
    with app.app_context():
        # What else than the database's content decides an answer.
        kind = f"{born()}{VERSION}{app.config['CLINIC_ORG_ID']}"
    app.extensions["page_etag"] = sha256(kind.encode()).hexdigest()[:12]
    app.extensions["pages"] = Remembered(MAX_REMEMBERED_BYTES)


def answer_row(row: Row, schema: type[Schema], status: int = 200) -> Response:
    """Give a row's JSON; its ETag stands for what is shown, of which the version is only a part."""
    body = orjson.dumps(to_json(row, schema))
    response = Response(body, status, mimetype="application/json")
    response.add_etag()
    if request.method in ("GET", "HEAD"):
        response.make_conditional(request)
    return response


def answer_post(outcome: str, row: Row, schema: type[Schema]) -> Response:
    """Give a posted row's JSON and address: 201 where it is new, 200 where it was there before."""
    return _located(
        row, f"{request.path}/{row['id']}", schema, 201 if outcome == "created" else 200
    )


def answer_created(row: Row, path: str, schema: type[Schema]) -> Response:
    """Give the JSON of a row to which something was added, and its address."""
    return _located(row, path, schema, 201)


def _located(row: Row, path: str, schema: type[Schema], status: int) -> Response:
    response = answer_row(row, schema, status)
    response.headers["Location"] = f"{current_app.config['PUBLIC_URL'] or ''}{path}"
    return response


def answer_patch(collection: Collection, item_id: str, body: Row, schema: type[Schema]) -> Response:
    """Change a row as its version and `If-Match` allow, and give its JSON."""
    version = body.pop("version")
    return answer_row(collection.change(item_id, version, body, _if_match(schema)), schema)


def answer_delete(collection: Collection, item_id: str, schema: type[Schema]) -> Response:
    """Remove a row as `If-Match` allows."""
    collection.remove(item_id, _if_match(schema))
    return Response(status=204)


def _if_match(schema: type[Schema]) -> IsCurrent:
    """Give what tells whether a row is the one that the request's `If-Match` names.

    Without the header each is; with one that names nothing, none (RFC 9110, 13.1.1).
    """
    wanted, is_given = request.if_match, "If-Match" in request.headers
    return lambda row: not is_given or str(answer_row(row, schema).get_etag()[0]) in wanted


class _Answered(NamedTuple):
    body: bytes
    total: int
    revision: int


def answer_page(
    collection: Collection | History, args: Mapping[str, Any], schema: type[Schema]
) -> Response:
    """Give a page's JSON, links and ETag; the same again until anything changes, by any process."""

    def make() -> tuple[bytes, int]:
        page = collection.page(args)
        rows = list(rows_to_json(page.rows, schema))
        place = pagination(args["page"], args["limit"], page.total)
        return orjson.dumps({"data": rows, "pagination": place}), page.total

    answered = _remembered((collection.name, *args.items()), make)
    return _answer(answered, link_header(args["page"], args["limit"], answered.total))


def answer_stats(args: Mapping[str, Any]) -> Response:
    """Give the JSON and ETag of calls added up; the same again until anything changes."""

    def make() -> tuple[bytes, int]:
        group_by = args.get("group_by")
        groups, totals = sum_calls(args, group_by)
        data = [{"group": group.name, **group.sums.row()} for group in groups]
        answer = {"data": data, "totals": totals.row(), "group_by": group_by}
        return orjson.dumps(answer), totals.calls

    return _answer(_remembered(("stats", *args.items()), make), {})


def _remembered(key: tuple[Any, ...], make: Callable[[], tuple[bytes, int]]) -> _Answered:
    """Give the body and the total that `make` gives, remembered until anything changes."""
    pages: Remembered = current_app.extensions["pages"]
    revision = g.revision
    answered: _Answered | None = pages.get(key, revision)
    if answered is None:
        with clock.running(), pages.making(key, clock.wait_s()):
            answered = pages.get(key, revision)
            if answered is None:
                answered = _Answered(*make(), revision)
                pages.put(key, revision, answered, len(answered.body) + 500)
    return answered


def _answer(answered: _Answered, headers: dict[str, str]) -> Response:
    headers["ETag"] = f'W/"{current_app.extensions["page_etag"]}-{answered.revision}"'
    response = Response(answered.body, headers=headers, mimetype="application/json")
    if request.if_none_match:
        response.make_conditional(request)
    return response
