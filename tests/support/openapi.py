"""Parts of the API's description."""

from typing import Any

Doc = dict[str, Any]
REF = "#/components/schemas/"


def codes_of(responses: Doc) -> dict[str, Doc]:
    """Give the documented examples of errors by their codes."""
    contents = [answer.get("content", {}) for answer in responses.values()]
    examples = [content.get("application/json", {}).get("examples", {}) for content in contents]
    return {code: example for group in examples for code, example in group.items()}
