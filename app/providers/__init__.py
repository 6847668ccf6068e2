"""Which providers there are, and what each of their modules offers."""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from app.providers.webhooks.delivery import Delivery
from app.providers.webhooks.making import Row, Webhook
from app.services.drafts import Draft


class Provider(Protocol):
    SECRET: str  # the setting that holds the secret
    NEEDS_PUBLIC_URL: bool  # whether the signature covers the public URL

    def verify(self, delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
        """Whether the delivery is the provider's own, signed with any of the secrets."""

    def read(self, delivery: Delivery) -> Draft | None:
        """The call that the event ended, as it came; None where it ended none. Raises Unreadable.

        Of a field with several values, in a tuple, the first that can be read will count. Where
        other bytes may be the same event, `digest` stands for it; else it is that of the body.
        """

    def make(self, row: Row) -> list[Webhook]:
        """What the provider would send, in its order, of a call in the shape of an import."""

    def sign(self, webhook: Webhook, secret: str, url: str) -> dict[str, str]:
        """The headers that prove a webhook to a server that is reached at the public URL."""


# Each module of this package; a package in it, such as webhooks, is none.
PROVIDERS: dict[str, Provider] = {
    module.name: cast(Provider, import_module(f"{__name__}.{module.name}"))
    for module in iter_modules(__path__)
    if not module.ispkg
}
