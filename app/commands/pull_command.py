"""clinic-calls pull: copy calls from another API that answers like this one."""

import re
from contextlib import closing
from pathlib import Path

import click

from app.commands.context import DONE_BEFORE, progress, read_date, tell_bad, with_app_to_fill
from app.config import read_secret
from app.instants import format_instant
from app.transfer.pull import PullReport, pull
from app.transfer.source import PullError, Source


@click.command(name="pull")
@click.option("--from", "url", required=True, metavar="URL", help="Where the other API is.")
@click.option("--since", metavar="DATE", help="Only calls that started on this date or later.")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file that holds the key; default: the settings CLINIC_PULL_KEY, CLINIC_PULL_KEY_FILE.",
)
@click.option(
    "--patience",
    "patience_s",
    type=click.IntRange(0, 86_400),
    default=300,
    show_default=True,
    help="Seconds until a page must be there, whole. 0: no second try, and a minute for each.",
)
@DONE_BEFORE
@with_app_to_fill
def command(
    url: str, since: str | None, key_file: Path | None, patience_s: int, done_before: str | None
) -> None:
    """Copy the calls of the API at URL, such as https://calls.clinic.example.

    Calls known here are brought up to date, but what a person here decided stays. After an
    interruption run it again. The key, which needs the scope read, is never an argument.
    """
    key = _read_key(key_file)
    report = PullReport()
    first, settled = read_date("--since", since), read_date("--done-before", done_before)
    try:
        since_text = "" if first is None else format_instant(first)
        source = Source(url, key, patience_s=patience_s, since=since_text)
        with closing(source):
            _warn(source, since)
            with progress("Copying") as bar:
                for step in pull(source, report, done_before=settled):
                    bar.length = step.total
                    bar.update(step.looked_at)
    except PullError as error:
        raise click.ClickException(f"{error} What was copied stays; run it again.") from None
    finally:
        tell_bad(report)
        click.echo(f"{report.added} added, {report.changed} changed, {report.skipped} skipped.")
    if report.bad_count:
        raise click.ClickException(f"{report.bad_count} calls are not valid and were left out.")


def _warn(source: Source, since: str | None) -> None:
    if since:
        click.echo("Calls that never started are left out: --since goes by the start.", err=True)
    if source.is_readable_on_the_way:
        click.echo(f"The key and the calls travel to {source.host} unencrypted.", err=True)


def _read_key(key_file: Path | None) -> str:
    """Give the key from a file or the environment, never from the command line."""
    if key_file:
        key = key_file.read_bytes().decode("utf-8", "replace").strip()
    else:
        key = read_secret("CLINIC_PULL_KEY")
    if not key:
        raise click.ClickException("Set CLINIC_PULL_KEY or CLINIC_PULL_KEY_FILE, or --key-file.")
    if not re.fullmatch(r"[!-~]+", key):
        raise click.ClickException("The key holds characters that no key has.")
    return key
