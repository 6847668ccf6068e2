"""The engine: connections, their pragmas, and transactions."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import apsw
from flask import current_app
from peewee import SQL, DatabaseProxy, NodeList
from playhouse.apsw_ext import APSWDatabase

from app.models.clock import CLOCK_STEPS, clock

# Longer than others hold the lock at worst: what is refused for it, no provider sends again.
BUSY_TIMEOUT_S = 9
LOCK_LOOK_S = 0.002
BULK_CACHE_KIB = 32_000
# In pages of 4 KiB: so long a `-wal` is copied into the file, as SQLite would do itself.
CHECKPOINT_PAGES = 1_000
BULK_CHECKPOINT_PAGES = 16_000
MAX_WAL_PAGES = 3 * BULK_CHECKPOINT_PAGES
# How long whoever writes very many rows pauses for other writers, and waits for readers.
PAUSE_S = 0.005
# Storing many rows holds up no webhook for much longer: to commit takes time too. After each
# transaction those that wait for the lock get it.
TRANSACTION_S = 0.06
MOST_PAUSES = 40
MAX_WAIT_S = 60

T = TypeVar("T")


class DatabaseBusy(Exception):
    """Too many writers wait for the database."""


class DatabaseReplaced(Exception):
    """One of the database's files, or its tables, were replaced while it was open."""


class ClinicDatabase(APSWDatabase):
    """One clinic's SQLite file; peewee keeps one connection for each thread."""

    def __init__(self, path: Path, access: str = "mode=rw") -> None:
        super().__init__(
            f"{path.absolute().as_uri()}?{access}",
            flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI,
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
        # Beside it, not beside a link to it, SQLite has its other files.
        self.real_path = os.path.realpath(path)
        self.identity: Identity | None = None
        self.version = 0
        # Those of `-wal` and `-shm`, once this process has opened them.
        self.beside: list[Identity] | None = None
        self.wal_pages = 0
        self.checkpoint_pages = CHECKPOINT_PAGES
        # SQLite takes one writer at a time; others wait here, which costs less.
        self.writer = threading.BoundedSemaphore(1)

    def _add_conn_hooks(self, conn: apsw.Connection) -> None:
        self.check_file()
        super()._add_conn_hooks(conn)
        # SQLite's own handler looks for the lock every 25 to 100 ms only: it would miss most of
        # the short gaps that an import leaves between its transactions.
        conn.set_busy_handler(self._wait_for_lock)
        conn.set_wal_hook(self._note_pages)
        conn.set_progress_handler(clock.is_late, CLOCK_STEPS)

    def _note_pages(self, _: apsw.Connection, name: str, pages: int) -> int:
        self.wal_pages = pages
        return apsw.SQLITE_OK

    def _wait_for_lock(self, looks: int) -> bool:
        """Wait a moment before the next look for a lock; tell SQLite when it has been too long."""
        if not looks:
            self._state.waits_since = getattr(self._state, "asks_since", 0) or time.monotonic()
        time.sleep(LOCK_LOOK_S)
        return time.monotonic() < self._state.waits_since + BUSY_TIMEOUT_S

    def raw(self) -> apsw.Connection:
        """Give this thread's apsw connection, for statements on the hot path."""
        # Its own, if it is open: peewee would look whether it is, which takes longer.
        return self._state.conn or self.connection()

    def close_all(self) -> None:
        """Close this thread's connection, which other threads' must not outlive."""
        if not self.is_closed():
            self.close()
        self.beside = None

    def check_file(self) -> None:
        """Raise DatabaseReplaced where a path no longer leads to the file that is open."""
        if _identity(self.path) != self.identity:
            raise DatabaseReplaced
        if self.beside is not None and self.beside != self._files_beside():
            raise DatabaseReplaced

    def _files_beside(self) -> list["Identity"]:
        return [_identity(f"{self.real_path}{ending}") for ending in ("-wal", "-shm")]

    def save_lost_wal(self) -> None:
        """Copy what a deleted `-wal` says, which only connections still hold, into the file."""
        is_lost = not os.path.exists(f"{self.real_path}-wal")
        with suppress(Exception):  # what has led here is told already
            if is_lost and _identity(self.path) == self.identity:
                self.raw().wal_checkpoint()

    @contextmanager
    def write(self, *, quietly: bool = False) -> Iterator[None]:
        """Run one write transaction; it is on the disk when the block is left without an error.

        Written quietly, nothing that is remembered goes stale: for what no answer shows. Raises
        DatabaseBusy where other writers take too long.
        """
        if self.raw().in_transaction:
            yield
            return
        asks_since = time.monotonic()
        if not self.writer.acquire(timeout=BUSY_TIMEOUT_S):
            raise DatabaseBusy
        try:
            self._state.asks_since, self._state.later = asks_since, None
            with self._transaction(quietly):
                yield
        finally:
            self._state.asks_since = 0
            self.writer.release()
        # Not as part of the commit: others would wait for the lock above meanwhile.
        if self.wal_pages >= self.checkpoint_pages:
            with suppress(apsw.Error):  # somebody else is at it, or the disk is full
                self.raw().wal_checkpoint()
        if self._state.later:
            self._state.later()

    def later(self, finish: Callable[[], None]) -> None:
        """Let something be called once the transaction that this thread is in is on the disk."""
        self._state.later = finish

    @contextmanager
    def _transaction(self, quietly: bool) -> Iterator[None]:
        raw = self.raw()
        # IMMEDIATE: a transaction that first reads and then writes would fail at once where
        # another connection wrote in between, whatever the timeout.
        raw.execute("BEGIN IMMEDIATE")
        try:
            if self.beside is None:
                self.beside = self._files_beside()
            if raw.pragma("user_version") != self.version:
                raise DatabaseReplaced
            before = raw.total_changes()
            yield
            if raw.total_changes() != before and not quietly:
                raw.execute("UPDATE revision SET number = number + 1")
            self.check_file()
            raw.execute("COMMIT")
        except BaseException as error:
            # A full disk has ended the transaction already.
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            if isinstance(error, DatabaseReplaced):
                self.save_lost_wal()
            raise

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """Let this thread's connection take more memory, for writing very many rows.

        Pages that are changed again and again then stay there, and are written back once.
        """
        raw = self.raw()
        before = raw.pragma("cache_size")
        try:
            raw.pragma("cache_size", -BULK_CACHE_KIB)
            self.checkpoint_pages = BULK_CHECKPOINT_PAGES
            yield
        finally:
            raw.pragma("cache_size", before)
            self.checkpoint_pages = CHECKPOINT_PAGES

    def give_way(self) -> None:
        """Let those write who wait for it, and keep the `-wal` short. Raises DatabaseBusy.

        For between the transactions of `bulk()`: else the `-wal` would grow for as long as others
        write too, or read.
        """
        raw, ends_at = self.raw(), time.monotonic() + MAX_WAIT_S
        for _ in range(MOST_PAUSES):
            seen = raw.pragma("data_version")
            time.sleep(PAUSE_S)
            if raw.pragma("data_version") == seen:
                break
        while self.wal_pages >= BULK_CHECKPOINT_PAGES:
            raw.set_busy_timeout(20)  # while it waits for readers, nobody else can write
            with suppress(apsw.BusyError):
                raw.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_RESTART)
                self.wal_pages = 0
            raw.set_busy_handler(self._wait_for_lock)
            if self.wal_pages < MAX_WAL_PAGES:
                break
            if time.monotonic() > ends_at:
                raise DatabaseBusy
            time.sleep(PAUSE_S)

    @contextmanager
    def snapshot(self) -> Iterator[apsw.Connection]:
        """Run several reads on one and the same state of the database."""
        raw = self.raw()
        # Given up, either of the two would leave the transaction open.
        with clock.stopped():
            raw.execute("BEGIN")
        try:
            yield raw
        finally:
            with clock.stopped():
                raw.execute("COMMIT")


Identity = tuple[int, int]


def _identity(path: Path | str) -> Identity:
    """Give what tells a file from another one at the same path. Raises DatabaseReplaced."""
    try:
        found = os.stat(path)
    except OSError:
        raise DatabaseReplaced from None
    return found.st_dev, found.st_ino


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


def in_short_transactions(rows: Iterator[T], store: Callable[[T], object]) -> Iterator[int]:
    """Store rows one by one; yields after each transaction how many it wrote."""
    row = next(rows, None)
    while row is not None:
        written = 0
        with database.write():
            ends_at = time.monotonic() + TRANSACTION_S
            while row is not None and time.monotonic() < ends_at:
                store(row)
                written += 1
                row = next(rows, None)
        yield written
        database.give_way()


def revision() -> int:
    """Give a number that every committed change makes larger, in whichever process."""
    return connection().execute("SELECT number FROM revision").get


def born() -> str:
    """Give what tells this database from every other."""
    return str(connection().execute("SELECT born FROM revision").get)


def unindexed(column: Any) -> Any:
    """Give a column for a condition that SQLite looks up in no index (sqlite.org/optoverview)."""
    return NodeList((SQL("+"), column), glue="")
