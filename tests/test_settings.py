"""Settings: their defaults, and what is refused at start."""

import os
import re
from pathlib import Path
from pwd import getpwuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from app.commands import main
from app.config import PROJECT_ROOT, SETTINGS, SettingError, load_settings

SECRETS = [setting.name for setting in SETTINGS if setting.secret]


def start(tmp_path: Path, **environ: str) -> Result:
    """Run a command that opens the database, with these settings in the environment."""
    settings = {setting.name: "" for setting in SETTINGS}
    settings |= {f"{name}_FILE": "" for name in SECRETS}
    settings |= {"DATABASE_URL": f"sqlite:///{tmp_path}/clinic.db"}
    return CliRunner().invoke(main, ["migrate"], env=settings | environ)


DEFAULTS = {
    "DATABASE_URL": PROJECT_ROOT / "instance" / "clinic.db",
    "HOST": "127.0.0.1",
    "PORT": 8000,
    "CLINIC_ORG_ID": "clinic",
    "CLINIC_NAME": "Clinic",
    "CLINIC_TIMEZONE": ZoneInfo("UTC"),
    "CLINIC_REGION": "US",
    "CLINIC_HOURS": (),
    "SESSION_IDLE": 1_800_000,
    "SESSION_LENGTH": 43_200_000,
    "TRUSTED_PROXIES": 0,
    "RATE_LIMIT": 6000,
    "CONNECTIONS_PER_ADDRESS": 100,
    "PUBLIC_URL": None,
    "CORS_ORIGINS": (),
    "VAPI_WEBHOOK_SECRET": (),
    "RETELL_API_KEY": (),
    "ELEVENLABS_WEBHOOK_SECRET": (),
    "BLAND_WEBHOOK_SECRET": (),
    "TWILIO_AUTH_TOKEN": (),
}


def test_every_setting_has_its_default() -> None:
    assert load_settings({}) == DEFAULTS


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_blank_setting_is_the_default(blank: str) -> None:
    assert load_settings(dict.fromkeys(DEFAULTS, blank)) == DEFAULTS


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("DATABASE_URL", "sqlite:///x/y.db", PROJECT_ROOT / "x" / "y.db"),
        ("DATABASE_URL", "sqlite:////var/lib/y.db", Path("/var/lib/y.db")),
        ("DATABASE_URL", "sqlite:////var/lib/Größe 1.db", Path("/var/lib/Größe 1.db")),
        ("HOST", "::1", "::1"),
        ("HOST", "0.0.0.0", "0.0.0.0"),
        ("PORT", " 1 ", 1),
        ("PORT", "65535", 65535),
        ("CLINIC_ORG_ID", "Praxis Dr. Größe", "Praxis Dr. Größe"),
        ("CLINIC_TIMEZONE", "America/New_York", ZoneInfo("America/New_York")),
        ("CLINIC_REGION", "DE", "DE"),
        ("CLINIC_HOURS", "Sun 10:00-24:00,Mon 08:30-18:00", ((0, 510, 1080), (6, 600, 1440))),
        ("SESSION_IDLE", "90s", 90_000),
        ("SESSION_LENGTH", "8h", 28_800_000),
        ("TRUSTED_PROXIES", "2", 2),
        ("RATE_LIMIT", "0", 0),
        ("PUBLIC_URL", "https://calls.clinic.example/", "https://calls.clinic.example"),
        ("PUBLIC_URL", "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("CORS_ORIGINS", "http://a:1, https://b.example,", ("http://a:1", "https://b.example")),
        ("CORS_ORIGINS", "http://localhost:5173/", ("http://localhost:5173",)),
        ("VAPI_WEBHOOK_SECRET", "one, two", ("one", "two")),
    ],
)
def test_setting_is_read(name: str, text: str, value: Any) -> None:
    assert load_settings({name: text})[name] == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_URL", "instance/clinic.db"),
        ("DATABASE_URL", "postgresql://localhost/clinic"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:////tmp/\udcff.db"),
        ("HOST", "a\nb"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "80.0"),
        ("PORT", "8_000"),
        ("PORT", "٣"),
        ("PORT", "http"),
        ("CLINIC_ORG_ID", "a\tb"),
        ("CLINIC_ORG_ID", "x" * 201),
        ("CLINIC_NAME", "\udcff"),
        ("CLINIC_TIMEZONE", "Mars/Olympus"),
        ("CLINIC_TIMEZONE", "+02:00"),
        ("CLINIC_TIMEZONE", "../../etc/passwd"),
        ("CLINIC_REGION", "us"),
        ("CLINIC_REGION", "USA"),
        ("CLINIC_REGION", "1"),
        ("CLINIC_HOURS", "8-18"),
        ("CLINIC_HOURS", "Mon-Fry 08:00-18:00"),
        ("CLINIC_HOURS", "Mon 18:00-08:00"),
        ("CLINIC_HOURS", "Mon 08:00-24:01"),
        ("CLINIC_HOURS", "Mon 08:00-18:00,"),
        ("SESSION_IDLE", "30"),
        ("SESSION_IDLE", "0m"),
        ("SESSION_LENGTH", "1d"),
        ("TRUSTED_PROXIES", "all"),
        ("RATE_LIMIT", "-1"),
        ("RATE_LIMIT", "1e3"),
        ("RATE_LIMIT", "off"),
        ("RATE_LIMIT", "9" * 5000),
        ("PUBLIC_URL", "calls.clinic.example"),
        ("PUBLIC_URL", "ftp://calls.clinic.example"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://user:word@calls.clinic.example"),
        ("PUBLIC_URL", "https://calls.clinic.example/?a=b"),
        ("PUBLIC_URL", "https://calls.clinic.example:port"),
        ("PUBLIC_URL", "https://[::1"),
        ("PUBLIC_URL", "https://calls clinic.example"),
        ("PUBLIC_URL", 'https://calls.clinic.example/"><b>'),
        ("PUBLIC_URL", "https://calls.clinic\n.example"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "null"),
        ("CORS_ORIGINS", "localhost:5173"),
        ("CORS_ORIGINS", "http://localhost:5173/page"),
        ("CORS_ORIGINS", "https://*.clinic.example"),
        ("CORS_ORIGINS", "https://clinic.example?"),
        ("CORS_ORIGINS", "https://(a|b).example"),
    ],
    ids=lambda text: ascii(text)[1:-1][:30],
)
def test_malformed_setting_is_refused_with_one_clear_line(
    tmp_path: Path, name: str, text: str
) -> None:
    if name == "DATABASE_URL" and "\udcff" in text:
        text = f"sqlite:///{tmp_path}/\udcff.db"
    result = start(tmp_path, **{name: text})
    assert (result.exit_code, result.stdout) == (1, ""), result.exception
    assert re.fullmatch(rf"Error: {name} must [^\n]+\.\n", result.stderr)


@pytest.mark.parametrize("name", SECRETS)
def test_secret_may_stand_in_a_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text("new,\nold\n")
    assert load_settings({f"{name}_FILE": str(file)})[name] == ("new", "old")


def test_every_secret_is_marked_as_one() -> None:
    assert set(SECRETS) == {name for name in DEFAULTS if re.search("SECRET|KEY|TOKEN", name)}


def test_secret_file_that_cannot_be_read_is_named_with_owner_and_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    result = start(tmp_path, RETELL_API_KEY_FILE=str(tmp_path))
    assert result.exit_code == 1
    owner = f"owner {getpwuid(os.getuid()).pw_name}, mode 0750"
    assert result.stderr == (
        f"Error: RETELL_API_KEY_FILE names {tmp_path} ({owner}), which cannot be read:"
        " Is a directory.\n"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read: No such file or directory"), (b"\xff", "is not text in UTF-8")],
)
def test_secret_file_without_text_is_refused(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    result = start(tmp_path, RETELL_API_KEY_FILE=str(file))
    assert result.exit_code == 1
    assert result.stderr == f"Error: RETELL_API_KEY_FILE names {file}, which {words}.\n"


def test_secret_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("b")
    result = start(tmp_path, RETELL_API_KEY="a", RETELL_API_KEY_FILE=str(tmp_path / "secret"))
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: RETELL_API_KEY and RETELL_API_KEY_FILE are both set; keep one of them.\n"
    )


@pytest.mark.parametrize("content", ["", " \n", ","])
def test_empty_secret_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret").write_text(content)
    with pytest.raises(SettingError, match="RETELL_API_KEY"):
        load_settings({"RETELL_API_KEY_FILE": str(tmp_path / "secret")})


@pytest.mark.parametrize("name", SECRETS)
def test_no_message_shows_a_secret(tmp_path: Path, name: str) -> None:
    result = start(tmp_path, **{name: "hush-hush", f"{name}_FILE": "/nowhere", "PORT": "x"})
    assert result.exit_code == 1
    assert "hush-hush" not in result.output
