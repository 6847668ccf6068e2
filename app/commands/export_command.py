"""clinic-calls export: write calls, patients or tags to a file."""

import os
import sys
from pathlib import Path

import click
from tqdm import tqdm

from app.commands.context import FORMAT, RESOURCE, file_format, with_app


@click.command(name="export")
@click.argument("resource_name", metavar="calls|patients|tags", type=RESOURCE)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "chosen", type=FORMAT, help="Instead of by the file's ending.")
@with_app
def command(resource_name: str, file: Path, chosen: str) -> None:
    """Write every row to FILE (NDJSON or CSV by its ending; - for standard output).

    NDJSON comes back unchanged from import. The file is readable by its owner only.
    """
    from app.resources import RESOURCES
    from app.transfer import write_rows

    resource = RESOURCES[resource_name]
    form = file_format(file, chosen)
    with tqdm(desc="Writing", unit=" rows", disable=None) as bar:
        if str(file) == "-":
            for step in write_rows(sys.stdout, form, resource):
                bar.update(step)
            return
        # Written beside and renamed: a file of this name is always whole.
        partial = file.with_name(file.name + ".part")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8", newline="") as out:
            for step in write_rows(out, form, resource):
                bar.update(step)
        partial.replace(file)
