"""The base of every table, and of those whose rows are kept: read and written as dicts."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

import orjson
import peewee
from peewee import SQL, fn

from app.models.engine import connection, database

Row = dict[str, Any]
READ_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and how many rows the whole list has."""

    rows: list[Row]
    total: int


class Model(peewee.Model):
    """Binds a table to the database of the current application."""

    class Meta:
        database = database
        legacy_table_names = False


class KeptModel(Model):
    """A table whose rows have an id, a version and a `deleted_at`.

    Rows are dicts by column. `shown` are expressions of SQL that a row has besides its columns.
    Single rows go by plain statements: with peewee's own, recording a call takes twice as long.
    """

    shown: ClassVar[dict[str, str]] = {}

    id: Any
    deleted_at: Any
    sort_key: Any

    @classmethod
    def find_row(cls, item_id: str) -> Row | None:
        """Give a row, deleted or not."""
        found = connection().execute(_texts(cls).find, (item_id,)).fetchone()
        return cls.read(found) if found else None

    @classmethod
    def insert_row(cls, row: Row) -> int:
        """Store a new row and give the number that SQLite has given it."""
        texts, raw = _texts(cls), connection()
        raw.execute(texts.insert, texts.values(row))
        return raw.last_insert_rowid()

    @classmethod
    def update_row(cls, row: Row) -> None:
        """Store a row in place of the one with its id."""
        texts = _texts(cls)
        connection().execute(texts.update, (*texts.values(row), row["id"]))

    @classmethod
    def find_rows(cls, condition: str, *params: Any) -> list[Row]:
        """Give the rows that meet a condition in SQL."""
        found = connection().execute(f"{_texts(cls).select} WHERE {condition}", params)
        return [cls.read(values) for values in found]

    @classmethod
    def all_rows(cls) -> Iterator[Row]:
        """Give every row that is not deleted, in the table's order, as `numbered_rows` does.

        What comes into being meanwhile is left out.
        """
        return cls.numbered_rows(
            array("q", (number for (number,) in connection().execute(_texts(cls).all)))
        )

    @classmethod
    def numbered_rows(cls, numbers: "array[int]") -> Iterator[Row]:
        """Give the rows of these numbers, in their order, that are not deleted.

        Each is as it is when it is read, some at a time: whoever takes long over them holds up
        nothing. None comes twice.
        """
        texts = _texts(cls)
        for begin in range(0, len(numbers), READ_AT_ONCE):
            wanted = orjson.dumps(numbers[begin : begin + READ_AT_ONCE].tolist()).decode()
            yield from map(cls.read, connection().execute(texts.some, (wanted,)).fetchall())

    @classmethod
    def page_rows(cls, condition: Any, page: int, limit: int) -> list[Row]:
        """Give a page of the rows that meet a condition, in the table's order."""
        ids, params = (
            cls.select(cls.id)
            .where(condition)
            .order_by(cls.sort_key, cls.id)
            .paginate(page, limit)
            .sql()
        )
        # Only the ids of the page are looked up whole: those before it cost no more than an index.
        found = connection().execute(_texts(cls).page.format(ids=ids), params)
        return [cls.read(values) for values in found]

    @classmethod
    def count(cls, condition: Any) -> int:
        """Count the rows that meet a condition."""
        return int(cls.select(fn.COUNT(SQL("*"))).where(condition).scalar())

    @classmethod
    def read(cls, found: tuple[Any, ...]) -> Row:
        """Turn what SQLite gives into a row."""
        return dict(zip(_texts(cls).names, found, strict=True))


class _Texts(NamedTuple):
    """The statements of one table, and what gives the values of a row in their order."""

    names: tuple[str, ...]
    values: Callable[[Row], tuple[Any, ...]]
    select: str
    find: str
    insert: str
    update: str
    all: str
    some: str
    page: str


@cache
def _texts(model: type[KeptModel]) -> _Texts:
    table, columns = model._meta.table_name, tuple(model._meta.sorted_field_names)
    order = "sort_key, id" if "sort_key" in columns else "sort_at, id"
    fields = f"SELECT {', '.join((*columns, *model.shown.values()))}"
    select = f"{fields} FROM {table}"
    changes = ", ".join(f"{name} = ?" for name in columns)
    return _Texts(
        names=(*columns, *model.shown),
        values=itemgetter(*columns),
        select=select,
        find=f"{select} WHERE id = ?",
        insert=f"INSERT INTO {table} ({', '.join(columns)})"
        f" VALUES ({', '.join('?' * len(columns))})",
        update=f"UPDATE {table} SET {changes} WHERE id = ?",
        all=f"SELECT rowid FROM {table} WHERE deleted_at IS NULL ORDER BY {order}",
        some=f"{fields} FROM (SELECT key AS nth, value AS wanted FROM json_each(?))"
        f" CROSS JOIN {table} ON {table}.rowid = wanted WHERE deleted_at IS NULL ORDER BY nth",
        page=f"{select} WHERE id IN ({{ids}}) ORDER BY {order}",
    )


def matches(table: type[Model], expression: Any) -> Any:
    """Give the condition that a row of a full-text table meets an FTS5 expression.

    A value that is `Words` takes the mark of the period when the statement is run.
    """
    return SQL(f"{table._meta.table_name} MATCH ?", (expression,))
