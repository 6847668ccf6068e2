"""The databases that are asked, made once from a clinic's files and kept for the next run.

What writes works on a copy, so that a kept database always holds what its files hold.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bench.data import BENCH, DATA, PROJECT_ROOT, TIMEZONE, Clinic, code_key, drop_stale, make_files
from bench.natural import build
from bench.servers import BenchFailed, peak_mb, python

# How the names of folders begin that are gone after a run.
COPY = "copy-"
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
    """A database of this service, and the key to it."""

    path: Path
    key: str


def service_environ(path: Path) -> dict[str, str]:
    """Give the settings under which the service is measured; the rest are its defaults."""
    return {
        "DATABASE_URL": f"sqlite:///{path}",
        "CLINIC_TIMEZONE": TIMEZONE,
        "RATE_LIMIT": RATE_LIMIT,
        "RETELL_API_KEY": WEBHOOK_SECRET,
    }


def service_database(clinic: Clinic) -> ServiceDatabase:
    """Give the clinic's database, imported by the service's own command unless it is there."""
    make_files(clinic)
    app = PROJECT_ROOT / "app"
    parts = sorted(part for pattern in STORING_CODE for part in app.glob(pattern))
    path = DATA / f"service-{clinic.folder.name}-{code_key(*parts)}.db"
    key = path.with_suffix(".key")
    if not key.exists():
        drop_stale(f"service-clinic-{clinic.name}-*")
        import_people(clinic, path)
        import_calls(clinic, path)
        key.write_text(_run(path, "keys", "create", "bench", "--scope", "write"))
    return ServiceDatabase(path, key.read_text().strip())


def import_people(clinic: Clinic, path: Path) -> None:
    """Make a new database that holds the clinic's tags and patients."""
    for resource in ("tags", "patients"):
        _run(path, "import", resource, str(clinic.file(resource)))


def import_calls(clinic: Clinic, path: Path) -> tuple[float, float]:
    """Import a clinic's calls by the command; give its seconds and its most memory, in MB."""
    command = python("app.commands", "import", "calls", str(clinic.file("calls")))
    return timed_process(command, service_environ(path))


def timed_process(command: list[str], environ: dict[str, str]) -> tuple[float, float]:
    """Run a command to its end; give its seconds and its most memory (resident set), in MB."""
    began, most_mb = time.perf_counter(), 0.0
    with subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        env=os.environ | environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        while process.poll() is None:
            # The kernel keeps the peak: the last look before the end is enough.
            most_mb = max(most_mb, peak_mb(process.pid))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        elapsed = time.perf_counter() - began
        _check(command, process.returncode, process.stderr.read() if process.stderr else b"")
    return elapsed, most_mb


def output_of(command: list[str], environ: dict[str, str] | None = None) -> str:
    """Run a command and give what it prints. Raises BenchFailed where it fails."""
    done = subprocess.run(
        command,
        cwd=PROJECT_ROOT,
        env=os.environ | (environ or {}),
        capture_output=True,
        check=False,
    )
    _check(command, done.returncode, done.stderr)
    return done.stdout.decode()


def _run(path: Path, *arguments: str) -> str:
    """Run a command of the service on a database and give what it prints."""
    return output_of(python("app.commands", *arguments), service_environ(path))


def _check(command: list[str], code: int, errors: bytes) -> None:
    if code:
        raise BenchFailed(f"{' '.join(command)} failed: {errors.decode(errors='replace')[-500:]}")


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
    with tempfile.TemporaryDirectory(prefix=COPY, dir=DATA) as folder:
        path = Path(folder) / database.path.name
        shutil.copyfile(database.path, path)
        # Otherwise the kernel would still be writing the copy while something else is measured.
        os.sync()
        yield replace(database, path=path)
