"""clinic-calls undelete: bring a deleted call back."""

import click

from app.commands.context import with_app
from app.problems import Problem
from app.services.calls import calls


@click.command(name="undelete")
@click.argument("call_id", metavar="ID")
@with_app
def command(call_id: str) -> None:
    """Bring back the deleted call ID, up to date with what has arrived of it since."""
    try:
        calls.undelete(call_id)
    except Problem as error:
        raise click.ClickException(str(error.message)) from None
    click.echo(f"The call {call_id} is back.", err=True)
