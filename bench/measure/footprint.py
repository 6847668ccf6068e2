"""What the service takes before it is asked anything: its start, its files."""

from collections.abc import Iterator
from statistics import median

from bench.data import Clinic
from bench.databases import service_database
from bench.report import Bar, Results, at_most, table
from bench.servers import serving
from bench.stacks import SERVICE, service
from bench.turns import Bench

TRANSCRIPT_CHARS = 2000


def measure(bench: Bench) -> Results:
    """Give the start in s; the bytes of databases, and of their calls' files."""
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
    bench.say("start")
    starts = [_start_s(clinics[0]) for _ in range(plan.starts)]
    return {"files": files, "start_s": median(starts)}


def _start_s(clinic: Clinic) -> float:
    """Start the service and give the seconds until it first answers."""
    with serving(service(service_database(clinic))) as servers:
        return servers[SERVICE].started_in_s


def bars(found: Results) -> Iterator[Bar]:
    """Hold databases against the files of their calls; the start."""
    for each in found["files"].values():
        kind, most = (" with long transcripts", 2.0) if each["long"] else ("", 1.5)
        what = f"database against the calls' NDJSON{kind}, {each['calls']:,} calls"
        yield at_most(what, each["database"] / each["file"], most, "times")
    yield at_most("start to the first answer", found["start_s"], 0.35, "s")


def tables(found: Results) -> Iterator[str]:
    """Give the sizes of the files."""
    yield "## Files, in MB"
    rows = [
        (name, *(f"{each[key] / 1e6:,.0f}" for key in ("file", "database")))
        for name, each in found["files"].items()
    ]
    yield table(("clinic", "calls' NDJSON", "database"), rows)
