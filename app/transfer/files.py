"""Import and export: whole files of calls, patients and tags, checked before they are stored."""

import csv
import io
import json
import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TextIO

import apsw
import orjson

from app.models.engine import database, in_short_transactions
from app.problems import Problem
from app.transfer.resources import Resource, settle_old
from app.transfer.storing import Report

CHECKED_AT_ONCE = 100
MAX_LINE_BYTES = 32 * 1024 * 1024
CHUNK_LENGTH = 64_000

# Beginnings that a spreadsheet would run as a formula
# (owasp.org/www-community/attacks/CSV_Injection). A text that has apostrophes before one gets
# another, so that taking one off always gives the text back.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_TELEPHONE_NUMBER = re.compile(r"\+[0-9]{3,15}", re.ASCII)

Format = Literal["ndjson", "csv"]
Row = dict[str, Any]


@dataclass(slots=True)
class ImportReport(Report):
    """What an import did, or would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


class Importer:
    """Takes in one file: `check()` reads and judges every row, `store()` writes the good ones."""

    def __init__(
        self,
        resource: Resource,
        *,
        update: bool = False,
        link: bool = False,
        done_before: int | None = None,
    ) -> None:
        self.resource = resource
        self.done_before = done_before  # an instant; open calls of before come in as done
        self.update = update
        self.link = link  # new calls by their number, where a row says nothing of the patient
        self.report = ImportReport()
        # An unnamed database is a private file on the disk, gone when it is closed: the rows of a
        # large file, or of standard input, wait there and not in memory.
        self.checked = apsw.Connection("")
        self.checked.execute(_CHECKED).fetchall()

    def close(self) -> None:
        self.checked.close()

    def check(self, rows: Iterable[tuple[int, Row | str]]) -> None:
        """Validate numbered rows; a row that could not be read at all comes as the reason."""
        rows = iter(rows)
        with self.checked:
            while first := next(rows, None):
                # Not read within the look at the database, which a slow pipe would make a long one.
                several = [first, *islice(rows, CHECKED_AT_ONCE - 1)]
                # One look for many rows: to begin a look is what takes time.
                with database.snapshot():
                    for line, row in several:
                        if isinstance(row, str):
                            self.report.add_bad(f"line {line}", row)
                        else:
                            self._check_row(line, row)

    def _check_row(self, line: int, row: Row) -> None:
        try:
            values = settle_old(self.resource.load(row), self.done_before)
            item_id = self.resource.identify(values)
            content = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
            name = self.resource.unique_name(values)
            if self._is_repeated(line, item_id, name, content):
                return
            outcome = self.resource.collection.check(item_id, values, self.update)
        except Problem as error:
            self.report.add_bad(f"line {line}", error.message or "is not valid.")
        else:
            if outcome == "unchanged":
                self.report.unchanged += 1
            self.checked.execute(_KEEP, (line, item_id, name, content, outcome != "unchanged"))

    def _is_repeated(self, line: int, item_id: str, name: str | None, content: bytes) -> bool:
        earlier = self.checked.execute(_EARLIER, (item_id, name)).fetchone()
        if earlier is None:
            return False
        if earlier[1] == content:
            self.report.unchanged += 1
        else:
            same = "id" if earlier[2] == item_id else self.resource.unique_field
            self.report.add_bad(
                f"line {line}", f"has the {same} of line {earlier[0]}, with other content."
            )
        return True

    def store(self, tick: Callable[[int], object] = lambda _: None) -> None:
        """Write what was checked, in short transactions; `tick` hears how many rows each wrote."""
        rows = self.checked.execute(_TO_STORE)
        with database.bulk():
            for written in in_short_transactions(rows, lambda row: self._store_row(*row)):
                tick(written)

    def _store_row(self, line: int, item_id: str, content: bytes) -> None:
        values = orjson.loads(content)
        try:
            outcome = self.resource.collection.record(item_id, values, self.update, link=self.link)
        except Problem as error:
            # Somebody else wrote the like of it after it was checked.
            self.report.add_bad(f"line {line}", error.message or "is not valid.")
        else:
            setattr(self.report, outcome, getattr(self.report, outcome) + 1)

    @property
    def waiting(self) -> int:
        return int(self.checked.execute("SELECT count(*) FROM checked WHERE store").get)


_CHECKED = """
PRAGMA journal_mode = off;
PRAGMA synchronous = off;
CREATE TABLE checked (
    line INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT UNIQUE,
    content BLOB NOT NULL,
    store INTEGER NOT NULL
);
"""
_KEEP = "INSERT INTO checked VALUES (?, ?, ?, ?, ?)"
_EARLIER = "SELECT line, content, id FROM checked WHERE id = ? OR name = ?"
_TO_STORE = "SELECT line, id, content FROM checked WHERE store ORDER BY line"


def read_rows(file: io.BufferedIOBase, file_format: Format, resource: Resource) -> Iterator[Any]:
    """Give (line, row) for each row of a file, or (line, reason) for one that cannot be read."""
    if file_format == "ndjson":
        return _read_ndjson(file)
    return _read_csv(file, resource)


def _read_ndjson(file: io.BufferedIOBase) -> Iterator[tuple[int, Row | str]]:
    for line, text in enumerate(iter(lambda: file.readline(MAX_LINE_BYTES), b""), 1):
        if not text.strip():
            continue
        try:
            row = orjson.loads(text.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError:
            yield line, "is not valid JSON in UTF-8."
            continue
        yield line, row if isinstance(row, dict) else "is not a JSON object."


def _read_csv(file: io.BufferedIOBase, resource: Resource) -> Iterator[tuple[int, Row | str]]:
    csv.field_size_limit(MAX_LINE_BYTES)
    # Decoded line by line: an error is then known by its line.
    reader = csv.reader(_decoded_lines(file), strict=True)
    kinds = resource.kinds
    line = 1
    try:
        header = next(reader, [])
        if problem := _header_problem(header, resource):
            yield 1, problem
            return
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                yield line, _from_cells(dict(zip(header, cells, strict=True)), resource, kinds)
            elif cells:
                yield line, f"has {len(cells)} cells, the first line {len(header)}."
            line = reader.line_num + 1
    except UnicodeDecodeError:
        yield reader.line_num + 1, "is not UTF-8; nothing after it was read."
    except csv.Error:
        yield line, "is not valid CSV; nothing after it was read."


def _decoded_lines(file: io.BufferedIOBase) -> Iterator[str]:
    for number, line in enumerate(file):
        yield line.decode("utf-8-sig" if number == 0 else "utf-8")


def _header_problem(header: list[str], resource: Resource) -> str | None:
    known = resource.schema.fields
    unknown = [name for name in header if name not in known]
    if unknown or len(set(header)) != len(header):
        return f"must name each column once, out of: {', '.join(known)}."
    return None


def _from_cells(cells: dict[str, str], resource: Resource, kinds: dict[str, str]) -> Row:
    row: Row = {}
    for name, cell in cells.items():
        kind = kinds[name]
        if kind == "list":
            row[name] = [part for part in cell.split("|") if part]
        elif cell:
            row[name] = _from_cell(cell, kind)
        elif resource.schema.fields[name].allow_none:
            row[name] = None
    return row


def _from_cell(cell: str, kind: str) -> Any:
    if kind == "number" and _NUMBER.fullmatch(cell):
        return json.loads(cell, parse_int=_to_int)
    if kind == "boolean" and cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    return cell[1:] if cell[0] == "'" and _FORMULA.match(cell) else cell


def _to_int(digits: str) -> float:
    # Longer than any number here is: as a float it can be read, and is refused for its size.
    return int(digits) if len(digits) < 20 else float(digits)


def write_rows(
    out: TextIO, file_format: Format, resource: Resource, numbers: "array[int] | None" = None
) -> Iterator[int]:
    """Write every row of a resource, or those of some numbers; yields after each."""
    rows = resource.export(numbers)
    if file_format == "ndjson":
        for row in rows:
            out.write(orjson.dumps(row).decode() + "\n")
            yield 1
        return
    writer = csv.writer(out, lineterminator="\r\n")
    names = list(resource.kinds)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_to_cell(row[name]) for name in names])
        yield 1


def csv_of(resource: Resource, numbers: "array[int]") -> Iterator[str]:
    """Give the rows of some numbers as `write_rows` writes them, some at a time."""
    out = io.StringIO(newline="")
    for _ in write_rows(out, "csv", resource, numbers):
        if out.tell() > CHUNK_LENGTH:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _to_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(value)
    if not isinstance(value, str):
        return json.dumps(value)
    if _FORMULA.match(value) and not _TELEPHONE_NUMBER.fullmatch(value):
        return "'" + value
    return value
