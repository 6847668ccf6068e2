"""clinic-calls serve: the application at an address, until it is told to stop."""

import errno
import logging
import signal
import socket
from typing import Any

import apsw
import click
from flask import Flask, current_app

from app.commands.context import with_app_to_fill
from app.commands.serving import create_server
from app.models.engine import database
from app.models.keys import ApiKey
from app.services.people import has_people


@click.command(name="serve")
@click.option("--host", help="Address to listen on; default: the setting HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; default: the setting PORT.")
@with_app_to_fill
def command(host: str | None, port: int | None) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    config = current_app.config
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    run(app, host or config["HOST"], port or config["PORT"])


def run(app: Flask, host: str, port: int) -> None:
    """Serve the application until it is told to stop. Raises ClickException for a busy port."""
    # The address listened on is one of ours, which the pages look at.
    app.config["HOST"] = host
    # It tells of every request that waits for a thread, which is no trouble.
    logging.getLogger("waitress").setLevel(logging.ERROR)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        server = create_server(app, host, port)
    except (OSError, ValueError) as error:
        raise click.ClickException(_why_not(error, host, port)) from None
    signal.signal(signal.SIGTERM, _stop)
    with app.app_context():
        click.echo(f"The database is {database.path}", err=True)
        if not ApiKey.select().exists():
            click.echo("No API key yet; make one with:", err=True)
            click.echo("    clinic-calls keys create NAME --scope read", err=True)
        if not has_people():
            click.echo("Nobody can sign in yet; add the first manager with:", err=True)
            click.echo("    clinic-calls people add NAME --role manager", err=True)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    click.echo(f"SQLite {apsw.sqlite_lib_version()}", err=True)
    click.echo(f"Serving on {address} until Ctrl-C; {address}/docs describes the API.", err=True)
    try:
        server.run()
    finally:
        server.close()


def _stop(*_: Any) -> None:
    # waitress ends its loop cleanly on SystemExit, as on KeyboardInterrupt.
    raise SystemExit(0)


def _why_not(error: OSError | ValueError, host: str, port: int) -> str:
    if isinstance(error, ValueError):
        return f"{host} is no address of this machine; set HOST or --host."
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use; stop what uses it, or choose another with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights that this user does not have; choose one above 1023."
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine; set HOST or --host."
    return f"Cannot listen on {host}, port {port}: {error.strerror}."
