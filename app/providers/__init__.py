"""Which providers there are, and what each of their modules offers."""

from collections.abc import Sequence
from typing import Protocol

from app.draft import CallDraft, Delivery
from app.providers import bland, elevenlabs, retell, twilio, vapi


class Provider(Protocol):
    SECRET: str  # the setting that holds the secret
    NEEDS_PUBLIC_URL: bool  # whether the signature covers the public URL

    def verify(self, delivery: Delivery, secrets: Sequence[str], now_ms: int) -> bool:
        """Whether the delivery is the provider's own, signed with any of the secrets."""

    def read(self, delivery: Delivery) -> CallDraft | None:
        """The call that the event ended; None where it ended none. Raises Unreadable."""


PROVIDERS: dict[str, Provider] = {
    "bland": bland,
    "elevenlabs": elevenlabs,
    "retell": retell,
    "twilio": twilio,
    "vapi": vapi,
}
