"""What commands share: the application around them, values as people write them, what is shown."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from app.transfer.storing import Report

_UNITS_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}


def with_app(
    function: Callable[..., Any], *, read_only: bool = False, creates: bool = False
) -> Callable[..., Any]:
    """Run a command inside the application, its database opened and migrated.

    One that is `read_only` also works where the database cannot be written; one that `creates`
    makes a database that is not there.
    """

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        from flask import current_app

        from app import create_app
        from app.config import load_settings

        if current_app:
            return function(*args, **kwargs)
        how = {"READ_ONLY": read_only, "MUST_EXIST": not creates}
        with create_app(load_settings() | how).app_context():
            return function(*args, **kwargs)

    return run


with_app_to_read = partial(with_app, read_only=True)
with_app_to_fill = partial(with_app, creates=True)


class Duration(click.ParamType[int]):
    """A length of time such as 90d, 24h or 30m, in milliseconds."""

    name = "duration"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"([0-9]{1,6})([mhd])", value, re.ASCII)
        if not match or (int(match[1]) == 0 and param and param.name == "expires"):
            self.fail(f"{value} is not a length of time such as 90d, 24h or 30m.")
        return int(match[1]) * _UNITS_MS[match[2]]


RESOURCE = click.Choice(["calls", "patients", "tags"])
FORMAT = click.Choice(["ndjson", "csv"])


def file_format(file: Path, chosen: str | None) -> Any:
    """Give the format of a file: the chosen one, else by its ending, NDJSON for `-`."""
    if chosen:
        return chosen
    ending = file.suffix.lower()
    if str(file) == "-" or ending in (".ndjson", ".jsonl"):
        return "ndjson"
    if ending == ".csv":
        return "csv"
    raise click.UsageError("The file's ending must be .ndjson or .csv, or give --format.")


def read_date(option: str, text: str | None) -> int | None:
    """Give the instant that a date or an instant means in the clinic's time zone."""
    from flask import current_app

    from app.instants import parse_instant

    try:
        return parse_instant(text, current_app.config["CLINIC_TIMEZONE"]) if text else None
    except ValueError:
        raise click.UsageError(f"{option} must be a date such as 2026-01-31.") from None


DONE_BEFORE = click.option(
    "--done-before", metavar="DATE", help="Open calls of before this date come in as done."
)


@contextmanager
def progress(label: str, length: int | None = None) -> Iterator[Any]:
    """Show how far a command is, on standard error where that is a terminal, nowhere else.

    Gives click's bar: `update(steps)`, and `length` for where that comes to be known late.
    """
    bar = click.progressbar(
        length=length or 0,
        label=label,
        show_pos=True,
        width=20,
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
        # To draw it takes longer than most steps.
        update_min_steps=1 + (length or 2_000) // 40,
    )
    bar.length = length
    with bar:
        try:
            yield bar
            if bar.length is None:
                bar.finish()
        finally:
            # The steps since it was drawn last.
            bar.update_min_steps = 0
            bar.update(0)


def counted(many: int, thing: str) -> str:
    """Give how many things there are, in words: `1 call`, `2 calls`."""
    return f"{many} {thing}{'s' * (many != 1)}"


def tell_bad(report: "Report", *, after: int = 0) -> None:
    """Print what could not be stored, each with its reason, from the one numbered `after` on."""
    for reason in report.bad[after:]:
        click.echo(reason, err=True)
    if report.bad_count > max(len(report.bad), after):
        more = counted(report.bad_count - len(report.bad), "more bad row")
        click.echo(f"... and {more}.", err=True)


def echo_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of cells in columns; the first row is the heading."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
