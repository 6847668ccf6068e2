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
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "code": _code(),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB",
        "system": f"{_system()}, Linux {platform.release()}",
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
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    for line in _lines(Path("/etc/os-release")):
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip('"')
    return platform.system()


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
