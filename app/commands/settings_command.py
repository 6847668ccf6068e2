"""clinic-calls settings: each setting, its value and where it came from; a file to fill in."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import click

from app.commands.context import echo_table
from app.config import COMMAND_SECRETS, SETTINGS, Setting, in_force, load_settings, read_secret
from app.settings_file import find_settings_file

HEAD = """\
# Settings of clinic-calls, in the format of systemd's EnvironmentFile.
# What stands in the environment goes before them; docs/operating.md tells more.
"""


@click.command(name="settings")
@click.option(
    "--write",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Make a commented settings file instead, which must not be there yet.",
)
def command(file: Path | None) -> None:
    """Show each setting, its value and where it came from; of a secret only whether it is set."""
    if file:
        _write(file)
        click.echo(f"Made {file}, in which every setting is as it is by default.", err=True)
        return
    path, given = find_settings_file(os.environ), in_force()
    click.echo(f"Settings file: {path or 'none'}")
    rows = [_row(setting, given, path) for setting in SETTINGS]
    rows += [_secret_row(name, given, path) for name in COMMAND_SECRETS]
    echo_table([("SETTING", "VALUE", "FROM"), *rows])
    load_settings(given)
    for name in COMMAND_SECRETS:
        read_secret(name, given)


def _row(setting: Setting, given: Mapping[str, str], path: Path | None) -> tuple[str, str, str]:
    name = setting.name
    if setting.secret:
        return _secret_row(name, given, path)
    value = given.get(name, "").strip() or setting.default or "none"
    if name == "DATABASE_URL":
        with suppress(ValueError):  # told below, after the table
            value = f"sqlite:///{setting.parse(value)}"
    return name, value, _origin(name, given, path)


def _secret_row(name: str, given: Mapping[str, str], path: Path | None) -> tuple[str, str, str]:
    by_file = f"{name}_FILE"
    if not given.get(by_file, "").strip():
        is_set = given.get(name, "").strip()
        return name, "set" if is_set else "none", _origin(name, given, path)
    return name, "set", f"{_origin(by_file, given, path)}, {by_file}"


def _origin(name: str, given: Mapping[str, str], path: Path | None) -> str:
    if not given.get(name, "").strip():
        return "default"
    return "environment" if os.environ.get(name, "").strip() else str(path)


def _write(file: Path) -> None:
    """Write a new file, for its owner only."""
    secrets = {setting.name for setting in SETTINGS if setting.secret}
    parts = [HEAD]
    for setting in SETTINGS:
        default = f'"{setting.default}"' if " " in setting.default else setting.default
        parts.append(f"\n# {setting.reason}\n#{setting.name}={default}\n")
        if setting.name in secrets:
            parts.append(f"#{setting.name}_FILE=\n")
    for name in COMMAND_SECRETS:
        parts.append(
            f"\n# The key with which `pull` asks the other API.\n#{name}=\n#{name}_FILE=\n"
        )
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write("".join(parts))
