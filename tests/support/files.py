"""Files to import: rows as NDJSON and as CSV, and ids for them."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

# Imports rows, or a text as it is; exports and gives what stands in the file.
Import = Callable[..., Result]
Export = Callable[..., str]

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
OTHER_ID = "79bb2334-b984-42d0-8457-b6d4656572a6"
THIRD_ID = "7816ad04-13a1-43c4-a82c-ef3a14e81f82"


def ndjson(*rows: Any) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def from_ndjson(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def csv_text(*rows: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def from_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def numbered_ids(count: int) -> list[str]:
    return [f"{number:08d}-0000-4000-8000-000000000000" for number in range(count)]


def write_calls(file: Path, count: int) -> Path:
    """Write so many calls of a quarter of a kilobyte each."""
    with file.open("w") as out:
        for number, call_id in enumerate(numbered_ids(count)):
            day, second = number % 28 + 1, number % 60
            started_at = f"2024-01-{day:02d}T10:{number // 60 % 60:02d}:{second:02d}Z"
            row = {"id": call_id, "started_at": started_at, "summary": f"Call {number} " * 10}
            out.write(json.dumps(row) + "\n")
    return file
