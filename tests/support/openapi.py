"""Parts of the API's description."""

from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker

Doc = dict[str, Any]
REF = "#/components/schemas/"


def codes_of(responses: Doc) -> dict[str, Doc]:
    """Give the documented examples of errors by their codes."""
    contents = [answer.get("content", {}) for answer in responses.values()]
    examples = [content.get("application/json", {}).get("examples", {}) for content in contents]
    return {code: example for group in examples for code, example in group.items()}


def faults_of(value: Any, schema: Doc, description: Doc) -> list[Any]:
    """Give what is wrong with a value by a schema of the description."""
    whole = {**schema, "components": description["components"]}
    return list(OAS31Validator(whole, format_checker=oas31_format_checker).iter_errors(value))
