"""/queue: what needs somebody, how much of it, and what has come meanwhile."""

from dataclasses import astuple
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from app.auth import requires
from app.instants import parse_instant
from app.problems import Problem
from app.services import call_list, desk, queue
from app.web.calls import colleagues, open_hours
from app.web.forms import done, done_at, field
from app.web.showing import zone

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
        calls=open_hours(page.rows),
        more=page.more,
        colleagues=colleagues(),
        has_calls=bool(page.rows or any(astuple(counts)) or call_list.list_calls(ONE).total),
    )


@blp.get("/queue/news")
@requires("desk", is_poll=True)
def news() -> Response:
    """Tell a page's script how much has come into the queue, and changed, since a mark."""
    response = Response(status=304)
    response.set_etag(queue.version(), weak=True)
    if request.if_none_match.contains_weak(queue.version()):
        return response
    found = queue.news(request.args.get("since", ""))
    fresh = jsonify(new=found.calls, changed=found.changes)
    fresh.set_etag(response.get_etag()[0] or "", weak=True)
    return fresh


@blp.post("/queue/close")
@requires("manager")
def close_before() -> Any:
    try:
        instant = parse_instant(field("before"), zone())
    except ValueError:
        raise Problem("invalid_field", "Choose a day before which calls are closed.") from None
    closed = desk.close_before(instant)
    return done("closed" if closed else "none-closed", "queue.show", act=desk.newest_act())


@blp.post("/undo")
@requires("desk")
def undo() -> Any:
    """Take back an action of this session, the last one where none is named."""
    text = field("act")
    desk.undo(int(text) if text.isdecimal() and len(text) < 16 else None)
    return done_at(field("back"), "undone", desk.newest_act())
