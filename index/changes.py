"""The numbered change log of the archive: what a derived index reads to catch up.

Runs inside the caller's transaction. The passages of one article have consecutive keys, so a change is one
short row, however long the article.
"""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed since an earlier change number.

    Attributes:
        change: The number this leads to.
        added: Keys that are there now and were not, ascending.
        removed: Keys that may have been there and are not now, ascending.
    """

    change: int
    added: list[int]
    removed: list[int]


def log(connection: sqlite3.Connection, *, added: bool, first_key: int, passages: int) -> None:
    """Append that a run of passages was added or removed."""
    connection.execute(
        "INSERT INTO changes (added, first_key, passages) VALUES (?, ?, ?)", (added, first_key, passages)
    )


def last(connection: sqlite3.Connection) -> int:
    """Return the number of the last change, 0 for none yet."""
    return int(connection.execute("SELECT ifnull(max(number), 0) FROM changes").fetchone()[0])


def since(connection: sqlite3.Connection, change: int) -> Delta:
    """Return what changed after the change of this number (0: everything)."""
    added: set[int] = set()
    removed: set[int] = set()
    number = change
    for number, is_added, first_key, passages in connection.execute(  # noqa: B007 - used after
        "SELECT * FROM changes WHERE number > ? ORDER BY number", (change,)
    ):
        keys = range(first_key, first_key + passages)
        if is_added:
            added.update(keys)
        else:
            removed.update(key for key in keys if key not in added)
            added.difference_update(keys)
    return Delta(number, sorted(added), sorted(removed))
