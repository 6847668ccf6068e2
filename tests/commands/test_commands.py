"""The command: help for everything, exit codes, and one clear line for whoever made a mistake."""

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskCliRunner

from app.commands import COMMANDS, main
from app.models.engine import database
from app.models.opening import migration_names
from app.services.keys import create_key
from tests.support import process

Run = Callable[..., Result]

NEWEST = len(migration_names())


@pytest.fixture
def run(runner: FlaskCliRunner) -> Run:
    """Run the command with these arguments on the test's database."""

    def run(*args: str, stdin: str | bytes = "") -> Result:
        return runner.invoke(main, args, input=stdin)

    return run


@pytest.fixture
def locked(app: Flask) -> Iterator[None]:
    """Let another process hold the database's write lock, and nobody wait for it."""
    database.raw().set_busy_timeout(0)
    other = apsw.Connection(str(app.config["DATABASE_URL"]))
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


def assert_one_line(result: Result, status: int = 1) -> str:
    """Assert that a command failed with one clear line, and give it."""
    assert result.exit_code == status, result.exception
    assert isinstance(result.exception, SystemExit)
    assert re.fullmatch(r"Error: [^\n]+\n", result.stderr), result.stderr
    assert "None" not in result.stderr
    return result.stderr


# --- help


def every_command() -> Iterator[tuple[str, ...]]:
    """Give the arguments that lead to each command and each of its parts."""
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        yield (name,)
        if isinstance(command, click.Group):
            for part in command.list_commands(context):
                yield (name, part)


@pytest.mark.parametrize("args", [(), *every_command()], ids=" ".join)
def test_every_command_has_help(args: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*args, "--help"], prog_name="clinic-calls")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(" ".join(["Usage: clinic-calls", *args]) + " ")
    assert re.search(r"^  [A-Z][^\n]+", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("args", list(every_command()), ids=" ".join)
def test_every_option_says_what_it_does(args: tuple[str, ...]) -> None:
    context = click.Context(main)
    command = main.get_command(context, args[0])
    if isinstance(command, click.Group) and len(args) > 1:
        command = command.get_command(context, args[1])
    assert command is not None
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_help_lists_every_command() -> None:
    printed = CliRunner().invoke(main, ["--help"]).stdout
    assert re.findall(r"^  (\w+)  +\S", printed.split("Commands:")[1], re.MULTILINE) == [*COMMANDS]


def test_version_is_told() -> None:
    result = CliRunner().invoke(main, ["--version"], prog_name="clinic-calls")
    assert re.fullmatch(r"clinic-calls, version \d+\.\d+\.\d+\n", result.stdout)


def test_help_needs_no_database_and_no_settings(tmp_path: Path) -> None:
    done = process.run(tmp_path / "clinic.db", "keys", "create", "-h", settings={"PORT": "x"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert list(tmp_path.iterdir()) == []


# --- mistakes


@pytest.mark.parametrize(
    "args",
    [
        ("nonsense",),
        ("--nonsense",),
        ("keys", "nonsense"),
        ("keys", "create"),
        ("keys", "create", "x"),
        ("keys", "create", "x", "--scope", "x"),
        ("keys", "revoke"),
        ("keys", "rotate", "x", "--grace", "soon"),
        ("import", "calls"),
        ("import", "things", "x.csv"),
        ("import", "calls", "/"),
        ("import", "calls", "x.xml"),
        ("import", "calls", "-", "--format", "xml"),
        ("export", "calls", "x.xml"),
        ("export", "calls", "/"),
        ("serve", "--port", "0"),
        ("serve", "--port", "http"),
        ("demo", "--calls", "-1"),
        ("demo", "--today", "yesterday"),
        ("migrate", "now"),
    ],
    ids=" ".join,
)
def test_wrong_arguments_are_2_and_say_what_is_wrong(
    run: Run, args: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.xml").touch()
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.search(r"^Error: \S", result.stderr, re.MULTILINE)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("keys", "revoke", "x"), "There is no active key with the id x"),
        (("keys", "rotate", "x"), "There is no active key with the id x"),
        (("import", "calls", "nowhere.csv"), "No such file or directory: nowhere.csv"),
        (("import", "calls", "nowhere/x.csv"), "No such file or directory"),
        (("import", "calls", "x.ndjson/x.ndjson"), "Not a directory"),
        (("export", "calls", "nowhere/x.csv"), "No such file or directory"),
        (("serve", "--host", "nowhere.invalid"), "nowhere.invalid is no address of this machine"),
        (("serve", "--host", "192.0.2.1"), "192.0.2.1 is no address of this machine"),
        (("serve", "--host", "not a host"), "not a host is no address of this machine"),
        (("undelete", "x"), "no deleted call"),
        (("deadletters", "show", "x"), "no dead letter"),
        (("deadletters", "replay", "x"), "no dead letter"),
        (("deadletters", "delete", "x"), "no dead letter"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_mistake_is_one_clear_line(
    run: Run,
    args: tuple[str, ...],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.ndjson").touch()
    with database.write():
        create_key("x", ["read"])
    assert words in assert_one_line(run(*args))


def test_refused_database_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Dear diary")
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path}/notes.txt"}
    result = CliRunner().invoke(main, ["keys", "list"], env=environ)
    assert "notes.txt is not a database" in assert_one_line(result)


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize(
    "args",
    [
        ("keys", "create", "x", "--scope", "read"),
        ("keys", "revoke", "x"),
        ("keys", "rotate", "x"),
        ("import", "calls", "-"),
        ("undelete", "x"),
    ],
    ids=" ".join,
)
def test_busy_database_is_one_clear_line(run: Run, args: tuple[str, ...]) -> None:
    row = '{"id": "3c90c3cc-0d44-4b50-8888-8dd25736052a"}'
    assert "busy" in assert_one_line(run(*args, stdin=row)).lower()


def damage(path: Path) -> None:
    """Overwrite pages in the middle of the tables, which only reading them shows."""
    database.raw().pragma("wal_checkpoint(TRUNCATE)")
    database.close_all()
    with path.open("r+b") as file:
        for page in range(2, 40):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)


@pytest.mark.parametrize(
    "args", [("keys", "list"), ("export", "calls", "-"), ("keys", "create", "x", "--scope", "read")]
)
def test_damaged_database_is_one_clear_line(run: Run, app: Flask, args: tuple[str, ...]) -> None:
    damage(app.config["DATABASE_URL"])
    assert "damaged" in assert_one_line(run(*args)).lower()


def test_replaced_database_is_one_clear_line(run: Run, app: Flask) -> None:
    path: Path = app.config["DATABASE_URL"]
    path.rename(path.with_name("away.db"))
    assert "replaced" in assert_one_line(run("keys", "create", "x", "--scope", "read")).lower()


def test_full_disk_is_one_clear_line(run: Run) -> None:
    raw = database.raw()
    raw.pragma("max_page_count", raw.pragma("page_count"))
    row = '{"id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "notes": "%s"}' % ("x" * 500_000)
    result = run("import", "calls", "-", stdin=row)
    assert assert_one_line(result) == "Error: The disk is full; make room and run this again.\n"


@pytest.mark.parametrize("args", [("keys", "list"), ("export", "calls", "-", "--format", "csv")])
def test_output_that_cannot_be_written_is_one_clear_line(
    tmp_path: Path, args: tuple[str, ...]
) -> None:
    command = [*process.COMMAND, *args]
    done = process.run_program(command, tmp_path / "clinic.db", stdout=Path("/dev/full"))
    assert done.returncode == 1
    assert re.fullmatch(rb"Error: No space left on device[^\n]*(?<!None)\n", done.stderr)


# --- what others expect of a command


def test_reader_that_goes_away_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    ids = (f"{n:08d}-0000-4000-8000-000000000000" for n in range(2000))
    rows = "".join(f'{{"id": "{call_id}"}}\n' for call_id in ids)
    assert process.run(path, "import", "calls", "-", stdin=rows.encode()).returncode == 0
    exporting = process.start(path, "export", "calls", "-")
    assert exporting.stdout
    assert exporting.stderr
    exporting.stdout.readline()
    exporting.stdout.close()
    assert exporting.stderr.read() == b""
    exporting.stderr.close()
    assert exporting.wait() == 1


def test_ctrl_c_is_no_traceback(tmp_path: Path) -> None:
    importing = process.start(tmp_path / "clinic.db", "import", "calls", "-")
    while not (tmp_path / "clinic.db-shm").exists():
        assert importing.poll() is None
    importing.send_signal(signal.SIGINT)
    _, errors = importing.communicate()
    assert importing.returncode in (1, 130)
    assert b"Traceback" not in errors


def test_command_works_from_any_folder(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("clinic-calls")), "migrate"]
    done = process.run_program(command, tmp_path / "clinic.db", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == f"{tmp_path}/clinic.db is at version {NEWEST}, the newest.\n"


def test_wsgi_module_holds_the_application(tmp_path: Path) -> None:
    code = "import wsgi; print(wsgi.app.test_client().get('/health').status_code)"
    program = [sys.executable, "-W", "error", "-c", code]
    done = process.run_program(program, tmp_path / "clinic.db")
    assert (done.stdout, done.stderr) == (b"200\n", b"")


# --- migrate and doctor


def test_migrate_says_where_the_tables_stand(run: Run, app: Flask) -> None:
    result = run("migrate")
    assert result.exit_code == 0
    assert result.stdout == f"{app.config['DATABASE_URL']} is at version {NEWEST}, the newest.\n"


def findings(result: Result) -> dict[str, bool]:
    """Give what doctor looked at, and whether all of it was well."""
    found: dict[str, bool] = {}
    for mark, subject in re.findall(r"^(ok |BAD) +(\w+):", result.stdout, re.MULTILINE):
        found[subject] = found.get(subject, True) and mark == "ok "
    return found


def test_doctor_finds_all_well(run: Run) -> None:
    with database.write():
        create_key("x", ["read"])
    result = run("doctor")
    found = findings(result)
    assert {"settings", "engine", "database", "search", "content", "disk"} <= set(found)
    assert set(found.values()) == {True}
    assert (result.exit_code, result.stderr) == (0, "")


def test_doctor_tells_how_to_make_the_first_key(run: Run) -> None:
    result = run("doctor")
    assert result.exit_code == 1
    assert findings(result)["content"] is False
    assert "clinic-calls keys create" in result.stdout


@pytest.mark.parametrize("state", ["expires_at", "revoked_at"])
def test_doctor_counts_no_key_that_does_not_work(run: Run, state: str) -> None:
    with database.write():
        create_key("x", ["read"])
        database.raw().execute(f"UPDATE api_key SET {state} = 1")
    assert findings(run("doctor"))["content"] is False


def test_doctor_finds_a_damaged_search(run: Run) -> None:
    database.raw().execute("DELETE FROM call_search_data WHERE id > 1")
    database.raw().execute("UPDATE call_search_data SET block = x'00'")
    result = run("doctor")
    assert (result.exit_code, findings(result)["search"]) == (1, False)


def test_doctor_finds_a_damaged_file(run: Run, app: Flask) -> None:
    damage(app.config["DATABASE_URL"])
    result = run("doctor")
    assert (result.exit_code, findings(result)["database"]) == (1, False)
    assert "restore a backup" in result.stdout


@pytest.mark.usefixtures("locked")
def test_doctor_takes_a_busy_database_for_no_damaged_one(run: Run) -> None:
    result = run("doctor")
    assert isinstance(result.exception, SystemExit | None)
    assert "damaged" not in result.stdout.lower()


def test_doctor_shows_no_secret(tmp_path: Path) -> None:
    environ = {"RETELL_API_KEY": "hush-hush", "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    result = CliRunner().invoke(main, ["doctor"], env=environ)
    assert "settings" in findings(result)
    assert "hush" not in result.output


def test_doctor_names_a_malformed_setting(tmp_path: Path) -> None:
    environ = {"PORT": "http", "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    result = CliRunner().invoke(main, ["doctor"], env=environ)
    assert "PORT must be" in assert_one_line(result)


def test_doctor_finds_little_room(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.commands.doctor_command.LOW_DISK_BYTES", 10**18)
    result = run("doctor")
    assert findings(result)["disk"] is False
    assert "make room" in result.stdout


def test_environment_of_the_tests_is_clean() -> None:
    assert [name for name in os.environ if name.startswith("CLINIC_")] == []
