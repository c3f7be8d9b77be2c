"""A copy of the archive in one file, made and taken back while services read and write.

Only the archive is copied: the indexes are derived from it. What only this module knows: SQLite's online
backup, which sees one state however long it takes; and that taking a copy back is one transaction with new
change numbers and the old archive's id, so that indexes and running services catch up as with any other
change, and a kill leaves the archive as it was.
"""

import contextlib
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from index.database import SCHEMA_VERSION, Database
from index.errors import ArchiveError

_BUSY_S = 60
_COPY = re.compile(r"archive-[0-9]{8}T[0-9]{6}Z\.sqlite")
_COPIED_APART = {"meta", "changes"}


def backup(path: Path, target: Path) -> int:
    """Copy an archive into one file, replacing one that is there only when the copy is whole and sound.

    Args:
        path: The archive; it may be written to meanwhile.
        target: The copy.

    Returns:
        The copy's size in bytes.

    Raises:
        ArchiveError: There is no archive, it is damaged, or the copy cannot be written.
    """
    if not path.is_file():
        raise ArchiveError(f"there is no archive at {path}; nothing to back up")
    if target.exists() and target.samefile(path):
        raise ArchiveError(f"{target} is the archive itself; name another file")
    with _plain_errors(f"{path} cannot be copied to {target}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
        os.close(descriptor)
        beside = Path(name)
        try:
            _copy(path, beside)
            _check(beside)
            with beside.open("rb+") as stream:
                os.fsync(stream.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
            beside.with_name(f"{beside.name}-journal").unlink(missing_ok=True)
    return target.stat().st_size


def backup_keeping(path: Path, folder: Path, keep: int) -> Path:
    """Copy an archive into a folder, as a file named by the time, and remove the oldest of these files.

    Args:
        path: The archive.
        folder: Where copies are kept; created where missing. Files with other names are left alone.
        keep: How many copies to keep, at least 1; the one made now is always among them.

    Returns:
        The copy.

    Raises:
        ArchiveError: As `backup`, or an old copy cannot be removed; nothing is removed before the new one
            is whole.
    """
    target = folder / f"archive-{datetime.now(UTC):%Y%m%dT%H%M%S}Z.sqlite"
    backup(path, target)
    with _plain_errors(f"{folder} cannot be tidied"):
        # Not the last by name: after a clock went back, the one made now is not.
        others = sorted(each for each in folder.iterdir() if _COPY.fullmatch(each.name) and each != target)
        for old in others[: max(len(others) - keep + 1, 0)]:
            old.unlink()
    return target


def restore(copy: Path, path: Path) -> int:
    """Put the articles of a copy in the place of an archive's, all in one transaction.

    Args:
        copy: What `backup` wrote.
        path: The archive, created where missing; services may be using it.

    Returns:
        How many articles it holds now.

    Raises:
        ArchiveError: The copy is missing, damaged, of another format or another model than the archive, or
            the archive cannot be written; it is as it was then.
    """
    if not copy.is_file():
        raise ArchiveError(f"there is no file {copy}")
    if path.exists() and copy.samefile(path):
        raise ArchiveError(f"{copy} is the archive itself; name a copy made by `qa index backup`")
    with _plain_errors(f"{copy} cannot be restored to {path}"):
        _check(copy)
        Database(path).close()
        with contextlib.closing(sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("ATTACH ? AS copy", (str(copy),))
            connection.execute("BEGIN IMMEDIATE")
            try:
                _same_model(connection, copy, path)
                count = _take_over(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
    return count


def _copy(path: Path, target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(path, timeout=_BUSY_S)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it


def _check(copy: Path) -> None:
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            raise ArchiveError(f"{copy} has format {version}, this version reads {SCHEMA_VERSION}")
        (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if result != "ok":
            raise ArchiveError(f"{copy} is damaged: {result}")


def _same_model(connection: sqlite3.Connection, copy: Path, path: Path) -> None:
    sql = "SELECT value FROM {}.meta WHERE name = 'model'"
    ours, theirs = (connection.execute(sql.format(name)).fetchone() for name in ("main", "copy"))
    if ours is not None and ours != theirs:
        raise ArchiveError(
            f"{copy} was embedded with {theirs[0] if theirs else 'no model'}, {path} with {ours[0]}; restore "
            "it into a new folder (QA_DATA_DIR)"
        )


def _take_over(connection: sqlite3.Connection) -> int:
    last = connection.execute("SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'passages'")
    (last_key,) = last.fetchone()
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    for table in {row[0] for row in tables} - _COPIED_APART:
        connection.execute(f'DELETE FROM main."{table}"')  # noqa: S608 - names of our own schema
        connection.execute(f'INSERT INTO main."{table}" SELECT * FROM copy."{table}"')  # noqa: S608
    connection.execute("INSERT OR REPLACE INTO main.meta SELECT * FROM copy.meta WHERE name != 'archive_id'")
    # Numbers go on from the archive's own, so that whatever an index has seen, it takes in all of this.
    connection.execute("DELETE FROM main.changes")
    connection.execute("INSERT INTO main.changes (added, first_key, passages) VALUES (0, 1, ?)", (last_key,))
    connection.execute(
        "INSERT INTO main.changes (added, first_key, passages) "
        "SELECT 1, first_key, passages FROM main.articles ORDER BY first_key"
    )
    return int(connection.execute("SELECT count(*) FROM main.articles").fetchone()[0])


@contextlib.contextmanager
def _plain_errors(what: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise ArchiveError(f"{what}: {error}; check the disk's space and the rights") from error
