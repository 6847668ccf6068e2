"""clinic-calls export: write calls, patients or tags to a file."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from app.commands.context import FORMAT, RESOURCE, file_format, progress, with_app_to_read
from app.transfer.files import write_rows
from app.transfer.resources import RESOURCES


@click.command(name="export")
@click.argument("resource_name", metavar="calls|patients|tags", type=RESOURCE)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "chosen", type=FORMAT, help="Instead of by the file's ending.")
@with_app_to_read
def command(resource_name: str, file: Path, chosen: str) -> None:
    """Write every row to FILE (NDJSON or CSV by its ending; - for standard output).

    NDJSON comes back unchanged from import. The file is readable by its owner only.
    """
    resource = RESOURCES[resource_name]
    form = file_format(file, chosen)
    with progress("Writing") as bar, _open(file) as out:
        for step in write_rows(out, form, resource):
            bar.update(step)


@contextmanager
def _open(file: Path) -> Iterator[TextIO]:
    """Open a new file for its owner only, in place once it is whole; a pipe as it is."""
    if str(file) == "-":
        # UTF-8, whatever the terminal's encoding is.
        out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        try:
            yield out
        finally:
            out.detach()
    elif file.is_symlink():
        raise click.ClickException(f"{file} is a symbolic link; name the file itself.")
    elif file.exists() and not file.is_file():
        with file.open("w", encoding="utf-8", newline="") as pipe:
            yield pipe
    else:
        # Without a name until it is whole: nothing is left of it, however the process ends.
        partial = file.with_name(f".{file.name}.{os.urandom(4).hex()}")
        try:
            descriptor = _create(file.parent, partial)
        except OSError as error:
            error.filename = file
            raise
        try:
            with open(descriptor, "w", encoding="utf-8", newline="") as whole:
                yield whole
                whole.flush()
                if not partial.exists():
                    # Only with a folder's descriptor, needed or not, is the link in /proc followed.
                    os.link(f"/proc/self/fd/{descriptor}", partial, src_dir_fd=descriptor)
            os.replace(partial, file)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def _create(folder: Path, name: Path) -> int:
    """Open a new file in a folder, without its name where the file system allows."""
    try:
        return os.open(folder, os.O_WRONLY | os.O_TMPFILE, 0o600)
    except OSError:
        return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
