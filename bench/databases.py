"""The databases that are asked, made once from a clinic's files and kept for the next run.

What writes works on a copy, so that a kept database always holds what its files hold.
"""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bench.data import BENCH, DATA, PROJECT_ROOT, TIMEZONE, Clinic, code_key, drop_stale, make_files
from bench.natural import build
from bench.servers import BenchFailed, Contestant, memory_mb, python

WEBHOOK_SECRET = "bench-webhook-secret"
# Counted, but never reached: checking the rate is part of every request.
RATE_LIMIT = "10000000"
# What decides how a call of a file looks in the database.
STORING_CODE = (
    *("models", "services", "transfer", "schemas"),
    *("words.*", "phones.*", "languages*", "instants.*"),
)


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """A database of this service, the key to it, and what was seen while it was made."""

    path: Path
    key: str
    import_s: float
    import_peak_mb: float
    size: int


def service_environ(path: Path) -> dict[str, str]:
    """Give the settings under which the service is measured; the rest are its defaults."""
    return {
        "DATABASE_URL": f"sqlite:///{path}",
        "CLINIC_TIMEZONE": TIMEZONE,
        "RATE_LIMIT": RATE_LIMIT,
        "RETELL_API_KEY": WEBHOOK_SECRET,
    }


def service(database: ServiceDatabase) -> Contestant:
    """Give the service itself, as `clinic-calls serve` starts it."""
    return Contestant(
        "clinic-calls",
        python("app.commands", "serve", "--port", "{port}"),
        "/health",
        service_environ(database.path),
        {"X-API-Key": database.key},
    )


def service_database(clinic: Clinic) -> ServiceDatabase:
    """Give the clinic's database, imported by the service's own command unless it is there."""
    make_files(clinic)
    app = PROJECT_ROOT / "app"
    parts = sorted(part for pattern in STORING_CODE for part in app.glob(pattern))
    path = DATA / f"service-{clinic.folder.name}-{code_key(*parts)}.db"
    notes = path.with_suffix(".json")
    if not notes.exists():
        drop_stale(f"service-clinic-{clinic.name}-*")
        notes.write_bytes(orjson.dumps(_import_all(clinic, path)))
    return ServiceDatabase(path, **orjson.loads(notes.read_bytes()))


def _import_all(clinic: Clinic, path: Path) -> dict[str, Any]:
    import_people(clinic, path)
    import_s, peak_mb = import_calls(clinic, path)
    key = run_command(path, "keys", "create", "bench", "--scope", "write").strip()
    return {"key": key, "import_s": import_s, "import_peak_mb": peak_mb, "size": size_of(path)}


def import_people(clinic: Clinic, path: Path) -> None:
    """Make a new database that holds the clinic's tags and patients."""
    for resource in ("tags", "patients"):
        run_command(path, "import", resource, str(clinic.file(resource)))


def import_calls(clinic: Clinic, path: Path) -> tuple[float, float]:
    """Import a clinic's calls by the command; give its seconds and its most memory, in MB."""
    command = python("app.commands", "import", "calls", str(clinic.file("calls")))
    return timed_process(command, service_environ(path))


def timed_process(command: list[str], environ: dict[str, str]) -> tuple[float, float]:
    """Run a command to its end; give its seconds and its most memory (resident set), in MB."""
    began, peak_mb = time.perf_counter(), 0.0
    with subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        env=os.environ | environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        while process.poll() is None:
            # The kernel keeps the peak: the last look before the end is enough.
            peak_mb = max(peak_mb, memory_mb(process.pid, "VmHWM"))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        elapsed = time.perf_counter() - began
        _check(command, process.returncode, process.stderr.read() if process.stderr else b"")
    return elapsed, peak_mb


def run_command(path: Path, *arguments: str) -> str:
    """Run a command of the service on a database and give what it prints."""
    done = subprocess.run(
        python("app.commands", *arguments),
        cwd=PROJECT_ROOT,
        env=os.environ | service_environ(path),
        capture_output=True,
        check=False,
    )
    _check(list(arguments), done.returncode, done.stderr)
    return done.stdout.decode()


def _check(command: list[str], code: int, errors: bytes) -> None:
    if code:
        raise BenchFailed(f"{' '.join(command)} failed: {errors.decode(errors='replace')[-500:]}")


def size_of(path: Path) -> int:
    """Give the bytes of a database with what is not yet written back into its file."""
    parts = [path, Path(f"{path}-wal")]
    return sum(part.stat().st_size for part in parts if part.exists())


def natural_database(clinic: Clinic) -> Path:
    """Give the same clinic in the tables that the other stacks use."""
    make_files(clinic)
    key = code_key(BENCH / "natural.py")
    path = DATA / f"natural-{clinic.folder.name}-{key}.db"
    if not path.exists():
        drop_stale(f"natural-clinic-{clinic.name}-*")
        build(clinic, path)
    return path


@contextlib.contextmanager
def copy_of(database: ServiceDatabase) -> Iterator[ServiceDatabase]:
    """Give a copy to write to, which is gone afterwards."""
    folder = DATA / "copies"
    folder.mkdir(exist_ok=True)
    number = len(list(folder.glob("*.db")))
    path = folder / f"{database.path.stem}-{number}.db"
    shutil.copyfile(database.path, path)
    # Otherwise the kernel would still be writing the copy while something else is measured.
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    try:
        yield ServiceDatabase(
            path, database.key, database.import_s, database.import_peak_mb, database.size
        )
    finally:
        for leftover in folder.glob(f"{path.name}*"):
            leftover.unlink()
