"""What the service takes before it is asked anything: its start, its files, what is installed."""

import sys
import tempfile
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from statistics import median

from bench.data import DATA, PROJECT_ROOT, Clinic
from bench.databases import COPY, output_of, service_database
from bench.report import Bar, Results, at_most, table
from bench.servers import BenchFailed, python, serving
from bench.stacks import SERVICE, service
from bench.turns import Bench

TRANSCRIPT_CHARS = 2000
INSTALLED, INSTALLED_MB = "installed packages", 45


def measure(bench: Bench) -> Results:
    """Give the start in s; the bytes of databases, of their calls' files, and of packages."""
    plan = bench.plan
    clinics = [Clinic(size) for size in plan.sizes]
    clinics.append(Clinic(plan.transcript_size, TRANSCRIPT_CHARS))
    files = {}
    for clinic in clinics:
        bench.say(f"{clinic.name} calls: sizes")
        database = service_database(clinic)
        files[clinic.name] = {
            "calls": clinic.calls,
            "long": clinic.transcript_chars is not None,
            "database": database.path.stat().st_size,
            "file": clinic.file("calls").stat().st_size,
        }
    bench.say("start and packages")
    starts = [_start_s(clinics[0]) for _ in range(plan.starts)]
    return {"files": files, "start_s": median(starts), "installed": _installed_bytes()}


def _start_s(clinic: Clinic) -> float:
    """Start the service and give the seconds until it first answers."""
    with serving(service(service_database(clinic))) as servers:
        return servers[SERVICE].started_in_s


def _installed_bytes() -> int | None:
    """Install what the service needs into an empty folder; None where no index is reachable."""
    setup = ConfigParser()
    setup.read(PROJECT_ROOT / "setup.cfg")
    needed = setup["options"]["install_requires"].strip().splitlines()
    with tempfile.TemporaryDirectory(prefix=COPY, dir=DATA) as folder:
        try:
            output_of(python("pip", "install", "--quiet", "--target", folder, *needed))
        except BenchFailed as error:
            print(error, file=sys.stderr)
            return None
        return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())


def bars(found: Results) -> Iterator[Bar]:
    """Hold databases against the files of their calls; the start, and what is installed."""
    for each in found["files"].values():
        kind, most = (" with long transcripts", 2.0) if each["long"] else ("", 1.5)
        what = f"database against the calls' NDJSON{kind}, {each['calls']:,} calls"
        yield at_most(what, each["database"] / each["file"], most, "times")
    yield at_most("start to the first answer", found["start_s"], 0.35, "s")
    if found["installed"] is None:
        yield Bar(INSTALLED, f"at most {INSTALLED_MB} MB", "no package index was reachable", None)
    else:
        yield at_most(INSTALLED, found["installed"] / 1e6, INSTALLED_MB, "MB")


def tables(found: Results) -> Iterator[str]:
    """Give the sizes of the files."""
    yield "## Files, in MB"
    rows = [
        (name, *(f"{each[key] / 1e6:,.0f}" for key in ("file", "database")))
        for name, each in found["files"].items()
    ]
    yield table(("clinic", "calls' NDJSON", "database"), rows)
