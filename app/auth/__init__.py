"""Who may do what: by a key under /v1, by signing in on the pages; closed unless said otherwise."""

from app.auth.access import INGEST_PREFIX, PUBLIC, View, init_app, requires
from app.auth.people import ANYBODY

__all__ = ["ANYBODY", "INGEST_PREFIX", "PUBLIC", "View", "init_app", "requires"]
