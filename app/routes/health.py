"""/health: whether the database can be read."""

from flask import Blueprint, Response

from app.auth import PUBLIC, requires
from app.errors import ApiError
from app.models.engine import database, revision

blp = Blueprint("health", __name__)


@blp.get("/health")
@requires(PUBLIC)
def health() -> Response:
    try:
        database.check_file()
        revision()
    except Exception:
        raise ApiError("unavailable", headers={"Retry-After": "2"}) from None
    return Response(status=200)
