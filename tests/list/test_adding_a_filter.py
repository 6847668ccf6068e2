"""How a filter is added: one line in the schema, one in the table."""

import pytest

from app.models.calls import Call
from app.reading import parse_query
from app.schemas.calls import CallQueryArgsSchema
from app.schemas.fields import Identifier
from app.services import filters
from app.services.calls import calls
from tests.conftest import MakeCall


class SchemaWithOneMore(CallQueryArgsSchema):
    language = Identifier("Calls in this language.", example="spanish")


def test_a_filter_is_one_line_in_the_schema_and_one_in_the_table(
    make_call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_call(language="english")
    found = make_call(language="spanish")
    monkeypatch.setitem(
        filters.CALL_FILTERS, "language", lambda args: Call.language == args["language"]
    )
    page = calls.page(parse_query(SchemaWithOneMore, b"language=spanish"))
    assert ([row["id"] for row in page.rows], page.total) == ([found], 1)
