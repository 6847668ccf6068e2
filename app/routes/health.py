"""/health: whether the database can be read."""

from flask import Blueprint, Response

from app.auth import PUBLIC, requires
from app.models.engine import database, revision
from app.problems import Problem

blp = Blueprint("health", __name__)


@blp.get("/health")
@requires(PUBLIC)
def health() -> Response:
    try:
        database.check_file()
        revision()
    except Exception:
        database.save_lost_wal()
        raise Problem("unavailable") from None
    return Response(status=200)
