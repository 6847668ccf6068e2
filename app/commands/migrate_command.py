"""clinic-calls migrate: apply pending migrations and say where the tables stand."""

import click

from app.commands.context import with_app_to_fill
from app.models.engine import database
from app.models.opening import migrations


@click.command(name="migrate")
@with_app_to_fill
def command() -> None:
    """Bring the database's tables up to date; opening the database does the same."""
    click.echo(f"{database.path} is at version {len(migrations())}, the newest.")
