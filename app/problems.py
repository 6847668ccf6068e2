"""What can go wrong: each problem's code, what kind it is, and words for a person."""

from dataclasses import dataclass, field
from typing import Any

# problem → (status, type, message where the caller has no better one)
CODES = {
    "malformed_json": (400, "invalid_request_error", "The body is not valid JSON in UTF-8."),
    "bad_request": (400, "invalid_request_error", "The request cannot be understood."),
    "invalid_api_key": (
        401,
        "authentication_error",
        "Send a valid API key in the X-API-Key header.",
    ),
    "invalid_signature": (
        401,
        "authentication_error",
        "The webhook's signature is missing, wrong or too old.",
    ),
    "missing_scope": (403, "permission_error", "This key may not do that."),
    "provider_not_configured": (
        403,
        "permission_error",
        "This provider's webhook secret is not set on the server.",
    ),
    "not_found": (404, "not_found_error", "There is nothing at this address."),
    "method_not_allowed": (
        405,
        "invalid_request_error",
        "This address does not take that method; the Allow header lists those it takes.",
    ),
    "version_mismatch": (
        409,
        "conflict_error",
        "It was changed meanwhile: get it again and repeat the change with its new version.",
    ),
    "already_exists": (409, "conflict_error", "The id is taken by something else."),
    "precondition_failed": (412, "conflict_error", "It was changed meanwhile: get it again."),
    "body_too_large": (413, "invalid_request_error", "The body is larger than allowed here."),
    "unsupported_media_type": (
        415,
        "invalid_request_error",
        "Send the body as JSON, with Content-Type: application/json.",
    ),
    "invalid_field": (422, "validation_error", "A value is not valid."),
    "unknown_parameter": (422, "validation_error", "There is no such parameter."),
    "repeated_parameter": (422, "validation_error", "This parameter may be given once only."),
    "too_many_requests": (429, "rate_limit_error", "Too many requests; try again later."),
    "internal_error": (
        500,
        "server_error",
        "Something went wrong in the service; its log has more under this request's id.",
    ),
    "unavailable": (503, "server_error", "The database cannot be used now; try again soon."),
    "storage_full": (507, "server_error", "The disk is full; nothing was stored."),
}

# problem → code in the envelope: two have the same, and only the status tells them apart
WIRE_CODES = {problem: problem for problem in CODES} | {"precondition_failed": "version_mismatch"}


@dataclass(slots=True)
class Problem(Exception):
    """Why something was not done: a problem of CODES and, where known, the field at fault.

    `retry_after_s` says when it is worth trying again; `others` lists every problem, this one
    first, where there are several.
    """

    code: str
    message: str | None = None
    param: str | None = None
    retry_after_s: int | None = None
    others: list["Problem"] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Say what a person can do about it."""
        return self.message or CODES[self.code][2]

    def detail(self) -> dict[str, Any]:
        """Give type, code, message and param."""
        kind, code = CODES[self.code][1], WIRE_CODES[self.code]
        return {"type": kind, "code": code, "message": self.words, "param": self.param}
