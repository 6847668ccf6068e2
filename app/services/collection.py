"""How calls, patients and tags are kept: made, changed by version, removed, imported, listed."""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, ClassVar, Literal

import orjson

from app.ids import new_id
from app.instants import now_ms
from app.models.base import KeptModel, Page, Row
from app.models.clock import clock
from app.models.engine import database
from app.problems import Problem
from app.services import history

Outcome = Literal["created", "updated", "unchanged", "ignored"]
# Tells whether a row is still the one that somebody wants to change; `bool` takes any.
IsCurrent = Callable[[Row], bool]
# By column, what was there before a change and what it put there.
Restore = Mapping[str, list[Any]]
NOTHING: Row = {}

# What is kept of a row besides its content: it may change without a new version.
_ABOUT = frozenset(
    {"number", "version", "updated_at", "posted", "origins", "seen", "number_key", "sort_key"}
    | {"name_key", "sort_at", "link_key", "other_ends", "known_as", "hidden_until", "done_at"}
)


class Collection:
    """The rows of one table, as dicts by field. `blank` says what the fields nobody gave are."""

    model: ClassVar[type[KeptModel]]
    has_history: ClassVar[bool] = False
    blank: ClassVar[Mapping[str, Any]] = {}

    def __init__(self) -> None:
        self.name: str = self.model._meta.table_name

    def get(self, item_id: str, is_current: IsCurrent = bool) -> Row:
        """Give a row. Raises Problem not_found, and precondition_failed for one not current."""
        # A UUID means the same in capitals, as some clients write it (RFC 9562).
        row = self.model.find_row(item_id.lower())
        if row is None or row["deleted_at"] is not None:
            raise Problem("not_found", f"There is no {self.name} with this id.")
        if not is_current(row):
            raise Problem("precondition_failed")
        return row

    def page(self, args: Mapping[str, Any]) -> Page:
        """Give the rows of a page in the order of the list, and the total, of one moment."""
        condition = self.where(args)
        if args.get("q") or args.get("tags"):
            clock.begin_long_work()
        with clock.running(), database.snapshot():
            rows = self.model.page_rows(condition, args["page"], args["limit"])
            return Page(rows, self.model.count(condition))

    def all_rows(self) -> Iterator[Row]:
        """Give every row that is not deleted, in the order of the table."""
        return self.model.all_rows()

    def create(self, values: Row, **source: Any) -> tuple[Outcome, Row]:
        """Make the row that a client posts, or give the one that the same content has made.

        Raises Problem already_exists where the id is taken by anything else.
        """
        # Without its id: what was posted without one may come again with the one that it got.
        content = {**self.blank, **values, "id": None}
        posted = sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS))
        with database.write():
            item_id = self.identify(values) or new_id()
            row = self.model.find_row(item_id)
            if row is None:
                made = self.new_row(item_id, values, **source)
                return "created", self._insert(made | {"posted": posted.digest()})
            if row["deleted_at"] is not None or row["posted"] != posted.digest():
                raise Problem("already_exists", f"This id belongs to another {self.name}.", "id")
            return "unchanged", row

    def change(self, item_id: str, version: int, changes: Row, is_current: IsCurrent = bool) -> Row:
        """Store what a person changes of a version and give the row as it is then.

        Raises Problem as `get` and `check_row` do, and version_mismatch.
        """
        with database.write():
            return self.decide(self.get(item_id, is_current), version, changes)

    def decide(
        self, row: Row, version: int | None, changes: Row, action: str = "changed", **about: Any
    ) -> Row:
        """Store what a person changes of a row as it is now, on a version of it, if on any."""
        if version not in (None, row["version"]):
            raise Problem("version_mismatch", param="version")
        return self._update(row, self.decided(row, changes), action, about)

    def numbered(self, number: int) -> Row:
        """Give the row of a number, deleted or not."""
        (row,) = self.model.find_rows("number = ?", number)
        return row

    def take_back(self, row: Row, restore: Restore, at: int) -> Row:
        """Undo what somebody has changed of a row at an instant. Runs inside `database.write()`.

        Raises Problem version_mismatch where a field that it would restore has changed since.
        """
        return self._update(row, self.restored(row, restore, at), "undone")

    def remove(self, item_id: str, is_current: IsCurrent = bool) -> None:
        """Mark a row deleted: it counts as absent everywhere. Raises Problem as `get` does."""
        with database.write():
            self._update(self.get(item_id, is_current), {"deleted_at": now_ms()}, "deleted")

    def undelete(self, item_id: str) -> None:
        """Bring a deleted row back. Raises Problem not_found where none was deleted."""
        with database.write():
            row = self.model.find_row(item_id.lower())
            if row is None or row["deleted_at"] is None:
                raise Problem("not_found", f"There is no deleted {self.name} with this id.")
            self._update(row, {"deleted_at": None}, "undeleted")

    def check(self, item_id: str, values: Row, update: bool = False) -> Outcome:
        """Say what record() would do with an imported row. Raises Problem where it would."""
        row = self.model.find_row(item_id)
        changes = values if row is None else self._news(row, values, update)
        if changes:
            self.check_row({**self.blank, "id": item_id, **(row or {}), **changes}, row)
        return "created" if row is None else "updated" if changes else "unchanged"

    def record(self, item_id: str, values: Row, update: bool = False, **source: Any) -> Outcome:
        """Store an imported row as it is, its version and instants too where they are given.

        Other content of a known id is taken over with `update`, otherwise it is Problem
        already_exists, as a deleted id always is. Runs inside `database.write()`.
        """
        row = self.model.find_row(item_id)
        if row is None:
            self._insert(self.new_row(item_id, values, **source))
            return "created"
        changes = self._news(row, values, update)
        if not changes:
            return "unchanged"
        self._update(row, self.corrected(row, changes))
        return "updated"

    def _news(self, row: Row, values: Row, update: bool) -> Row:
        """Give what an imported row says that is new."""
        if row["deleted_at"] is not None:
            raise Problem("already_exists", f"The id belongs to a deleted {self.name}.", "id")
        news = {name: value for name, value in values.items() if self.is_news(row, name, value)}
        if news and not update:
            message = f"The id belongs to a {self.name} with other content."
            raise Problem("already_exists", message, "id")
        return news

    def _insert(self, row: Row) -> Row:
        """Write a new row. Here and in `_update` everything passes that is ever written."""
        self.check_row(row, None)
        self.derive(row)
        number = self.model.insert_row(row)
        if "number" in row:
            row["number"] = number
        self.follow(None, row)
        if self.has_history:
            history.write_created(self.name, row)
        return row

    def _update(
        self, before: Row, changes: Row, action: str = "changed", about: Row = NOTHING
    ) -> Row:
        """Write changes into a row; only other content is a new version, and an entry of history.

        `about` is what else there is to say of the action.
        """
        row = before | changes
        self.check_row(row, before)
        self.derive(row)
        if row == before:
            return before
        news = [n for n, value in before.items() if n not in _ABOUT and row[n] != value]
        if news:
            row["version"] = before["version"] + 1
            row["updated_at"] = max(now_ms(), before["updated_at"])
        self.model.update_row(row)
        self.follow(before, row)
        if news and self.has_history:
            fields = [name for name in news if name != "deleted_at"]
            history.write_change(self.name, before, row, fields, action, about)
        return row

    def identify(self, values: Row) -> str | None:
        """Give the id that a row has by what it says."""
        return values.get("id")

    def new_row(self, item_id: str, values: Row, **source: Any) -> Row:
        """Give the whole row that values make; `source` is for the rows of some tables only."""
        now = now_ms()
        return {
            **dict.fromkeys(self.model._meta.sorted_field_names),
            **{"version": 1, "created_at": now, "updated_at": now},
            **{**self.blank, **values, "id": item_id},
        }

    def where(self, args: Mapping[str, Any]) -> Any:
        """Give the condition of the list that the arguments ask for."""
        return self.model.deleted_at.is_null()

    def decided(self, row: Row, changes: Row) -> Row:
        """Give what a person's changes make of a row."""
        return changes

    def corrected(self, row: Row, changes: Row) -> Row:
        """Give what an import's changes make of a row."""
        return changes

    def restored(self, row: Row, restore: Restore, at: int) -> Row:
        """Give what undoing makes of a row."""
        changed = (name for name in restore if name not in _ABOUT)
        if any(row[name] != restore[name][1] for name in changed):
            raise Problem("version_mismatch", "It has been changed since: this cannot be undone.")
        return {name: before for name, (before, _) in restore.items()}

    def is_news(self, row: Row, name: str, value: Any) -> bool:
        """Tell whether an imported value differs; when a row was last changed is no news."""
        return name not in ("version", "updated_at") and bool(row[name] != value)

    def check_row(self, row: Row, before: Row | None) -> None:
        """Raise Problem for what must not be."""

    def derive(self, row: Row) -> None:
        """Fill in what follows from a row's content."""

    def follow(self, before: Row | None, row: Row) -> None:
        """Bring up to date what is kept of a row elsewhere."""
