"""The one settings file: which it is, whom it is believed, and its format, systemd's own."""

import os
import pwd
import re
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.places import IS_CHECKOUT, PROJECT_ROOT

NAMED_BY = "CLINIC_CALLS_SETTINGS"
USUAL_FILES = (
    *((PROJECT_ROOT / "instance" / "settings.env",) if IS_CHECKOUT else ()),
    Path("/etc/clinic-calls/settings.env"),
)


class SettingError(Exception):
    """A setting that cannot be used; the message says which and what to write instead."""


def find_settings_file(
    environ: Mapping[str, str], usual: Sequence[Path] = USUAL_FILES
) -> Path | None:
    """Give the file that settings are read from, if there is one. Raises SettingError."""
    if named := environ.get(NAMED_BY, "").strip():
        return Path(named)
    found = [path for path in usual if _is_there(path)]
    if len(found) > 1:
        raise SettingError(
            f"There are two settings files, {found[0]} and {found[1]}; keep one of them,"
            f" or name it in {NAMED_BY}."
        )
    return found[0] if found else None


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise SettingError(f"{describe(path.parent)} cannot be read: {error.strerror}.") from None
    return True


def read_settings_file(path: Path) -> dict[str, str]:
    """Give what stands in a settings file, by name. Raises SettingError."""
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if os.geteuid() == 0 and _can_others_write(about):
                raise SettingError(
                    f"{describe(path)} can be written by others than root; run:"
                    f" chown root {path} && chmod go-w {path}"
                )
            return parse_settings(file.read().decode("utf-8-sig"))
    except OSError as error:
        raise SettingError(f"{describe(path)} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingError(f"{describe(path)} is not text in UTF-8.") from None
    except ValueError as error:
        raise SettingError(f"{path}, {error}") from None


def _can_others_write(about: os.stat_result) -> bool:
    return stat.S_ISREG(about.st_mode) and (about.st_uid != 0 or bool(about.st_mode & 0o022))


def describe(path: Path) -> str:
    """Name a path with its owner and mode, as far as they can be known."""
    try:
        about = path.stat()
    except OSError:
        return str(path)
    try:
        owner = pwd.getpwuid(about.st_uid).pw_name
    except KeyError:
        owner = str(about.st_uid)
    return f"{path} (owner {owner}, mode {stat.S_IMODE(about.st_mode):04o})"


# As systemd reads an EnvironmentFile: parse_env_file_internal() of its src/basic/env-file.c.
_ENTRY = re.compile(
    r"""[ \t\r\n]*(?:
        [#;][^\r\n]*
        | (?P<name>[^=\r\n]*?)[ \t]*=
          (?P<quoted>(?:[ \t]*(?:'[^']*'|"(?:\\[\s\S]|[^"\\])*"))*)[ \t]*
          (?P<plain>(?!['"])(?:\\[\s\S]|[^\\\r\n])*)
    )(?=[\r\n]|\Z)""",
    re.VERBOSE,
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_PART = re.compile(r"""'([^']*)'|"((?:\\[\s\S]|[^"\\])*)\"""")


def parse_settings(text: str) -> dict[str, str]:
    """Give the values of a text in systemd's format. Raises ValueError, which names the line."""
    values, position, end = {}, 0, len(text.rstrip(" \t\r\n"))
    while position < end:
        entry = _ENTRY.match(text, position)
        if not entry or (entry["name"] is not None and not _NAME.fullmatch(entry["name"])):
            begin = position + len(text[position:]) - len(text[position:].lstrip(" \t\r\n"))
            line = text.count("\n", 0, begin) + 1
            raise ValueError(f"line {line}: must look like NAME=value, with its quotes closed.")
        if entry["name"] is not None:
            values[entry["name"]] = _unquoted(entry["quoted"]) + _plain(entry["plain"])
        position = entry.end()
    return values


def _unquoted(text: str) -> str:
    return "".join(
        single + re.sub(r"\\([\s\S])", _escaped, double) for single, double in _PART.findall(text)
    )


def _escaped(match: re.Match[str]) -> str:
    """Give what a backslash and a character mean between double quotes."""
    if match[1] in '"\\`$':
        return match[1]
    return "" if match[1] == "\n" else match[0]


def _plain(text: str) -> str:
    parts = re.findall(r"\\[\s\S]|[^\\]", text)
    while parts and parts[-1] in (" ", "\t"):
        parts.pop()
    return "".join(part if len(part) == 1 else part[1].strip("\r\n") for part in parts)
