"""A webhook as it came, before anybody knows what is in it."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from werkzeug.datastructures import Headers

CHUNK_BYTES = 64 * 1024


class Unreadable(Exception):
    """A genuine delivery without a readable body or call id; the message says which."""


@dataclass(slots=True, frozen=True)
class Delivery:
    """One webhook request as it came.

    `body` is seekable and may be a temporary file. `url` is the full public URL with its
    query, or empty where the provider does not sign it.
    """

    body: IO[bytes]
    headers: Headers = field(default_factory=Headers)
    url: str = ""

    @property
    def size(self) -> int:
        self.body.seek(0, io.SEEK_END)
        return self.body.tell()

    def chunks(self) -> Iterator[bytes]:
        self.body.seek(0)
        while chunk := self.body.read(CHUNK_BYTES):
            yield chunk

    def json_object(self) -> dict[str, Any]:
        """Give the body as a JSON object, every number in it a float. Raises Unreadable."""
        self.body.seek(0)
        try:
            # As a float a number of any length can be read (as infinite), as an int it is
            # an error from 4,300 digits on. orjson refuses lone surrogates, json does not.
            content = json.loads(self.body.read().decode(), parse_int=float)
        except (ValueError, RecursionError) as error:
            raise Unreadable("The body is not JSON in UTF-8.") from error
        if not isinstance(content, dict):
            raise Unreadable("The body is JSON, but not an object.")
        return content
