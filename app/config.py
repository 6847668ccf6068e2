"""Every setting once: its name, default, parser and reason; refuses what is malformed."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers

from app import places
from app.hours import parse_hours
from app.providers import PROVIDERS
from app.settings_file import SettingError as SettingError
from app.settings_file import describe, find_settings_file, read_settings_file

PROJECT_ROOT = places.PROJECT_ROOT

_ORIGIN = re.compile(r"https?://[a-z0-9.:-]+(?:/[A-Za-z0-9._~/-]*)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    default: str
    parse: Callable[[str], Any]
    reason: str
    secret: bool = False


def _text(value: str) -> str:
    if len(value) > 200 or not value.isprintable():
        raise ValueError("must be printable text of at most 200 characters")
    return value


def _database_path(value: str) -> Path:
    scheme, separator, path = value.partition(":///")
    if scheme != "sqlite" or not separator or path in ("", ":memory:") or not path.isprintable():
        raise ValueError(
            "must look like sqlite:///instance/clinic.db, or sqlite:////var/lib/clinic.db"
            " for a path from the root"
        )
    return places.resolve(path)


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", value, re.ASCII) or not least <= int(value) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(value)

    return parse


def _length(value: str) -> int:
    match = re.fullmatch(r"([0-9]{1,4})([smh])", value, re.ASCII)
    if not match or not int(match[1]):
        raise ValueError("must be a length of time such as 30m or 12h")
    return int(match[1]) * {"s": 1_000, "m": 60_000, "h": 3_600_000}[match[2]]


def _timezone(value: str) -> ZoneInfo:
    if value not in available_timezones():
        raise ValueError("must be an IANA time zone such as America/New_York")
    return ZoneInfo(value)


def _region(value: str) -> str:
    if value not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("must be a two-letter region such as US")
    return value


def _origin(value: str) -> str:
    try:
        parts = urlsplit(value)
        port_is_readable = parts.port is None or parts.port > 0
    except ValueError:
        port_is_readable = False
    if not port_is_readable or not _ORIGIN.fullmatch(value) or not parts.hostname:
        raise ValueError("must look like https://calls.clinic.example")
    return value.rstrip("/")


def _public_url(value: str) -> str | None:
    return _origin(value) if value else None


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(_origin(part.strip()) for part in value.split(",") if part.strip())
    if any(urlsplit(origin).path for origin in origins):
        raise ValueError("must be origins without a path, such as http://localhost:5173")
    return origins


def _secrets(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


SETTINGS = (
    Setting(
        "DATABASE_URL",
        "sqlite:///instance/clinic.db",
        _database_path,
        "Where the clinic's one database lies; a relative path starts at the project,"
        " and `instance` is the folder of data where there is none.",
    ),
    Setting("HOST", "127.0.0.1", _text, "The address that `serve` listens on."),
    Setting("PORT", "8000", _whole_number(1, 65535), "The port that `serve` listens on."),
    Setting("CLINIC_ORG_ID", "clinic", _text, "The `org_id` of every call."),
    Setting("CLINIC_NAME", "Clinic", _text, "The clinic's name, for people."),
    Setting(
        "CLINIC_TIMEZONE",
        "UTC",
        _timezone,
        "IANA name of the zone in which dates and times without an offset are read.",
    ),
    Setting(
        "CLINIC_REGION",
        "US",
        _region,
        "Two-letter region in which telephone numbers without a country code are read.",
    ),
    Setting(
        "CLINIC_HOURS",
        "",
        parse_hours,
        "When the clinic is open, such as Mon-Fri 08:00-18:00, Sat 09:00-13:00.",
    ),
    Setting(
        "SESSION_IDLE", "30m", _length, "After how long without a request a person is signed out."
    ),
    Setting("SESSION_LENGTH", "12h", _length, "After how long a person is signed out anyway."),
    Setting(
        "TRUSTED_PROXIES",
        "0",
        _whole_number(0, 9),
        "How many proxies' X-Forwarded-For counts for telling one client from another.",
    ),
    Setting(
        "RATE_LIMIT",
        "6000",
        _whole_number(0, 10_000_000),
        "Requests a minute for each key, counted in each server process; 0 switches it off.",
    ),
    Setting(
        "CONNECTIONS_PER_ADDRESS",
        "100",
        _whole_number(0, 1000),
        "Connections that `serve` holds of one address, this machine's own aside; 0 is no limit.",
    ),
    Setting(
        "PUBLIC_URL",
        "",
        _public_url,
        "The address under which the service is reached from outside, when behind a proxy.",
    ),
    Setting(
        "CORS_ORIGINS",
        "",
        _origins,
        "Origins, separated by commas, whose pages may call the API; for local development.",
    ),
    *(
        Setting(
            provider.SECRET,
            "",
            _secrets,
            f"Proves the webhooks of {name}" + ("; needs PUBLIC_URL." * provider.NEEDS_PUBLIC_URL),
            secret=True,
        )
        for name, provider in PROVIDERS.items()
    ),
)


# Secrets that only a command reads: `pull`.
COMMAND_SECRETS = ("CLINIC_PULL_KEY",)


def load_settings(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give every setting, parsed, by name, of the environment given alone, else of all in force.

    Raises SettingError for a value that cannot be used.
    """
    environ = in_force() if environ is None else environ
    return {setting.name: _load(setting, environ) for setting in SETTINGS}


def in_force(environ: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """Give what the environment says and, where it is silent, the settings file."""
    path = find_settings_file(environ)
    if path is None:
        return environ
    of_file = read_settings_file(path)
    names = {setting.name: setting.secret for setting in SETTINGS}
    names |= dict.fromkeys(COMMAND_SECRETS, True)
    known = {*names, *(f"{name}_FILE" for name, secret in names.items() if secret)}
    if unknown := sorted(of_file.keys() - known):
        raise SettingError(f"{path} names {unknown[0]}, which is no setting.")
    said = {name.removesuffix("_FILE") for name in known if environ.get(name, "").strip()}
    return dict(environ) | {
        name: value for name, value in of_file.items() if name.removesuffix("_FILE") not in said
    }


def _load(setting: Setting, environ: Mapping[str, str]) -> Any:
    value = environ.get(setting.name, "").strip()
    if setting.secret:
        value = read_secret(setting.name, environ)
    try:
        return setting.parse(value or setting.default)
    except ValueError as error:
        raise SettingError(f"{setting.name} {error}.") from None


def read_secret(name: str, environ: Mapping[str, str] | None = None) -> str:
    """Give the secret in the setting `name`, or in the file that `name`_FILE points to."""
    environ = in_force() if environ is None else environ
    value, path = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if value and path:
        raise SettingError(f"{name} and {name}_FILE are both set; keep one of them.")
    if not path:
        return value
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(
            f"{name}_FILE names {describe(Path(path))}, which cannot be read: {error.strerror}."
        ) from None
    except UnicodeDecodeError:
        raise SettingError(f"{name}_FILE names {path}, which is not text in UTF-8.") from None
    if not secret.strip(","):
        raise SettingError(f"{name}_FILE names {path}, which holds no secret.")
    return secret
