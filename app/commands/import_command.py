"""clinic-calls import: store the calls, patients or tags of a file."""

import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from app.commands.context import (
    DONE_BEFORE,
    FORMAT,
    RESOURCE,
    counted,
    file_format,
    progress,
    read_date,
    tell_bad,
    with_app_to_fill,
)
from app.transfer.files import Importer, read_rows
from app.transfer.resources import RESOURCES


@click.command(name="import")
@click.argument("resource_name", metavar="calls|patients|tags", type=RESOURCE)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "chosen", type=FORMAT, help="Instead of by the file's ending.")
@click.option("--dry-run", is_flag=True, help="Only check; store nothing.")
@click.option("--skip-bad", is_flag=True, help="Store the good rows although there are bad ones.")
@click.option("--update", is_flag=True, help="Take over other content of known ids.")
@DONE_BEFORE
@with_app_to_fill
def command(
    resource_name: str,
    file: Path,
    chosen: str,
    dry_run: bool,
    skip_bad: bool,
    update: bool,
    done_before: str | None,
) -> None:
    """Store the rows of FILE (NDJSON or CSV by its ending; - for standard input).

    The whole file is checked before anything is stored. Rows already known with the same content
    are skipped, so a second run changes nothing.
    """
    resource = RESOURCES[resource_name]
    form = file_format(file, chosen)
    if done_before and resource_name != "calls":
        raise click.UsageError("--done-before is for calls.")
    importer = Importer(
        resource,
        update=update,
        link=form == "csv",
        done_before=read_date("--done-before", done_before),
    )
    with closing(importer), _open(file) as source:
        rows = read_rows(source, form, resource)
        with progress("Checking") as bar:
            importer.check(_counted(rows, bar))
        report = importer.report
        tell_bad(report)
        if report.bad_count and not skip_bad:
            raise click.ClickException(
                f"{counted(report.bad_count, 'bad row')}; nothing was stored."
            )
        if dry_run:
            click.echo(
                f"{importer.waiting} to store, {report.unchanged} known. Nothing was stored."
            )
            return
        with progress("Storing", importer.waiting) as bar:
            bad_before = report.bad_count
            importer.store(bar.update)
        tell_bad(report, after=bad_before)
    skipped = f", {report.bad_count} bad" if report.bad_count else ""
    click.echo(
        f"{report.created} created, {report.updated} updated, {report.unchanged} known{skipped}."
    )
    if report.bad_count and not skip_bad:
        raise click.ClickException("Some rows met others that were written meanwhile.")


def _open(file: Path) -> Any:
    return sys.stdin.buffer if str(file) == "-" else file.open("rb")


def _counted(rows: Any, bar: Any) -> Any:
    for row in rows:
        yield row
        bar.update(1)
