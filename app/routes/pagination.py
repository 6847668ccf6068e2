"""Which part of a list a page is, and links to its other pages (RFC 8288)."""

from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from flask import Request, current_app, request

from app.reading import MAX_REMEMBERED_LENGTH

# Proxies and clients take headers of 4 to 16 KB, all of them together.
MAX_LINK_BYTES = 2_000


def pagination(page: int, limit: int, total: int) -> dict[str, bool | int]:
    """Give what an answer says of its page."""
    return {"has_more": page * limit < total, "total": total, "page": page, "limit": limit}


def link_header(page: int, limit: int, total: int) -> dict[str, str]:
    """Give the `Link` header of a page of the current request's list, as far as it has room."""
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]
    # Without a valid Host it is only the path, which RFC 8288 lets a client complete.
    origin = asked.host and f"{asked.scheme}://{asked.host}"
    base = (current_app.config["PUBLIC_URL"] or origin) + asked.path
    text = asked.query_string
    make = _remembered_link_header if len(text) <= MAX_REMEMBERED_LENGTH else _link_header
    return make(base, text, page, limit, total)


def _link_header(base: str, query: bytes, page: int, limit: int, total: int) -> dict[str, str]:
    last = max(1, -(-total // limit))
    pages = {"first": 1}
    if page > 1:
        pages["prev"] = min(page - 1, last)
    if page < last:
        pages["next"] = page + 1
    pages["last"] = last
    filters = _filters(query)
    links = {rel: f'<{base}?{filters}page={n}>; rel="{rel}"' for rel, n in pages.items()}
    for needed_least in ("last", "first", "prev", "next"):
        if len(", ".join(links.values())) > MAX_LINK_BYTES:
            links.pop(needed_least, None)
    return {"Link": ", ".join(links.values())} if links else {}


_remembered_link_header = lru_cache(maxsize=1024)(_link_header)


def _filters(query_string: bytes) -> str:
    """Give all of a query string but its page, encoded afresh so that no character escapes."""
    kept = []
    for pair in query_string.replace(b"+", b" ").split(b"&"):
        name, _, value = (quote(unquote_to_bytes(part), safe="") for part in pair.partition(b"="))
        if name not in ("", "page"):
            kept.append(f"{name}={value}&")
    return "".join(kept)
