"""clinic-calls demo: a database of believable calls, made afresh, and a server on it."""

import fcntl
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import Flask

from app import create_app
from app.commands.serve_command import run
from app.config import load_settings
from app.demo import make_clinic, staff
from app.models.engine import database
from app.models.opening import is_demo, mark_demo, settle_demo
from app.models.people import Person
from app.places import data_folder
from app.services.keys import create_key
from app.services.passwords import hash_password
from app.services.people import add_person
from app.transfer.files import Importer
from app.transfer.resources import RESOURCES
from app.web import demo_link

LOOPBACK = ("127.0.0.1", "::1", "localhost")
DEMO_DATABASE = data_folder() / "demo.db"


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
@click.option(
    "--database",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The demo's file, made afresh; default: instance/demo.db.",
)
@click.option("--port", type=click.IntRange(1, 65535), help="Port; default: the setting PORT.")
@click.option("--no-serve", is_flag=True, help="Only make the database.")
def command(
    calls: int,
    seed: int,
    today: datetime | None,
    key_file: Path | None,
    file: Path | None,
    port: int | None,
    no_serve: bool,
) -> None:
    """Fill a demo database with believable calls and serve it; the clinic's own stays as it is."""
    file = (file or DEMO_DATABASE).absolute()
    settings = load_settings(os.environ | {"DATABASE_URL": f"sqlite:///{file}"})
    host, port = settings["HOST"], port or settings["PORT"]
    _try_key_file(key_file)
    is_own_secret = not settings["RETELL_API_KEY"]
    if is_own_secret:
        settings["RETELL_API_KEY"] = (secrets.token_urlsafe(24),)
    click.get_current_context().with_resource(_alone_with(file))
    if not no_serve:
        _check_port(host, port)
    if file.exists() and not is_demo(file):
        raise click.ClickException(f"{file} was not made by demo, which makes it afresh.")
    for ending in ("", "-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    app = create_app(settings)
    with app.app_context():
        mark_demo()
        now = datetime.now(settings["CLINIC_TIMEZONE"])
        last_day, until = (today.date(), None) if today else (now.date(), now.time())
        click.echo(f"Filling {_shown(file)} with {calls:,} calls up to {last_day} ...", err=True)
        fill(app, calls=calls, seed=seed, last_day=last_day, until=until)
        key = _make_key(key_file)
        password = _add_staff()
        _settle(last_day, settings["CLINIC_TIMEZONE"])
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    click.echo(f"API key: {key}")
    click.echo(f"Try it:  curl -H 'X-API-Key: {key}' '{address}/v1/calls?limit=3'")
    click.echo(f"People:  {', '.join(person['name'] for person in staff())}")
    click.echo(f"         each signs in at {address}/sign-in with the password {password}")
    if no_serve:
        return
    secret = f"RETELL_API_KEY={settings['RETELL_API_KEY'][0]} " if is_own_secret else ""
    program = os.path.relpath(Path(sys.executable).with_name("clinic-calls"))
    options = f"--to {address} --count 1 --seed $(date +%s)"
    click.echo(f"A call:  {secret}{program} simulate retell {options}")
    if host in LOOPBACK:
        click.echo(f"Look at it, once, within ten minutes:  {address}{_offer_link(app)}")
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


def _shown(file: Path) -> Path:
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file


def _add_staff() -> str:
    """Add the people of the clinic and give the password that all of them have."""
    password = secrets.token_urlsafe(9)
    kept = hash_password(password)
    for person in staff():
        number = add_person(person["name"], person["role"]).number
        with database.write():
            Person.update(password=kept).where(Person.number == number).execute()
    return password


def _offer_link(app: Flask) -> str:
    return demo_link.init_app(app, staff()[0]["name"])


def _settle(last_day: date, timezone: ZoneInfo) -> None:
    """Let patients, tags and people be as old as the first day of calls may be."""
    first = datetime.combine(last_day - timedelta(days=91), time(), timezone)
    with database.write():
        settle_demo(int(first.timestamp()) * 1000)


@contextmanager
def _alone_with(file: Path) -> Iterator[None]:
    """Keep every other demo away from its database. Raises ClickException where one has it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(f"{file}.demo-lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise click.ClickException(
            f"Another demo has {file}; stop it, or name another file with --database."
        ) from None
    finally:
        os.close(lock)


def _open_key_file(key_file: Path) -> int:
    return os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _try_key_file(key_file: Path | None) -> None:
    """Refuse a file that cannot be written before anything is done; none is left empty."""
    if key_file and (key_file.is_file() or not key_file.exists()):
        is_new = not key_file.is_symlink() and not key_file.exists()
        os.close(_open_key_file(key_file))
        if is_new:
            key_file.unlink()


def _make_key(key_file: Path | None) -> str:
    with database.write():
        key = create_key("demo", ["write"])
    if key_file:
        descriptor = _open_key_file(key_file)
        os.fchmod(descriptor, 0o600)
        with open(descriptor, "w", encoding="ascii") as out:
            if key_file.is_file():
                out.truncate()
            out.write(key)
    return key


def _check_port(host: str, port: int) -> None:
    """Refuse before the old demo database is deleted: a server may be running on it."""
    with suppress(OSError), socket.create_connection((host, port), timeout=1):
        raise click.ClickException(
            f"Port {port} is in use; stop what uses it, or set PORT to another."
        )
