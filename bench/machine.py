"""Where a run was made: the machine, the versions, the state of the code."""

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import apsw

from bench.data import PROJECT_ROOT

PACKAGES = (
    *("flask", "waitress", "apsw", "orjson", "peewee", "marshmallow", "flask-smorest"),
    *("fastapi", "pydantic", "sqlalchemy", "uvicorn", "datasette"),
)


def describe() -> dict[str, str]:
    """Give what a reader must know to compare figures, by name."""
    system = platform.freedesktop_os_release()
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "code": _code(),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB",
        "system": f"{system['PRETTY_NAME']}, Linux {platform.release()}",
        "Python": platform.python_version(),
        "SQLite": f"{apsw.sqlite_lib_version()} in apsw, {sqlite3.sqlite_version} in Python",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "load before": f"{os.getloadavg()[0]:.2f} processes in the minute before",
    }


def _code() -> str:
    commit = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--", "app", "bench", "setup.cfg")
    return f"{commit or 'unknown'}{' with changes' if changed else ''}"


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip()


def _processor() -> str:
    about = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in about if line.startswith("model name"))
    return next(names, platform.machine())
