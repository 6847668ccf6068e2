"""clinic-calls doctor: checks what the service stands on, and says what to do."""

import os
import shutil
from collections.abc import Callable, Iterator

import apsw
import click
from flask import current_app

from app.commands import engine_trouble
from app.commands.context import with_app_to_read
from app.instants import format_instant
from app.models.calls import Call, last_arrivals
from app.models.dead_letters import DeadLetter
from app.models.engine import database
from app.models.keys import count_usable_keys
from app.models.opening import damage, migrations, search_is_intact
from app.providers import PROVIDERS

Finding = tuple[bool, str]
LOW_DISK_BYTES = 500 * 1024 * 1024


@click.command(name="doctor")
@with_app_to_read
def command() -> None:
    """Check settings, database, disk and engine; exit with 1 where something needs doing."""
    findings = [finding for check in CHECKS for finding in _run(check)]
    for ok, words in findings:
        click.echo(f"{'ok  ' if ok else 'BAD '} {words}")
    if not all(ok for ok, _ in findings):
        raise SystemExit(1)


def _run(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Give the findings of a check, and one more where the engine did not let it finish."""
    try:
        yield from check()
    except Exception as error:
        words = engine_trouble(error)
        if words is None:
            raise
        yield False, f"{check.__name__.removeprefix('check_')}: {words}"


def check_settings() -> Iterator[Finding]:
    config = current_app.config
    zone, region = config["CLINIC_TIMEZONE"].key, config["CLINIC_REGION"]
    yield True, f"settings: time zone {zone}, region {region}, id {config['CLINIC_ORG_ID']}"


def check_engine() -> Iterator[Finding]:
    yield True, f"engine: SQLite {apsw.sqlite_lib_version()} (apsw), without the WAL-reset bug"


def check_database() -> Iterator[Finding]:
    path, sound = database.path, not damage()
    yield (
        sound,
        f"database: {path} (version {len(migrations())}), "
        + ("intact" if sound else "DAMAGED: restore a backup of the file"),
    )
    mode = path.stat().st_mode & 0o777
    yield (
        mode == 0o600,
        f"database: file mode {mode:04o}" + ("" if mode == 0o600 else f"; run: chmod 600 {path}"),
    )
    intact = search_is_intact()
    state = "intact" if intact else "damaged; restore a backup of the database"
    yield intact, f"search: the full-text index is {state}"


def check_content() -> Iterator[Finding]:
    yield True, f"content: {Call.count(Call.deleted_at.is_null())} calls"
    keys = count_usable_keys()
    advice = "" if keys else "; make one with: clinic-calls keys create NAME --scope read"
    yield keys > 0, f"content: {keys} API keys{advice}"


def check_providers() -> Iterator[Finding]:
    """Say of each provider whether its webhooks are taken in, and of when its last call is."""
    last = last_arrivals()
    for name, provider in PROVIDERS.items():
        secret = provider.SECRET
        if not current_app.config[secret]:
            yield True, f"{name}: {secret} is not set, its webhooks are refused"
        elif provider.NEEDS_PUBLIC_URL and not current_app.config["PUBLIC_URL"]:
            yield False, f"{name}: {secret} is set; set PUBLIC_URL too"
        elif name not in last:
            yield True, f"{name}: {secret} is set, no call has arrived yet"
        else:
            arrived = format_instant(last[name] // 1000 * 1000)
            yield True, f"{name}: {secret} is set, the last call is of {arrived}"


def check_dead_letters() -> Iterator[Finding]:
    count = DeadLetter.select().count()
    yield (
        count == 0,
        f"dead letters: {count}" + ("; see: clinic-calls deadletters list" if count else ""),
    )


def check_disk() -> Iterator[Finding]:
    folder = database.path.parent
    free = shutil.disk_usage(folder).free
    yield (
        free > LOW_DISK_BYTES,
        f"disk: {free // 1024**2:,} MiB free in {folder}"
        + ("" if free > LOW_DISK_BYTES else "; make room"),
    )
    writable = os.access(folder, os.W_OK)
    yield writable, f"disk: {folder} is {'' if writable else 'not '}writable"


CHECKS = (
    check_settings,
    check_engine,
    check_database,
    check_content,
    check_providers,
    check_dead_letters,
    check_disk,
)
