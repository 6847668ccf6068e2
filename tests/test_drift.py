"""Things that must agree: filters and query schema, providers, and where SQL stands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app.config import PROJECT_ROOT
from app.providers import PROVIDERS
from app.schemas.calls import CallQueryArgsSchema
from app.services.filters import CALL_FILTERS

NO_FILTERS = {"page", "limit", "sort", "tag_filter_mode"}


def test_every_parameter_but_paging_and_mode_is_a_filter() -> None:
    assert set(CALL_FILTERS) == set(CallQueryArgsSchema().fields) - NO_FILTERS


def test_every_provider_has_what_the_webhook_needs() -> None:
    for provider in PROVIDERS.values():
        for verb in ("verify", "read", "make", "sign"):
            assert callable(getattr(provider, verb))
        assert isinstance(provider.NEEDS_PUBLIC_URL, bool)


SQL_TEXT = re.compile(
    r"\b(SELECT\b.+\bFROM|INSERT INTO|UPDATE .+ SET|DELETE FROM|CREATE TABLE|PRAGMA)"
)
# The rows of a file wait in a private one until all of them are checked.
WITH_SQL = ("models", "transfer/files.py")


def texts_of(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_sql_stands_in_models_only() -> None:
    app = PROJECT_ROOT / "app"
    paths = [
        path for path in app.rglob("*.py") if not str(path.relative_to(app)).startswith(WITH_SQL)
    ]
    assert [str(path) for path in paths if any(map(SQL_TEXT.search, texts_of(path)))] == []
    assert any(map(SQL_TEXT.search, texts_of(app / "models" / "calls.py")))
