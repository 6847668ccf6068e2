"""Opening a clinic's file: made where there is none, refused where it is foreign, migrated."""

import fcntl
import logging
import os
import re
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import apsw
import peewee
from flask import Flask

from app.models.engine import BUSY_TIMEOUT_S, ClinicDatabase, connection

log = logging.getLogger("clinic_calls")

MIGRATIONS = Path(__file__).with_name("migrations")
# Marks a SQLite file as a clinic-calls database: the letters "Clin" (sqlite.org/fileformat2.html).
APPLICATION_ID = 0x436C696E
# Up to this one, two connections that write and checkpoint at the same moment can corrupt a file
# in WAL mode (sqlite.org/wal.html#walresetbug).
LAST_BROKEN_SQLITE = (3, 51, 2)


class DatabaseRefused(Exception):
    """The database cannot be used as it is; the message tells a person why and what to do."""


def init_app(app: Flask) -> None:
    """Open the application's database, created where it may be and migrated where needed."""
    path = app.config["DATABASE_URL"]
    if app.config.get("MUST_EXIST") and not _is_there(path):
        raise DatabaseRefused(
            f"There is no database at {path}; set DATABASE_URL, or make one with:"
            " clinic-calls migrate"
        )
    can_write = all(os.access(place, os.W_OK) for place in (path, path.parent))
    is_read = app.config.get("READ_ONLY") and path.is_file() and not can_write
    app.extensions["database"] = open_to_read(path) if is_read else open_database(path)


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise DatabaseRefused(f"The database {path} cannot be opened: {error.strerror}.") from None
    return True


def open_database(path: Path) -> ClinicDatabase:
    """Open a clinic's database, create it, which is logged, and apply pending migrations.

    Raises DatabaseRefused for a broken SQLite, a folder that cannot be written, a file that is no
    clinic-calls database and one that is newer than this program; all are left untouched.
    """
    if sqlite_version() <= LAST_BROKEN_SQLITE:
        raise DatabaseRefused(
            f"SQLite {apsw.sqlite_lib_version()} can corrupt databases like this one;"
            " install the newest apsw."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            _check_header(path)  # first without the lock, which leaves a file beside it
        with _migration_lock(path):
            is_new = _create_file(path)
            _check_header(path)
            if stat.S_IMODE(path.stat().st_mode) != 0o600:
                path.chmod(0o600)
            _migrate(path)
    except OSError as error:
        raise DatabaseRefused(f"The database {path} cannot be opened: {error.strerror}.") from None
    except apsw.FullError:
        raise DatabaseRefused(f"The database {path} cannot be opened: the disk is full.") from None
    except apsw.Error as error:
        raise DatabaseRefused(f"The database {path} cannot be used: {error}.") from None
    if is_new:
        log.warning("Made the database %s.", path)
    return _opened(ClinicDatabase(path))


def _opened(clinic_database: ClinicDatabase) -> ClinicDatabase:
    found = os.stat(clinic_database.path)
    clinic_database.identity = (found.st_dev, found.st_ino)
    clinic_database.version = len(migrations())
    return clinic_database


def open_to_read(path: Path) -> ClinicDatabase:
    """Open a database where nothing can be written. Raises DatabaseRefused."""
    # Only where nobody has it open, and no crash has left anything, is the file itself all.
    wal, index = (Path(f"{path.resolve()}{ending}") for ending in ("-wal", "-shm"))
    is_used = index.exists() or (wal.exists() and wal.stat().st_size)
    clinic_database = ClinicDatabase(path, "mode=ro" if is_used else "immutable=1")
    try:
        _check_header(path)
        version = _opened(clinic_database).raw().pragma("user_version")
    except (OSError, apsw.Error, peewee.DatabaseError):
        raise DatabaseRefused(
            f"The database {path} cannot be read where nothing can be written;"
            f" copy it, and {wal}, to a folder of your own."
        ) from None
    if version != len(migrations()):
        raise DatabaseRefused(f"{path} must be migrated, and cannot be written; make it writable.")
    _check_tables(clinic_database.raw(), path, version)
    return clinic_database


def sqlite_version() -> tuple[int, ...]:
    """Give the version of the SQLite in use, as (major, minor, patch)."""
    return tuple(int(part) for part in apsw.sqlite_lib_version().split("."))


@contextmanager
def _migration_lock(path: Path) -> Iterator[None]:
    # A file of its own: closing any descriptor of the database's would drop SQLite's locks on it.
    # Beside the file itself: links to it from elsewhere must wait for the same one.
    lock = os.open(f"{path.resolve()}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _create_file(path: Path) -> bool:
    """Make the file with its final mode, which SQLite gives to `-wal` and `-shm` too.

    Tells whether there was none.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    return True


def _check_header(path: Path) -> None:
    """Refuse foreign files before SQLite, which might change them, opens them for writing."""
    if not path.is_file():
        raise DatabaseRefused(f"{path} is not a file.")
    with path.open("rb") as file:
        header = file.read(100)
    if not header:
        return
    if header[:16] != b"SQLite format 3\0":
        raise DatabaseRefused(f"{path} is not a database; move it away or set DATABASE_URL.")
    application_id = int.from_bytes(header[68:72])
    if application_id != APPLICATION_ID:
        raise DatabaseRefused(
            f"{path} is a database of another program; move it away or set DATABASE_URL."
        )


def migrations() -> list[Path]:
    """Give the scripts of all migrations, in order; the n-th brings the database to version n."""
    return sorted(MIGRATIONS.glob("m*.sql"))


def damage() -> list[str]:
    """Say what is wrong with the pages of the open database; nothing where all is well."""
    found = [row[0] for row in connection().execute("PRAGMA quick_check(3)")]
    return [] if found == ["ok"] else found


def search_is_intact() -> bool:
    """Tell whether the full-text index of the calls agrees with itself."""
    try:
        connection().execute("INSERT INTO call_search (call_search) VALUES ('integrity-check')")
    except apsw.CorruptError:
        return False
    return True


def mark_demo() -> None:
    """Mark the open database as one of invented people, which may be deleted."""
    connection().execute("UPDATE revision SET born = 'demo' || born")


def settle_demo(at_ms: int) -> None:
    """Let nothing of the open database depend on when it was made, but on its calls and `at_ms`."""
    connection().execute(
        "UPDATE call SET updated_at = max(created_at, ifnull(ended_at, created_at));"
        "UPDATE patient SET created_at = :at, updated_at = :at;"
        "UPDATE tag SET created_at = :at, updated_at = :at;"
        "UPDATE person SET created_at = :at;",
        {"at": at_ms},
    ).fetchall()


def is_demo(path: Path) -> bool:
    """Tell a database of invented people from every other file."""
    try:
        with closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as found:
            return str(found.execute("SELECT born FROM revision").get).startswith("demo")
    except apsw.Error:
        return False


def _migrate(path: Path) -> None:
    connection = apsw.Connection(str(path))
    try:
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        is_alone = _is_alone(connection)
        if is_alone and _is_put_back(connection, path):
            raise DatabaseRefused(f"{path}-wal {_PUT_BACK.format(path=path)}")
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
        connection.set_busy_timeout(BUSY_TIMEOUT_S * 1000)
        scripts = migrations()
        version = connection.pragma("user_version")
        if version > len(scripts):
            raise DatabaseRefused(
                f"{path} was written by a newer clinic-calls (version {version} of the tables,"
                f" this program knows {len(scripts)}); upgrade the program."
            )
        _check_tables(connection, path, version)
        if version == 0:
            # Before WAL mode, so that it stands in the file itself even after a crash.
            connection.pragma("application_id", APPLICATION_ID)
            connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
        for number, script in enumerate(scripts[version:], version + 1):
            _apply(connection, number, script)
        if is_alone:
            _give_birth(connection)
    finally:
        connection.close()


def _check_tables(connection: apsw.Connection, path: Path, version: int) -> None:
    """Refuse a database whose tables are not those that the migrations up to its version make."""
    with closing(apsw.Connection(":memory:")) as made:
        for script in migrations()[:version]:
            made.execute(script.read_text(encoding="utf-8")).fetchall()
        needed = _tables(made)
    found = _tables(connection)
    for name, sql in needed.items():
        if found.get(name) != sql:
            raise DatabaseRefused(f"{path} {_UNRELEASED.format(name=name)}")


def _tables(connection: apsw.Connection) -> dict[str, str]:
    """Give tables and indexes with what makes them, but for those that SQLite makes itself."""
    rows = connection.execute(_SCHEMA).fetchall()
    return {str(name): " ".join(re.sub("--.*", "", str(sql)).split()) for name, sql in rows}


def _is_alone(connection: apsw.Connection) -> bool:
    """Keep all others out for as long as a connection is open, unless some have the file open."""
    connection.pragma("locking_mode", "exclusive")
    try:
        connection.pragma("user_version")
    except apsw.BusyError:
        connection.pragma("locking_mode", "normal")
        return False
    return True


def _is_put_back(connection: apsw.Connection, path: Path) -> bool:
    """Tell whether a file is older than what the `-wal` beside it continues, or another one.

    SQLite would not see it, and damage the file. Each commit raises the revision by one, so a crash
    leaves a file that is behind by as many revisions as the `-wal` holds commits, or by fewer where
    some have been copied already; and none but the first of these commits gives birth.
    """
    address = f"{path.absolute().as_uri()}?immutable=1"  # that is, without the -wal
    file = apsw.Connection(address, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
    try:
        number, born, _ = file.execute(_REVISION).get
    except apsw.Error:  # the first tables are in the -wal yet
        return False
    finally:
        file.close()
    last, *known = connection.execute(_REVISION).get
    return born not in known or last - number > _commits_in_wal(connection, path)


def _commits_in_wal(connection: apsw.Connection, path: Path) -> int:
    """Count the commits of a `-wal` that SQLite goes by (sqlite.org/fileformat2.html#walformat)."""
    pages, _ = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP)
    if pages <= 0:
        return 0
    with open(f"{path.resolve()}-wal", "rb", buffering=0) as wal:
        frame_bytes = 24 + int.from_bytes(os.pread(wal.fileno(), 4, 8))
        begins = range(32, 32 + pages * frame_bytes, frame_bytes)
        return sum(any(os.pread(wal.fileno(), 4, begin + 4)) for begin in begins)


def _give_birth(connection: apsw.Connection) -> None:
    """Make a file that nobody has open tell itself from its copies, and from what it was before.

    It may have been put back: no ETag of before may pass for one of its own.
    """
    with suppress(apsw.FullError, apsw.IOError):  # it must be readable on a full disk, too
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        connection.execute(_BIRTH)


def _apply(connection: apsw.Connection, number: int, script: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(script.read_text(encoding="utf-8")).fetchall()
        connection.execute(f"PRAGMA user_version = {number}; {_RAISE}").fetchall()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


_RAISE = "UPDATE revision SET number = number + 1"
# What was marked as a demo stays one.
_BIRTH = (
    f"{_RAISE}, before = born,"
    " born = iif(born LIKE 'demo%', 'demo', '') || lower(hex(randomblob(8)))"
)
_REVISION = "SELECT number, born, before FROM revision"
# Without those of FTS5, which are its own affair, and of ANALYZE.
_SCHEMA = (
    "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
    " AND name NOT LIKE '%!_search!_%' ESCAPE '!' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
)
_UNRELEASED = (
    "was made before the first release, or by a program between two releases: its {name} is not"
    " that of its version. Bring it over: export tags, patients and calls with the program that"
    " made it, and import them, in this order, into a new database with this one. Keys, deleted"
    " calls, dead letters and fields that a person has set to null do not travel."
)
_PUT_BACK = (
    "is not of this {path}: a copy was put back beside what a crash has left. Nothing was changed."
    " Stop the service, move the files -wal and -shm away, put the copy in place again, owned by"
    " the service's user, and start."
)
