"""Taking in a file of calls: the import with validation and search index beside a bare loader."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import apsw

from bench.data import DATA, Clinic, make_files
from bench.databases import COPY, import_calls, import_people, timed_process
from bench.report import Bar, Results, at_most, table
from bench.servers import BenchFailed, python
from bench.turns import Bench

MOST = {100_000: 3, 1_000_000: 2.5}
LOADERS = ("import", "bare loader")
FILLED = ("call", "call_search")


def measure(bench: Bench) -> Results:
    """Give, by size and loader, the median in s and the most memory in MB."""
    return {
        size: _measure_size(bench, make_files(Clinic(size)), rounds)
        for size, rounds in bench.plan.import_rounds.items()
    }


def _measure_size(bench: Bench, clinic: Clinic, rounds: int) -> Results:
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in LOADERS}
    with tempfile.TemporaryDirectory(prefix=COPY, dir=DATA) as folder:
        people = Path(folder) / "people.db"
        import_people(clinic, people)
        for number in range(rounds):
            for name in LOADERS if number % 2 == 0 else reversed(LOADERS):
                bench.say(f"{clinic.calls:,} calls: {name}")
                found[name].append(_load(name, clinic, people))
    return {
        name: {"seconds": median(s for s, _ in each), "peak_mb": max(mb for _, mb in each)}
        for name, each in found.items()
    }


def _load(name: str, clinic: Clinic, people: Path) -> tuple[float, float]:
    """Load the calls into a copy; give the seconds and the most memory."""
    path = people.with_name("loaded.db")
    shutil.copyfile(people, path)
    # What the one before left to be written must not be written during this one.
    os.sync()
    if name == "import":
        seconds, peak_mb = import_calls(clinic, path)
    else:
        command = python("bench.bare_loader", str(path), str(clinic.file("calls")))
        seconds, peak_mb = timed_process(command, {})
    with contextlib.closing(apsw.Connection(str(path))) as connection:
        stored = {connection.execute(f"SELECT count(*) FROM {filled}").get for filled in FILLED}
    if stored != {clinic.calls}:
        raise BenchFailed(f"The {name} did not store each call and its words.")
    for leftover in path.parent.glob("loaded.db*"):
        leftover.unlink()
    return seconds, peak_mb


def bars(found: Results) -> Iterator[Bar]:
    """Hold the import against the bare loader."""
    for size, most in MOST.items():
        if size in found:
            ratio = found[size]["import"]["seconds"] / found[size]["bare loader"]["seconds"]
            yield at_most(f"import against a bare loader, {size:,} calls", ratio, most, "times")


def tables(found: Results) -> Iterator[str]:
    """Give the times and the memory."""
    yield "## Taking in a file of calls"
    rows = [
        (f"{name}, {size:,} calls", f"{each['seconds']:.1f} s", f"{each['peak_mb']:.0f} MB")
        for size, loaders in found.items()
        for name, each in loaders.items()
    ]
    yield table(("what", "time", "memory at its most"), rows)
