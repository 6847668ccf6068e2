"""How patients and tags are kept: made, changed by version, deleted softly, imported and paged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from peewee import SQL, fn

from app.call_book import content_digest
from app.database import database
from app.errors import ApiError
from app.ids import new_id
from app.instants import now_ms

Row = dict[str, Any]
Outcome = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and how many rows the whole list has."""

    rows: list[Row]
    total: int


class Book:
    """The rows of one table that has an id, a version and a `deleted_at`, as dicts by field.

    `blank` says what the fields are that nobody gave, `shown` which expressions of SQL a row has
    besides its columns.
    """

    model: Any
    blank: Mapping[str, Any] = {}
    shown: Mapping[str, str] = {}

    def __init__(self) -> None:
        self.name: str = self.model._meta.table_name
        self.columns = tuple(self.model._meta.sorted_field_names)
        columns = ", ".join(self.columns)
        values = ", ".join("?" * len(self.columns))
        changes = ", ".join(f"{name} = ?" for name in self.columns)
        self._select = f"SELECT {', '.join((*self.columns, *self.shown.values()))} FROM {self.name}"
        self._insert = f"INSERT INTO {self.name} ({columns}) VALUES ({values})"
        self._update = f"UPDATE {self.name} SET {changes} WHERE id = ?"

    def find(self, item_id: str) -> Row | None:
        """Give a row, deleted or not."""
        found = database.raw().execute(f"{self._select} WHERE id = ?", (item_id,)).fetchone()
        return self.read(found) if found else None

    def get(self, item_id: str) -> Row:
        """Give a row. Raises ApiError not_found."""
        # A UUID means the same in capitals, as some clients write it (RFC 9562).
        row = self.find(item_id.lower())
        if row is None or row["deleted_at"] is not None:
            raise ApiError("not_found", f"There is no {self.name} with this id.")
        return row

    def page(self, args: Mapping[str, Any]) -> Page:
        """Give the rows of a page in the order of the list, and the total, of one moment."""
        condition = self.where(args)
        order = (self.model.sort_key, self.model.id)
        total = self.model.select(fn.COUNT(SQL("*"))).where(condition).sql()
        ids, params = (
            self.model.select(self.model.id)
            .where(condition)
            .order_by(*order)
            .paginate(args["page"], args["limit"])
            .sql()
        )
        # Only the ids of the page are looked up whole: those before it cost no more than an index.
        rows = f"{self._select} WHERE id IN ({ids}) ORDER BY sort_key, id"
        with database.snapshot() as raw:
            count = raw.execute(*total).get
            return Page([self.read(found) for found in raw.execute(rows, params)], count)

    def all_rows(self) -> Iterator[Row]:
        """Give every row that is not deleted, in the order of the list."""
        rows = f"{self._select} WHERE deleted_at IS NULL ORDER BY sort_key, id"
        return map(self.read, database.raw().execute(rows))

    def post(self, values: Row) -> tuple[Outcome, Row]:
        """Make the row that a client posts, or give the one that the same content has made.

        Raises ApiError already_exists where the id is taken by anything else.
        """
        posted = content_digest({**self.blank, **values})
        with database.write():
            row = self.find(values["id"]) if "id" in values else None
            if row is None:
                return "created", self._make({"id": new_id(), **values, "posted": posted})
            if row["posted"] != posted:
                raise ApiError("already_exists", f"This id belongs to another {self.name}.", "id")
            return "unchanged", row

    def change(self, item_id: str, version: int, changes: Row) -> Row:
        """Store changes of a version and give the row as it is then.

        Raises ApiError not_found and version_mismatch.
        """
        with database.write():
            row = self.get(item_id)
            if row["version"] != version:
                raise ApiError("version_mismatch", param="version")
            return self._write(row, changes)

    def remove(self, item_id: str) -> None:
        """Mark a row deleted: it counts as absent everywhere. Raises ApiError not_found."""
        with database.write():
            # Without what was posted, posting it again cannot find its like.
            self._write(self.get(item_id), {"deleted_at": now_ms(), "posted": None})

    def check(self, item_id: str, values: Row, update: bool = False) -> Outcome:
        """Say what record() would do. Raises ApiError where it would."""
        row = self.find(item_id)
        changes = self._differences(row, values, update)
        if changes:
            self.settle({**self.blank, **(row or {}), **changes}, row)
        return "created" if row is None else "updated" if changes else "unchanged"

    def record(self, item_id: str, values: Row, update: bool = False) -> Outcome:
        """Store an imported row as it is, its version and instants too where they are given.

        Other content of a known id is taken over with `update`, otherwise it is ApiError
        already_exists, as a deleted id always is. Runs inside `database.write()`.
        """
        row = self.find(item_id)
        changes = self._differences(row, values, update)
        if row is None:
            self._make({**values, "id": item_id})
            return "created"
        if not changes:
            return "unchanged"
        self._write(row, changes)
        return "updated"

    def _differences(self, row: Row | None, values: Row, update: bool) -> Row:
        """Give what is new in an imported row; when it was last changed is nothing new."""
        if row is None:
            return values
        if row["deleted_at"] is not None:
            message = f"The id belongs to a deleted {self.name}."
            raise ApiError("already_exists", message, "id")
        unlike = {name: value for name, value in values.items() if row[name] != value}
        changes = {name: unlike[name] for name in unlike if name not in ("version", "updated_at")}
        if changes and not update:
            message = f"The id belongs to a {self.name} with other content."
            raise ApiError("already_exists", message, "id")
        return changes

    def _make(self, values: Row) -> Row:
        now = now_ms()
        row = {**dict.fromkeys(self.columns), "version": 1, "created_at": now, "updated_at": now}
        row |= {**self.blank, **values}
        self.settle(row, None)
        database.raw().execute(self._insert, [row[name] for name in self.columns])
        self.follow(None, row)
        return row

    def _write(self, before: Row, changes: Row) -> Row:
        if all(before[name] == value for name, value in changes.items()):
            return before
        row = before | changes
        row |= {
            "version": before["version"] + 1,
            "updated_at": max(now_ms(), before["updated_at"]),
        }
        self.settle(row, before)
        values = [row[name] for name in self.columns]
        database.raw().execute(self._update, (*values, row["id"]))
        self.follow(before, row)
        return row

    def read(self, found: tuple[Any, ...]) -> Row:
        """Turn what SQLite gives into a row."""
        return dict(zip((*self.columns, *self.shown), found, strict=True))

    def where(self, args: Mapping[str, Any]) -> Any:
        """Give the condition of the list that the arguments ask for."""
        return self.model.deleted_at.is_null()

    def settle(self, row: Row, before: Row | None) -> None:
        """Fill in what follows from a row's content. Raises ApiError for what must not be."""

    def follow(self, before: Row | None, row: Row) -> None:
        """Bring up to date what is kept of a row elsewhere."""
