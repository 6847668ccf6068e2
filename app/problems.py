"""What can go wrong: each problem's code, what kind it is, and words for a person."""

from dataclasses import dataclass, field
from typing import Any

# problem → (status, message where the caller has no better one)
CODES = {
    "bad_request": (400, "The request cannot be understood."),
    "malformed_json": (400, "The body is not valid JSON in UTF-8."),
    "invalid_api_key": (401, "Send a valid API key in the X-API-Key header."),
    "invalid_signature": (401, "The webhook's signature is missing, wrong or too old."),
    "missing_scope": (403, "This key may not do that."),
    "provider_not_configured": (403, "This provider's webhook secret is not set on the server."),
    "not_found": (404, "There is nothing at this address."),
    "method_not_allowed": (
        405,
        "This address does not take that method; the Allow header lists those it takes.",
    ),
    "version_mismatch": (
        409,
        "It was changed meanwhile: get it again and repeat the change with its new version.",
    ),
    "already_exists": (409, "The id is taken by something else."),
    "precondition_failed": (
        412,
        "It is no longer what If-Match names: get it again and repeat this with its new ETag.",
    ),
    "body_too_large": (413, "The body is larger than allowed here."),
    "unsupported_media_type": (415, "Send the body as JSON, with Content-Type: application/json."),
    "invalid_field": (422, "A value is not valid."),
    "unknown_parameter": (422, "There is no such parameter."),
    "repeated_parameter": (422, "This parameter may be given once only."),
    "too_many_requests": (429, "Too many requests; try again later."),
    "internal_error": (
        500,
        "Something went wrong in the service; its log has more under this request's id.",
    ),
    "unavailable": (503, "The database cannot be used now; try again soon."),
    "storage_full": (507, "The disk is full; nothing was stored."),
}
# What goes wrong on pages alone.
PAGE_CODES = {
    "forbidden": (403, "You may not do that here."),
    "signed_out": (403, "You are signed out. Sign in to go on."),
    "wrong_password": (403, "The name or the password is wrong."),
    "last_manager": (409, "There must be a manager left."),
    "already_ended": (409, "This person was ended already."),
}
# The type of the others is invalid_request_error, from 500 on server_error.
_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    412: "conflict_error",
    422: "validation_error",
    429: "rate_limit_error",
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
    def status(self) -> int:
        """Give the status of the answer."""
        return (CODES.get(self.code) or PAGE_CODES[self.code])[0]

    @property
    def words(self) -> str:
        """Say what a person can do about it."""
        return self.message or (CODES.get(self.code) or PAGE_CODES[self.code])[1]

    def detail(self) -> dict[str, Any]:
        """Give type, code, message and param."""
        status, code = self.status, WIRE_CODES.get(self.code, self.code)
        kind = _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
        return {"type": kind, "code": code, "message": self.words, "param": self.param}
