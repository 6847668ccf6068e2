"""The engine: connections, pragmas, transactions, migrations and what only SQLite can say."""

import fcntl
import importlib
import os
import pkgutil
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import apsw
from flask import Flask, current_app
from peewee import SQL, DatabaseProxy, NodeList
from playhouse.apsw_ext import APSWDatabase

from app.models import migrations

# Marks a SQLite file as a clinic-calls database: the letters "Clin" (sqlite.org/fileformat2.html).
APPLICATION_ID = 0x436C696E
# Up to this one, two connections that write and checkpoint at the same moment can corrupt a file
# in WAL mode (sqlite.org/wal.html#walresetbug).
LAST_BROKEN_SQLITE = (3, 51, 2)
BUSY_TIMEOUT_S = 3
WRITER_TIMEOUT_S = 0.5
LOCK_LOOK_S = 0.002
# In KiB and in pages of 4 KiB.
BULK_PRAGMAS = {"cache_size": -32_000, "wal_autocheckpoint": 16_000}


class DatabaseRefused(Exception):
    """The database cannot be used as it is; the message tells a person why and what to do."""


class DatabaseBusy(Exception):
    """Too many writers wait for the database."""


class DatabaseReplaced(Exception):
    """The database's file was deleted or replaced while it was open."""


class ClinicDatabase(APSWDatabase):
    """One clinic's SQLite file; peewee keeps one connection for each thread."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            str(path),
            timeout=BUSY_TIMEOUT_S,
            pragmas=(
                ("journal_mode", "wal"),
                ("synchronous", "full"),
                ("foreign_keys", "on"),
                ("cache_size", -8_000),
                ("temp_store", "memory"),
                ("journal_size_limit", 64_000_000),
            ),
        )
        self.path = path
        self.identity: tuple[int, int] | None = None
        # SQLite takes one writer at a time; who has to wait for it must leave threads to readers.
        self.writer = threading.BoundedSemaphore(1)

    def _add_conn_hooks(self, conn: apsw.Connection) -> None:
        self.check_file()
        super()._add_conn_hooks(conn)
        # SQLite's own handler looks for the lock every 25 to 100 ms only: it would miss most of
        # the short gaps that an import leaves between its transactions.
        conn.set_busy_handler(_wait_for_lock)

    def raw(self) -> apsw.Connection:
        """Give this thread's apsw connection, for statements on the hot path."""
        # Its own, if it is open: peewee would look whether it is, which takes longer.
        return self._state.conn or self.connection()

    def close_all(self) -> None:
        """Close this thread's connection, which other threads' must not outlive."""
        if not self.is_closed():
            self.close()

    def check_file(self) -> None:
        """Raise DatabaseReplaced where the path no longer leads to the file that is open."""
        try:
            found = os.stat(self.path)
        except OSError:
            raise DatabaseReplaced from None
        if (found.st_dev, found.st_ino) != self.identity:
            raise DatabaseReplaced

    @contextmanager
    def write(self) -> Iterator[None]:
        """Run one write transaction; it is on the disk when the block is left without an error.

        Raises DatabaseBusy where other writers take too long.
        """
        if self.raw().in_transaction:
            yield
            return
        if not self.writer.acquire(timeout=WRITER_TIMEOUT_S):
            raise DatabaseBusy
        try:
            with self._transaction():
                yield
        finally:
            self.writer.release()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        raw = self.raw()
        # IMMEDIATE: a transaction that first reads and then writes would fail at once where
        # another connection wrote in between, whatever the timeout.
        raw.execute("BEGIN IMMEDIATE")
        try:
            before = raw.total_changes()
            yield
            if raw.total_changes() != before:
                raw.execute("UPDATE revision SET number = number + 1")
            self.check_file()
            raw.execute("COMMIT")
        except BaseException:
            # A full disk has ended the transaction already.
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            raise

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """Let this thread's connection take more memory, for writing very many rows.

        Pages that are changed again and again then stay there, and are written back once.
        """
        raw = self.raw()
        before = {name: raw.pragma(name) for name in BULK_PRAGMAS}
        try:
            for name, value in BULK_PRAGMAS.items():
                raw.pragma(name, value)
            yield
        finally:
            for name, value in before.items():
                raw.pragma(name, value)

    @contextmanager
    def snapshot(self) -> Iterator[apsw.Connection]:
        """Run several reads on one and the same state of the database."""
        raw = self.raw()
        raw.execute("BEGIN")
        try:
            yield raw
        finally:
            raw.execute("COMMIT")


def _wait_for_lock(looks: int) -> bool:
    """Wait a moment before the next look for a lock; tell SQLite when it has been long enough."""
    time.sleep(LOCK_LOOK_S)
    return looks * LOCK_LOOK_S < BUSY_TIMEOUT_S


class CurrentDatabase(DatabaseProxy):
    """Stands for the database of the current application in the models."""

    @property
    def obj(self) -> ClinicDatabase | None:
        try:
            return current_app.extensions["database"]
        except RuntimeError:  # outside of an application, as when the models are defined
            return None

    @obj.setter
    def obj(self, value: Any) -> None:
        pass


database: Any = CurrentDatabase()


def connection() -> apsw.Connection:
    """Give the current application's connection of this thread, without peewee in between."""
    return current_app.extensions["database"].raw()


def revision() -> int:
    """Give a number that every committed change makes larger, in whichever process."""
    return connection().execute("SELECT number FROM revision").get


def unindexed(column: Any) -> Any:
    """Give a column for a condition that SQLite looks up in no index (sqlite.org/optoverview)."""
    return NodeList((SQL("+"), column), glue="")


def init_app(app: Flask) -> None:
    """Open the application's database, created and migrated where needed."""
    app.extensions["database"] = open_database(app.config["DATABASE_URL"])


def open_database(path: Path) -> ClinicDatabase:
    """Open a clinic's database, create it and apply pending migrations.

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
            _create_file(path)
            _check_header(path)
            if stat.S_IMODE(path.stat().st_mode) != 0o600:
                path.chmod(0o600)
            _migrate(path)
    except OSError as error:
        raise DatabaseRefused(f"The database {path} cannot be opened: {error.strerror}.") from None
    except apsw.FullError:
        raise DatabaseRefused(f"The database {path} cannot be opened: the disk is full.") from None
    except apsw.Error as error:
        raise DatabaseRefused(
            f"The database {path} cannot be used: {type(error).__name__}."
        ) from None
    clinic_database = ClinicDatabase(path)
    found = os.stat(path)
    clinic_database.identity = (found.st_dev, found.st_ino)
    return clinic_database


def sqlite_version() -> tuple[int, ...]:
    """Give the version of the SQLite in use, as (major, minor, patch)."""
    return tuple(int(part) for part in apsw.sqlite_lib_version().split("."))


@contextmanager
def _migration_lock(path: Path) -> Iterator[None]:
    # A file of its own: closing any descriptor of the database's would drop SQLite's locks on it.
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _create_file(path: Path) -> None:
    """Make the file with its final mode, which SQLite gives to `-wal` and `-shm` too."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


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


def migration_names() -> list[str]:
    """Give the names of all migrations, in order; the n-th brings the database to version n."""
    return sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))


def _migrate(path: Path) -> None:
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(BUSY_TIMEOUT_S * 1000)
    try:
        names = migration_names()
        version = connection.pragma("user_version")
        if version > len(names):
            raise DatabaseRefused(
                f"{path} was written by a newer clinic-calls (version {version} of the tables,"
                f" this program knows {len(names)}); upgrade the program."
            )
        if version == 0:
            # Before WAL mode, so that it stands in the file itself even after a crash.
            connection.pragma("application_id", APPLICATION_ID)
            connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
        for number, name in enumerate(names[version:], version + 1):
            _apply(connection, number, name)
    finally:
        connection.close()


def _apply(connection: apsw.Connection, number: int, name: str) -> None:
    migration = importlib.import_module(f"{migrations.__name__}.{name}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        migration.up(connection)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
