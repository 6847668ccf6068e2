"""Things that must agree: filters and query schema, query parameters and README."""

import re

from app.config import PROJECT_ROOT
from app.providers import PROVIDERS
from app.schemas.calls import CallQueryArgsSchema
from app.services.filters import FILTERS

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
NO_FILTERS = {"page", "limit", "sort", "tag_filter_mode"}


def test_every_parameter_but_paging_and_mode_is_a_filter() -> None:
    assert set(FILTERS) == set(CallQueryArgsSchema().fields) - NO_FILTERS


def test_readme_tells_every_parameter_of_the_list() -> None:
    section = README.split("## The call list")[1].split("### What `q` finds")[0]
    told = set(re.findall(r"`([a-z_]+(?:\[\])?)`", section.split("| parameter | meaning |")[1]))
    fields = CallQueryArgsSchema().fields
    assert {field.data_key or name for name, field in fields.items()} <= told


def test_readme_has_a_page_for_every_provider() -> None:
    pages = {heading.lower() for heading in re.findall(r"^### (\w+)$", README, re.MULTILINE)}
    assert set(PROVIDERS) <= pages


def test_every_provider_has_what_the_webhook_needs() -> None:
    for provider in PROVIDERS.values():
        for verb in ("verify", "read", "make", "sign"):
            assert callable(getattr(provider, verb))
        assert isinstance(provider.NEEDS_PUBLIC_URL, bool)
