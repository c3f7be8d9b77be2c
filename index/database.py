"""The SQLite file under the archive: schema, connections, transactions, and errors in plain words.

What only this module knows: WAL mode with one connection per thread and process, so that readers never wait
for the writer; `synchronous=FULL`, so that what was acknowledged survives a kill and a power cut; and that
long columns (texts, vectors, signatures) live in tables of their own, so that filters read short rows only.
"""

import contextlib
import logging
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from index.errors import ArchiveError

_logger = logging.getLogger(__name__)

SCHEMA_VERSION = 1
_BUSY_MS = 10_000
_BUSY_ALONE_MS = 3_000
_BUSY_PAUSE_S = 0.02
# SQLite puts the log back into the file only in a moment without readers, which under many questions never
# comes: 400 small writes beside eight clients made 30 MB of log.
_LONG_LOG_BYTES = 16_000_000
_BUSY_LOG_MS = 500

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Keys are never used twice (AUTOINCREMENT): an index that missed a removal cannot show another passage.
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT, author TEXT, agency TEXT, url TEXT, published TEXT, updated TEXT, language TEXT,
    content_hash TEXT NOT NULL,
    cluster INTEGER NOT NULL,
    first_key INTEGER NOT NULL,   -- the passages of one article have consecutive keys
    passages INTEGER NOT NULL,
    earliest TEXT, latest TEXT,   -- `published` as the days it may mean
    source_folded TEXT, author_folded TEXT, agency_folded TEXT
);
CREATE INDEX articles_by_cluster ON articles (cluster);
CREATE INDEX articles_by_date ON articles (latest DESC, number DESC);
CREATE INDEX articles_by_source ON articles (source_folded);

CREATE TABLE texts (
    number INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE,
    text TEXT NOT NULL
);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    UNIQUE (article, number)
);
CREATE TABLE embeddings (
    key INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    vector BLOB NOT NULL          -- float16, little-endian
);

CREATE TABLE signatures (
    article INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE,
    digest BLOB NOT NULL,         -- to find equal signatures
    signature BLOB NOT NULL
);
CREATE INDEX signatures_by_digest ON signatures (digest);
CREATE TABLE bands (
    band BLOB NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    PRIMARY KEY (band, article)
) WITHOUT ROWID;
CREATE INDEX bands_by_article ON bands (article);

CREATE TABLE changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    added INTEGER NOT NULL,       -- 1: the keys were added, 0: removed
    first_key INTEGER NOT NULL,
    passages INTEGER NOT NULL
);
"""


class _Held:
    """A thread's connection, closed when the thread ends.

    Python would close it at some later garbage collection only: a connection is part of a reference cycle.
    """

    def __init__(self, connection: sqlite3.Connection, process: int) -> None:
        self.connection = connection
        self.process = process

    def __del__(self) -> None:
        if self.process == os.getpid():
            self.connection.close()


class Database:
    """Connections to one SQLite file, made when a thread first asks.

    Args:
        path: The file; it and its folder are created.

    Raises:
        ArchiveError: The file cannot be opened, is no archive, or was written by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._writing = threading.RLock()
        self._log = path.with_name(f"{path.name}-wal")
        self._log_bytes = 0  # of a log that could not be shortened, as some reader was too long
        with self._plain_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._create()

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection inside one read transaction; nested uses share the outer one."""
        with self._plain_errors():
            connection = self._connection()
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection inside one write transaction: all of it happens or nothing."""
        with self._writing, self._plain_errors():
            connection = self._connection()
            if connection.in_transaction:
                raise ArchiveError("a write cannot begin inside a snapshot; end the snapshot first")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite has rolled back by itself where the disk is full
                    connection.execute("ROLLBACK")
                raise
            self._shorten_log(connection)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other thread and process out, with the whole archive in its one file.

        Raises:
            ArchiveError: Somebody else has the archive open.
        """
        with self._writing, self._plain_errors():
            self.close()
            connection = self._connection()
            try:
                connection.execute(f"PRAGMA busy_timeout = {_BUSY_ALONE_MS}")
                _leave_wal(connection)
                connection.execute("BEGIN EXCLUSIVE")
                yield
            finally:
                self.close()

    def close(self) -> None:
        """Close this thread's connection."""
        self._local.held = None

    def _connection(self) -> sqlite3.Connection:
        # A connection must not cross a fork: the child would release the parent's file locks.
        held: _Held | None = getattr(self._local, "held", None)
        if held is None or held.process != os.getpid():
            held = self._local.held = _Held(self._connect(), os.getpid())
        return held.connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.create_function("folded", 1, folded, deterministic=True)
        return connection

    def _shorten_log(self, connection: sqlite3.Connection) -> None:
        try:
            size = self._log.stat().st_size
        except FileNotFoundError:
            return
        if size < self._log_bytes + _LONG_LOG_BYTES:
            return
        try:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_LOG_MS}")
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._log_bytes = size if busy else 0
        except sqlite3.Error as error:  # what was written is safe in the log
            self._log_bytes = size
            _logger.warning("%s cannot be shortened: %s", self._log, error)
        finally:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")

    def _create(self) -> None:
        connection = self._connection()
        version = self._version(connection)
        if version == 0:
            connection.execute("BEGIN IMMEDIATE")
            try:
                if self._version(connection) == 0:  # no other process was faster
                    self._create_tables(connection)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
        elif version != SCHEMA_VERSION:
            raise ArchiveError(
                f"{self.path} has format {version}, this version reads {SCHEMA_VERSION}; "
                "update the program, or index into a new folder"
            )

    def _create_tables(self, connection: sqlite3.Connection) -> None:
        if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            raise ArchiveError(f"{self.path} is another program's database; choose another folder")
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('archive_id', ?)", (uuid.uuid4().hex,))
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @staticmethod
    def _version(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])

    @contextlib.contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise ArchiveError(f"{self.path}: {error}; {_advice(str(error))}") from error


def _leave_wal(connection: sqlite3.Connection) -> None:
    """Empty the log into the file; SQLite refuses this, at once, where another connection is open."""
    until = time.monotonic() + _BUSY_ALONE_MS / 1000
    emptied = False
    while not emptied:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            emptied = True
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_BUSY_PAUSE_S)  # a search's thread that is catching up ends soon


def well_formed(text: str) -> str:
    """Return the text with halves of surrogate pairs replaced: no stored text holds one, so none matches."""
    return text.encode("utf-8", "replace").decode()


def folded(text: str | None) -> str | None:
    """Return the text for comparison without case ("Straße" and "STRASSE" are equal)."""
    return None if text is None else text.casefold()


def _advice(message: str) -> str:
    if "full" in message or "No space" in message:
        return "nothing of this change was stored; free space on that disk and repeat it"
    if "locked" in message or "busy" in message:
        return "another process is writing; repeat when it has finished"
    if "not a database" in message or "malformed" in message:
        return "the file is damaged or not an archive; restore a backup or choose another folder"
    return "check that the folder exists, is on a local disk and may be written"
