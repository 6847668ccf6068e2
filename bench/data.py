"""The clinics whose calls are asked for: generated files, kept under bench/data/ for the next run.

A clinic of a million calls is ten years old; a smaller one is younger and has fewer patients, in
proportion, so that only the amount of data differs between sizes.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from app.demo import DemoClinic, make_clinic
from app.instants import format_instant

BENCH = Path(__file__).parent
PROJECT_ROOT = BENCH.parent
DATA = BENCH / "data"

TODAY = date(2025, 7, 1)
TIMEZONE = "America/New_York"
DAY_MS = 86_400_000
CALLS_A_DAY = 274
CALLS_A_PATIENT = 33
SEED = 1

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clinic:
    """One clinic's files: `tags.ndjson`, `patients.ndjson` and `calls.ndjson` in its folder."""

    calls: int
    transcript_chars: int | None = None

    @property
    def days(self) -> int:
        return max(7, self.calls // CALLS_A_DAY)

    @property
    def name(self) -> str:
        return f"transcripts-{self.calls}" if self.transcript_chars else str(self.calls)

    @property
    def folder(self) -> Path:
        key = code_key(PROJECT_ROOT / "app" / "demo", BENCH / "data.py")
        return DATA / f"clinic-{self.name}-{key}"

    def file(self, resource: str) -> Path:
        return self.folder / f"{resource}.ndjson"

    def rows(self, resource: str) -> Iterator[Row]:
        with self.file(resource).open("rb") as lines:
            yield from map(orjson.loads, lines)

    def moments(self, count: int) -> list[int]:
        """Give instants, in ms, spread evenly over the time of the calls."""
        end_ms, span_ms = _midnight_ms(0), self.days * DAY_MS
        return [(end_ms - span_ms * at // count) // 1000 * 1000 for at in range(count)]

    @property
    def picks(self) -> Row:
        """Give ids and instants that occur in this clinic's calls, for queries to ask for."""
        picks: Row = orjson.loads((self.folder / "picks.json").read_bytes())
        return picks


@cache
def code_key(*paths: Path) -> str:
    """Give a short text that changes with the code and texts at these paths; one run sees one."""
    digest = sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in (file for file in files if file.is_file() and file.suffix != ".pyc"):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:10]


def make_files(clinic: Clinic) -> Clinic:
    """Generate a clinic's files unless they are there already, and drop those of older code."""
    if clinic.folder.exists():
        return clinic
    drop_stale(f"clinic-{clinic.name}-*")
    unfinished = DATA / f"unfinished-{clinic.name}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    generated = _generate(clinic)
    _write(unfinished / "tags.ndjson", generated.tags)
    _write(unfinished / "patients.ndjson", generated.patients)
    picks = _write_calls(unfinished / "calls.ndjson", generated, clinic.days)
    picks["tags"] = {tag["name"]: tag["id"] for tag in generated.tags}
    (unfinished / "picks.json").write_bytes(orjson.dumps(picks))
    unfinished.rename(clinic.folder)
    return clinic


def drop_stale(pattern: str) -> None:
    """Remove what earlier versions of the generator or the tables left behind."""
    for path in DATA.glob(pattern):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _generate(clinic: Clinic) -> DemoClinic:
    return make_clinic(
        calls=clinic.calls,
        patients=clinic.calls // CALLS_A_PATIENT,
        days=clinic.days,
        seed=SEED,
        today=TODAY,
        timezone=ZoneInfo(TIMEZONE),
        transcripts=clinic.transcript_chars is not None,
        transcript_chars=clinic.transcript_chars,
    )


def _write(path: Path, rows: list[Row]) -> None:
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))


def _write_calls(path: Path, generated: DemoClinic, days: int) -> Row:
    patients: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    with path.open("wb") as file:
        for row in generated.calls():
            file.write(orjson.dumps(row) + b"\n")
            patients[row["patient_id"] or ""] += 1
            numbers[row["customer_number"] or ""] += 1
    return {
        "patient_id": _typical(patients),
        "customer_number": _typical(numbers),
        "week_start": _days_ago(days // 2 + 7),
        "week_end": _days_ago(days // 2),
        "long_ago": _days_ago(days * 9 // 10),
    }


def _typical(counts: "Counter[str]") -> str:
    """Give the text that occurs about as often as one does on average."""
    counts.pop("", None)
    mean = counts.total() / len(counts)
    return min(counts, key=lambda text: (abs(counts[text] - mean), text))


def _days_ago(days: int) -> str:
    return format_instant(_midnight_ms(days))


def _midnight_ms(days: int) -> int:
    """Give the beginning of the day so many days before the last one."""
    midnight = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=ZoneInfo(TIMEZONE))
    return int((midnight - timedelta(days=days)).timestamp() * 1000)
