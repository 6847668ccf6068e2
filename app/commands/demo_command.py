"""clinic-calls demo: a database of believable calls, made afresh, and a server on it."""

import os
import socket
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path

import click
from flask import Flask

from app import create_app
from app.commands.serve_command import run
from app.config import PROJECT_ROOT, load_settings
from app.demo import make_clinic
from app.models.engine import database
from app.services.keys import create_key
from app.transfer.files import Importer
from app.transfer.resources import RESOURCES

DEMO_DATABASE = PROJECT_ROOT / "instance" / "demo.db"


@click.command(name="demo")
@click.option(
    "--calls",
    type=click.IntRange(0, 1_000_000),
    default=2000,
    show_default=True,
    help="How many calls.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed, the same data."
)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The last day; default: today.")
@click.option(
    "--key-file", type=click.Path(path_type=Path, dir_okay=False), help="Write the API key here."
)
@click.option("--no-serve", is_flag=True, help="Only make the database.")
def command(
    calls: int, seed: int, today: datetime | None, key_file: Path | None, no_serve: bool
) -> None:
    """Fill instance/demo.db with believable calls and serve it; the clinic's own stays as it is."""
    url = f"sqlite:///{DEMO_DATABASE}"
    settings = load_settings(os.environ | {"DATABASE_URL": url})
    host, port = settings["HOST"], settings["PORT"]
    if not no_serve:
        _check_port(host, port)
    for ending in ("", "-wal", "-shm"):
        Path(f"{DEMO_DATABASE}{ending}").unlink(missing_ok=True)
    app = create_app(settings)
    with app.app_context():
        now = datetime.now(settings["CLINIC_TIMEZONE"])
        last_day, until = (today.date(), None) if today else (now.date(), now.time())
        click.echo(f"Filling instance/demo.db with {calls:,} calls up to {last_day} ...", err=True)
        fill(app, calls=calls, seed=seed, last_day=last_day, until=until)
        key = _make_key(key_file)
    click.echo(f"API key: {key}")
    click.echo(f"Try it:  curl -H 'X-API-Key: {key}' 'http://{host}:{port}/v1/calls?limit=3'")
    if not no_serve:
        run(app, host, port)


def fill(app: Flask, *, calls: int, seed: int, last_day: date, until: time | None = None) -> None:
    """Store a generated clinic in the application's database."""
    clinic = make_clinic(
        calls=calls,
        seed=seed,
        today=last_day,
        timezone=app.config["CLINIC_TIMEZONE"],
        until=until,
    )
    parts = {"tags": clinic.tags, "patients": clinic.patients, "calls": clinic.calls()}
    for name, rows in parts.items():
        with closing(Importer(RESOURCES[name])) as importer:
            importer.check(enumerate(rows, 1))
            if importer.report.bad:
                raise AssertionError(importer.report.bad[0])
            importer.store()


def _make_key(key_file: Path | None) -> str:
    with database.write():
        key = create_key("demo", ["write"])
    if key_file:
        descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        os.fchmod(descriptor, 0o600)
        with open(descriptor, "w", encoding="ascii") as out:
            out.write(key + "\n")
    return key


def _check_port(host: str, port: int) -> None:
    """Refuse before the old demo database is deleted: a server may be running on it."""
    with closing(socket.socket()) as probe:
        if probe.connect_ex((host, port)) == 0:
            raise click.ClickException(
                f"Port {port} is in use; stop what uses it, or set PORT to another."
            )
