"""Taking in a file of calls: the import with validation and search index beside a bare loader."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench.bench import Bench
from bench.data import DATA, Clinic, make_files
from bench.databases import (
    import_calls,
    import_people,
    service_database,
    size_of,
    timed_process,
)
from bench.servers import python


def measure(bench: Bench) -> dict[str, Any]:
    """Give both loaders' medians in s, their memory and sizes, and the import's by size."""
    clinic = make_files(Clinic(bench.plan.import_size))
    rounds: dict[str, list[float]] = {"import": [], "bare loader": []}
    found: dict[str, Any] = {"calls": clinic.calls, "peak_mb": {}, "size": {}}
    with _people_database(clinic) as people:
        for number in range(bench.plan.import_rounds):
            for name in rounds if number % 2 == 0 else reversed(rounds):
                bench.say(f"{clinic.calls:,} calls: {name}")
                seconds, peak_mb, size = _load(name, clinic, people)
                rounds[name].append(seconds)
                found["peak_mb"][name], found["size"][name] = peak_mb, size
    found["seconds"] = {name: median(times) for name, times in rounds.items()}
    found["by_size"] = {str(size): _import_of(Clinic(size)) for size in bench.plan.sizes}
    largest = Clinic(max(bench.plan.sizes))
    if largest.calls > clinic.calls:
        bench.say(f"{largest.calls:,} calls: bare loader")
        with _people_database(make_files(largest)) as people:
            found["largest"] = {"calls": largest.calls, **_import_of(largest)}
            found["largest"]["bare_seconds"] = _load("bare loader", largest, people)[0]
    return found


def _import_of(clinic: Clinic) -> dict[str, float]:
    """Give what was seen when the size's database was made, perhaps in an earlier run."""
    database = service_database(clinic)
    return {"seconds": database.import_s, "peak_mb": database.import_peak_mb}


@contextlib.contextmanager
def _people_database(clinic: Clinic) -> Iterator[Path]:
    """Give a database of the clinic's tags and patients, where no call is stored yet."""
    folder = DATA / "loading"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        import_people(clinic, folder / "people.db")
        yield folder / "people.db"
    finally:
        shutil.rmtree(folder)


def _load(name: str, clinic: Clinic, people: Path) -> tuple[float, float, int]:
    path = people.with_name("loaded.db")
    shutil.copyfile(people, path)
    # What the one before left to be written must not be written during this one.
    os.sync()
    if name == "import":
        seconds, peak_mb = import_calls(clinic, path)
    else:
        command = python("bench.bare_loader", str(path), str(clinic.file("calls")))
        seconds, peak_mb = timed_process(command, {})
    size = size_of(path)
    for leftover in path.parent.glob("loaded.db*"):
        leftover.unlink()
    return seconds, peak_mb, size
