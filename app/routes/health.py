"""/health: whether the database can be read, and written."""

import os

import orjson
from flask import Blueprint, Response

from app.auth import PUBLIC, requires
from app.errors import answer_problem
from app.models.engine import database, revision
from app.problems import Problem

blp = Blueprint("health", __name__)

# With less, what calls bring cannot be stored for long.
FULL_BYTES = 1024 * 1024


@blp.get("/health")
@requires(PUBLIC)
def health() -> Response:
    try:
        database.check_file()
        revision()
    except Exception:
        database.save_lost_wal()
        raise Problem("unavailable") from None
    disk = os.statvfs(database.path.parent)
    if disk.f_bavail * disk.f_frsize < FULL_BYTES:
        response = answer_problem(Problem("storage_full", "The disk is full; make room."))
        response.status_code = 503
        return response
    return Response(orjson.dumps({"status": "ok"}), mimetype="application/json")
