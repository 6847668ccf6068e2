"""The settings file: its format, which one is read, whom it is believed, what goes before it."""

import os
from pathlib import Path

import pytest

from app.config import in_force, load_settings, read_secret
from app.settings_file import SettingError, find_settings_file, parse_settings, read_settings_file
from tests.support import process


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.env"


def environ(file: Path, **others: str) -> dict[str, str]:
    return {"CLINIC_CALLS_SETTINGS": str(file)} | others


# What systemd 252 makes of each, but for names, which are ours.
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("\n \t\n# A=1\n; B=2\n  # C=3", {}),
        ("A=1\nB=2\n", {"A": "1", "B": "2"}),
        ("A=1\nA=2", {"A": "2"}),
        ("A=", {"A": ""}),
        ("  A = one two  \n", {"A": "one two"}),
        ("A=1 # no comment", {"A": "1 # no comment"}),
        ("A='one \"two\" \\n'", {"A": 'one "two" \\n'}),
        ("A='two\nlines'", {"A": "two\nlines"}),
        ('A="a\\"b\\\\c\\$d\\`e\\nf"', {"A": 'a"b\\c$d`e\\nf'}),
        ('A="one \\\ntwo"', {"A": "one two"}),
        ("A=one \\\ntwo", {"A": "one two"}),
        ("A=a\\ b\\'c\\\\", {"A": "a b'c\\"}),
        ("A=a\\ \nB=2", {"A": "a ", "B": "2"}),
        ("A='one'\"two\" three ", {"A": "onetwothree"}),
        ("A=it's", {"A": "it's"}),
        ("A=$B", {"A": "$B"}),
        ("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A=b=c", {"A": "b=c"}),
    ],
)
def test_is_read_as_systemd_reads_it(text: str, values: dict[str, str]) -> None:
    assert parse_settings(text) == values


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A=1\nnonsense", 2),
        ("A=1\n\nexport B=2\n", 3),
        ("=1", 1),
        ("A=1\nB='open\nC=3", 2),
        ('A="open', 1),
        ("1A=x", 1),
    ],
)
def test_says_in_which_line_it_is_malformed(text: str, line: int) -> None:
    with pytest.raises(ValueError, match=rf"^line {line}: must look like NAME=value"):
        parse_settings(text)


def test_environment_goes_before_the_file(file: Path) -> None:
    file.write_text("PORT=8001\nCLINIC_NAME='West Side'\n")
    found = load_settings(in_force(environ(file, PORT="8002", CLINIC_NAME=" ")))
    assert (found["PORT"], found["CLINIC_NAME"]) == (8002, "West Side")


def test_a_secret_of_the_environment_goes_before_both_names_of_the_file(file: Path) -> None:
    file.write_text("RETELL_API_KEY_FILE=/nowhere\nCLINIC_PULL_KEY=ours\n")
    found = in_force(environ(file, RETELL_API_KEY="theirs"))
    assert load_settings(found)["RETELL_API_KEY"] == ("theirs",)
    assert read_secret("CLINIC_PULL_KEY", found) == "ours"


def test_settings_given_as_they_are_read_no_file(file: Path) -> None:
    file.write_text("PORT=8001\n")
    assert load_settings(environ(file))["PORT"] == 8000


def test_what_is_no_setting_is_refused(file: Path) -> None:
    file.write_text("CLINIC_TIMEZNE=UTC\n")
    with pytest.raises(SettingError, match=f"^{file} names CLINIC_TIMEZNE, which is no setting"):
        in_force(environ(file))


def test_of_the_usual_files_the_one_that_is_there_is_read(tmp_path: Path) -> None:
    usual = (tmp_path / "a.env", tmp_path / "b.env")
    assert find_settings_file({}, usual) is None
    usual[1].touch()
    assert find_settings_file({}, usual) == usual[1]
    assert find_settings_file(environ(tmp_path / "c.env"), usual) == tmp_path / "c.env"


def test_two_usual_files_are_an_error_that_names_both(tmp_path: Path) -> None:
    usual = (tmp_path / "a.env", tmp_path / "b.env")
    for path in usual:
        path.touch()
    with pytest.raises(SettingError, match=f"{usual[0]} and {usual[1]}"):
        find_settings_file({}, usual)
    assert find_settings_file(environ(usual[0]), usual) == usual[0]


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: this is about root")
@pytest.mark.parametrize(("mode", "owner"), [(0o602, 0), (0o620, 0), (0o600, 65534)])
def test_root_refuses_a_file_that_others_can_write(file: Path, mode: int, owner: int) -> None:
    file.write_text("PORT=8001\n")
    file.chmod(mode)
    os.chown(file, owner, 0)
    with pytest.raises(SettingError, match=rf"^{file} \(owner \w+, mode 0{mode:o}\) can be writ"):
        read_settings_file(file)


def test_a_file_that_is_not_there_or_no_text_is_refused(file: Path) -> None:
    with pytest.raises(SettingError, match=f"^{file} cannot be read: No such file"):
        read_settings_file(file)
    file.write_bytes(b"A=\xff")
    with pytest.raises(SettingError, match=r"is not text in UTF-8"):
        read_settings_file(file)


def test_every_command_reads_it_and_says_in_one_line_what_is_wrong(file: Path) -> None:
    file.write_text("PORT=x\n")
    for args in (["serve"], ["keys", "list"], ["simulate", "retell"]):
        done = process.run(file.with_name("x.db"), *args, settings=environ(file))
        assert done.returncode == 1
        assert done.stderr == b"Error: PORT must be a whole number from 1 to 65535.\n"


def test_demo_reads_none(file: Path) -> None:
    file.write_text("PORT=x\n")
    args = ("demo", "--calls", "0", "--no-serve", "--database", str(file.with_name("demo.db")))
    done = process.run(file, *args, settings=environ(file))
    assert (done.returncode, b"127.0.0.1:8000" in done.stdout) == (0, True)


# --- clinic-calls settings


def settings(file: Path, *args: str, **others: str) -> process.Ended:
    path = file.with_name("clinic.db")
    return process.run(path, "settings", *args, settings=environ(file, **others))


def test_shows_each_value_and_where_it_came_from(file: Path) -> None:
    file.write_text("CLINIC_NAME=West Side\nCLINIC_PULL_KEY_FILE=/nowhere\n")
    done = settings(file, VAPI_WEBHOOK_SECRET="hush-hush", PORT="8002")
    rows = {
        line.split()[0]: line.split(maxsplit=1)[1]
        for line in done.stdout.decode().split("\n")[2:-1]
    }
    assert rows["CLINIC_NAME"].split("  ")[0] == "West Side"
    assert rows["CLINIC_NAME"].endswith(f"  {file}")
    assert rows["PORT"].split() == ["8002", "environment"]
    assert rows["VAPI_WEBHOOK_SECRET"].split() == ["set", "environment"]
    assert rows["CLINIC_PULL_KEY"].split() == ["set", f"{file},", "CLINIC_PULL_KEY_FILE"]
    assert rows["DATABASE_URL"].split()[0] == f"sqlite:///{file.with_name('clinic.db')}"
    assert b"hush-hush" not in done.stdout
    assert done.stderr.startswith(b"Error: CLINIC_PULL_KEY_FILE names /nowhere, which cannot be")


def test_a_malformed_value_is_shown_and_is_an_error(file: Path) -> None:
    file.write_text("PORT=x\nDATABASE_URL=y\n")
    done = settings(file)
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert b"x      " in done.stdout


def test_writes_a_file_that_says_everything_and_changes_nothing(file: Path) -> None:
    done = settings(Path(os.devnull), "--write", str(file))
    assert (done.returncode, file.stat().st_mode & 0o777) == (0, 0o600)
    assert in_force(environ(file)) == environ(file)
    file.write_text(file.read_text().replace("\n#", "\n").replace("\n ", "\n# "))
    assert {*load_settings({})} <= {*read_settings_file(file)}


def test_writes_over_no_file(file: Path) -> None:
    file.write_text("PORT=8001\n")
    done = settings(Path(os.devnull), "--write", str(file))
    assert (done.returncode, done.stderr) == (1, f"Error: File exists: {file}\n".encode())
    assert file.read_text() == "PORT=8001\n"
