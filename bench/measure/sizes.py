"""How large the database is beside the file that its calls came from."""

from typing import Any

from bench.bench import Bench
from bench.data import Clinic
from bench.databases import service_database

TRANSCRIPT_CHARS = 2000


def measure(bench: Bench) -> dict[str, Any]:
    """Give the bytes of both, by clinic: without transcripts, and once with them."""
    clinics = [Clinic(size) for size in bench.plan.sizes]
    clinics.append(Clinic(bench.plan.transcript_size, TRANSCRIPT_CHARS))
    found = {}
    for clinic in clinics:
        bench.say(f"{clinic.name}: sizes")
        database = service_database(clinic)
        found[clinic.name] = {
            "calls": clinic.calls,
            "database": database.size,
            "file": clinic.file("calls").stat().st_size,
        }
    return found
