"""/queue: what needs somebody, how much of it, and what has come meanwhile."""

from dataclasses import astuple
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from app.auth import requires
from app.instants import parse_instant
from app.problems import Problem
from app.services import call_list, desk, queue
from app.web.buttons import colleagues
from app.web.calls import undo as take_back
from app.web.forms import done, field, whole_number
from app.web.showing import with_hours, zone

blp = Blueprint("queue", __name__)
ONE = {"page": 1, "limit": 1, "sort": "-started_at", "tag_filter_mode": "any"}


@blp.get("/queue")
@requires("desk")
def show() -> str:
    view = request.args.get("view") or "waiting"
    if view not in queue.VIEWS:
        raise Problem("not_found", "The queue has no such part.")
    # Before the rows are read: what comes in between is then told of.
    mark = queue.mark()
    page = queue.list_queue(view, request.args.get("after"))
    counts = queue.counts()
    return render_template(
        "queue.html",
        view=view,
        mark=mark,
        counts=counts,
        calls=with_hours(page.rows),
        more=page.more,
        colleagues=colleagues(),
        has_calls=bool(page.rows or any(astuple(counts)) or call_list.list_calls(ONE).total),
    )


@blp.get("/queue/news")
@requires("desk", is_poll=True)
def news() -> Response:
    """Tell a page's script how much has come into the queue, and changed, since a mark."""
    # Before it is counted: what comes in between is then told of the next time.
    version = queue.version()
    if request.if_none_match.contains_weak(version):
        response = Response(status=304)
    else:
        found = queue.news(request.args.get("since", ""))
        response = jsonify(new=found.calls, changed=found.changes)
    response.set_etag(version, weak=True)
    return response


@blp.post("/queue/close")
@requires("manager")
def close_before() -> Any:
    try:
        instant = parse_instant(field("before"), zone())
    except ValueError:
        raise Problem("invalid_field", "Choose a day before which calls are closed.") from None
    if not desk.close_before(instant):
        return done("none-closed", "queue.show")
    return done("closed", "queue.show", act=desk.newest_act())


@blp.post("/undo")
@requires("desk")
def undo() -> Any:
    """Take back an action of this session, the last one where none is named."""
    return take_back(whole_number(field("act")))
