"""Which providers there are, and what each of their modules offers."""

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from app.providers.webhooks.delivery import CallDraft, Delivery


class Provider(Protocol):
    SECRET: str  # the setting that holds the secret
    NEEDS_PUBLIC_URL: bool  # whether the signature covers the public URL

    def verify(self, delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
        """Whether the delivery is the provider's own, signed with any of the secrets."""

    def read(self, delivery: Delivery) -> CallDraft | None:
        """The call that the event ended; None where it ended none. Raises Unreadable."""


# A provider is a module of this name; each needs one line here.
NAMES = (
    "bland",
    "elevenlabs",
    "retell",
    "twilio",
    "vapi",
)
PROVIDERS: dict[str, Provider] = {
    name: cast(Provider, import_module(f"{__name__}.{name}")) for name in NAMES
}
