"""clinic-calls export: write calls, patients or tags to a file."""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from app.commands.context import FORMAT, RESOURCE, file_format, progress, with_app
from app.transfer.files import write_rows
from app.transfer.resources import RESOURCES


@click.command(name="export")
@click.argument("resource_name", metavar="calls|patients|tags", type=RESOURCE)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "chosen", type=FORMAT, help="Instead of by the file's ending.")
@with_app
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
        try:
            descriptor, partial = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        except OSError as error:
            error.filename = file
            raise
        try:
            with open(descriptor, "w", encoding="utf-8", newline="") as whole:
                yield whole
            os.replace(partial, file)
        except BaseException:
            os.unlink(partial)
            raise
