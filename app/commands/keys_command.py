"""clinic-calls keys: the only way to make an API key."""

import click

from app.commands.context import Duration, echo_table, with_app, with_app_to_fill
from app.instants import format_instant, now_ms
from app.models.engine import database
from app.models.keys import all_keys
from app.services.keys import UnknownKey, create_key, is_key_name, revoke_key, rotate_key

SCOPES = click.Choice(["read", "write", "ingest", "admin"])


@click.group(name="keys")
def command() -> None:
    """Make, list, rotate and revoke API keys.

    Scopes: read (get), write (read and change), ingest (only post calls), admin (everything).
    """


@command.command()
@click.argument("name")
@click.option("--scope", "scopes", type=SCOPES, multiple=True, required=True, help="Repeatable.")
@click.option("--expires", type=Duration(), help="After how long it ends, such as 90d.")
@with_app_to_fill
def create(name: str, scopes: tuple[str, ...], expires: int | None) -> None:
    """Make a key called NAME and print it, once, alone on standard output."""
    if not is_key_name(name):
        raise click.UsageError("NAME must be printable text of at most 200 characters.")
    with database.write():
        key = create_key(name, list(dict.fromkeys(scopes)), expires and now_ms() + expires)
    _show(key, "Keep it: it is not shown again. Send it as the header X-API-Key.")


@command.command(name="list")
@with_app
def list_keys() -> None:
    """List the keys, without their secrets."""
    keys = all_keys()
    if not keys:
        click.echo("No keys yet; make one with: clinic-calls keys create NAME --scope read")
        return
    rows = [("ID", "NAME", "SCOPES", "STATE", "CREATED", "EXPIRES")]
    for key in keys:
        expires = format_instant(key.expires_at // 1000 * 1000) if key.expires_at else "never"
        created = format_instant(key.created_at // 1000 * 1000)
        rows.append((key.id, key.name, key.scopes, key.state, created, expires))
    echo_table(rows)


@command.command()
@click.argument("key_id", metavar="ID")
@with_app
def revoke(key_id: str) -> None:
    """Make the key ID useless from the next request on."""
    try:
        with database.write():
            revoke_key(key_id)
    except UnknownKey:
        raise click.ClickException(_unknown(key_id)) from None
    click.echo(f"The key {key_id} is revoked.", err=True)


@command.command()
@click.argument("key_id", metavar="ID")
@click.option(
    "--grace",
    type=Duration(),
    default="24h",
    show_default=True,
    help="How long the old one still works.",
)
@with_app
def rotate(key_id: str, grace: int) -> None:
    """Make a new key for the uses of the key ID, which ends after the grace."""
    try:
        with database.write():
            key = rotate_key(key_id, grace)
    except UnknownKey:
        raise click.ClickException(_unknown(key_id)) from None
    _show(key, "Keep it: it is not shown again. The old key works until its grace ends.")


def _show(key: str, words: str) -> None:
    click.echo(words, err=True)
    click.echo(key)


def _unknown(key_id: str) -> str:
    return f"There is no active key with the id {key_id}; see: clinic-calls keys list"
