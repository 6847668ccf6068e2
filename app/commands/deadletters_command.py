"""clinic-calls deadletters: look through what providers sent and nobody could read."""

import click

from app.commands.context import echo_table, with_app
from app.instants import format_instant
from app.models.dead_letters import DeadLetter
from app.models.engine import database
from app.providers import PROVIDERS
from app.providers.webhooks import receiving as deliveries
from app.services.dead_letters import list_dead_letters


@click.group(name="deadletters")
def command() -> None:
    """List, show, replay and delete webhooks that were genuine but could not be read."""


@command.command(name="list")
@with_app
def list_letters() -> None:
    """List them, oldest first; nothing of what is in them is shown."""
    letters = list_dead_letters()
    if not letters:
        click.echo("No dead letters.")
        return
    rows = [("ID", "PROVIDER", "RECEIVED", "BYTES", "REASON")]
    for letter in letters:
        received = format_instant(letter.received_at // 1000 * 1000)
        rows.append((letter.id, letter.provider, received, str(letter.size), letter.reason))
    echo_table(rows)


@command.command()
@click.argument("letter_id", metavar="ID")
@with_app
def show(letter_id: str) -> None:
    """Write the body of the dead letter ID to standard output, byte for byte as it came."""
    click.echo(_find(letter_id).body, nl=False)


@command.command()
@click.argument("letter_id", metavar="[ID]", required=False)
@click.option("--all", "every", is_flag=True, help="All of them, oldest first.")
@with_app
def replay(letter_id: str | None, every: bool) -> None:
    """Read the dead letter ID again; what can be read now becomes a call and is kept no longer.

    Worth doing after an upgrade that reads more. Exits with 1 where one still cannot be read.
    """
    if every == bool(letter_id):
        raise click.UsageError("Give either an ID or --all.")
    ids = [letter.id for letter in list_dead_letters()] if every else [str(letter_id)]
    unread = sum(not _replay(_find(found)) for found in ids)
    if unread:
        raise click.ClickException(f"{unread} of {len(ids)} still cannot be read and stay here.")
    if not ids:
        click.echo("No dead letters.")


@command.command()
@click.argument("letter_id", metavar="ID")
@with_app
def delete(letter_id: str) -> None:
    """Delete the dead letter ID for good."""
    letter = _find(letter_id)
    with database.write():
        letter.delete_instance()
    click.echo(f"The dead letter {letter_id} is deleted.", err=True)


def _find(letter_id: str) -> DeadLetter:
    letter: DeadLetter | None = DeadLetter.get_or_none(DeadLetter.id == letter_id)
    if letter is None:
        raise click.ClickException(
            f"There is no dead letter {letter_id}; see: clinic-calls deadletters list"
        )
    return letter


def _replay(letter: DeadLetter) -> bool:
    """Read a letter again, say what became of it, and tell whether it could be read."""
    if letter.provider not in PROVIDERS:
        raise click.ClickException(f"{letter.id} is of {letter.provider}, which is gone.")
    receipt = deliveries.replay(letter)
    if receipt.outcome == "kept":
        return False
    what = f"call {receipt.id}" if receipt.id else "no call"
    click.echo(f"{letter.id}: {receipt.outcome}, {what}")
    return True
