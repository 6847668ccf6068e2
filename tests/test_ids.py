"""Ids: what new ones are like."""

from uuid import UUID

from app.ids import new_id


def test_new_ids_are_of_version_7() -> None:
    assert UUID(new_id()).version == 7


def test_new_ids_grow() -> None:
    ids = [new_id() for _ in range(2000)]
    assert ids == sorted(set(ids))
