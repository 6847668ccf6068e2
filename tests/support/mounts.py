"""File systems for a test: a full one, and one that cannot be written."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def tiny(folder: Path, free_bytes: int) -> Iterator[Path]:
    """Mount a file system of 1 MiB on a folder, of which no more than this is free."""
    with _mounted(folder, "-t", "tmpfs", "-o", "size=1m", "tmpfs"):
        (folder / "filling").write_bytes(bytes(1024 * 1024 - free_bytes))
        yield folder


@contextmanager
def read_only(source: Path, folder: Path) -> Iterator[Path]:
    """Show a folder as another one in which nothing can be written, not even by root."""
    with _mounted(folder, "--bind", str(source)):
        _run("mount", "-o", "remount,bind,ro", str(folder))
        yield folder


@contextmanager
def _mounted(folder: Path, *what: str) -> Iterator[None]:
    folder.mkdir()
    if not _run("mount", *what, str(folder)):
        pytest.skip("NOT TESTED: to mount a file system takes root")
    try:
        yield
    finally:
        assert _run("umount", str(folder))


def _run(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
