"""Things that must agree: filters and query schema, providers and what a webhook needs."""

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
