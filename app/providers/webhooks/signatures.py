"""How keyed digests of a delivery are computed and compared, without giving away by time."""

import hmac
import re
from collections.abc import Iterable, Sequence

MINUTE_MS = 60_000


def digests(
    secrets: Sequence[str], message: Iterable[bytes], algorithm: str = "sha256"
) -> list[bytes]:
    """The HMAC of the message under each secret; the message is gone through once."""
    macs = [hmac.new(_secret_bytes(secret), digestmod=algorithm) for secret in secrets]
    for chunk in message:
        for mac in macs:
            mac.update(chunk)
    return [mac.digest() for mac in macs]


def any_match(given: Iterable[str], expected: Sequence[bytes]) -> bool:
    """Whether one of the texts from the headers is one of the expected values."""
    # WSGI decodes headers as Latin-1, so that brings back the bytes that were sent.
    return any(
        hmac.compare_digest(text.encode("latin-1", "replace"), value)
        for text in given
        for value in expected
    )


def any_signed(given: Iterable[str], secrets: Sequence[str], message: Iterable[bytes]) -> bool:
    """Whether one of the texts is the lower-case hexadecimal HMAC-SHA256 of the message."""
    return any_match(given, [digest.hex().encode() for digest in digests(secrets, message)])


def signature(secret: str, message: Iterable[bytes]) -> str:
    """The lower-case hexadecimal HMAC-SHA256 of the message."""
    return digests([secret], message)[0].hex()


def any_secret(given: Iterable[str], secrets: Sequence[str]) -> bool:
    """Whether one of the texts is itself a secret."""
    return any_match(given, [_secret_bytes(secret) for secret in secrets])


def timestamp(text: str | None) -> int | None:
    """A Unix timestamp from a header, in whatever unit: ASCII digits and nothing else."""
    # int() alone would also take spaces, signs, underscores and other scripts' digits.
    return int(text) if text and re.fullmatch(r"[0-9]{1,15}", text) else None


def _secret_bytes(secret: str) -> bytes:
    # Undoes what Python does to bytes of the environment that are not UTF-8.
    return secret.encode("utf-8", "surrogateescape")
