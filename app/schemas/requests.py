"""What is sent of a resource: its fields, of which few must be there."""

from typing import Any, ClassVar

from app.schemas.base import Schema


class RequestSchema(Schema):
    """Needs only these of the fields that its resource always has."""

    needed: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **kwargs: Any) -> None:
        optional = tuple(name for name in self._declared_fields if name not in self.needed)
        super().__init__(**{"partial": optional, **kwargs})
