"""Reading passages and their vectors by key. Runs inside the caller's transaction."""

import json
import sqlite3
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.types import Passage

Vectors = npt.NDArray[np.float32]
Keys = npt.NDArray[np.int64]

_SELECT = """SELECT key, articles.id, passages.number, start, "end" FROM passages
             JOIN articles ON articles.number = article"""


def by_key(connection: sqlite3.Connection, keys: Sequence[int] | Keys) -> dict[int, Passage]:
    """Return the passages with these keys; keys that are gone are left out."""
    sql = f"{_SELECT} WHERE key IN (SELECT value FROM json_each(?))"  # noqa: S608 - own text only
    return {row[0]: Passage(*row) for row in connection.execute(sql, (_json(keys),))}


def of_article(connection: sqlite3.Connection, article_id: str) -> list[Passage]:
    """Return the passages of one article in order."""
    sql = f"{_SELECT} WHERE articles.id = ? ORDER BY key"
    return [Passage(*row) for row in connection.execute(sql, (article_id,))]


def vectors(connection: sqlite3.Connection, keys: Sequence[int] | Keys) -> Vectors:
    """Return the vectors of these passages, float32 (len(keys), dimension), in the order of `keys`.

    Raises:
        KeyError: A key is not there.
    """
    found = _found_vectors(connection, keys)
    return _matrix([found[int(key)] for key in keys])


def known_vectors(connection: sqlite3.Connection, keys: Sequence[int] | Keys) -> tuple[Keys, Vectors]:
    """Return those of these keys that are there, in their order, and their vectors as `vectors` does."""
    found = _found_vectors(connection, keys)
    there = [int(key) for key in keys if int(key) in found]
    return np.array(there, np.int64), _matrix([found[key] for key in there])


def expanded(runs: Sequence[tuple[int, int]]) -> Keys:
    """Return the keys of runs of (first key, count), int64, in their order."""
    pairs = np.array(runs, dtype=np.int64).reshape(-1, 2)
    starts, lengths = pairs[:, 0], pairs[:, 1]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    keys: Keys = np.repeat(starts, lengths) + within
    return keys


def _found_vectors(connection: sqlite3.Connection, keys: Sequence[int] | Keys) -> dict[int, bytes]:
    sql = "SELECT key, vector FROM embeddings WHERE key IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(sql, (_json(keys),)).fetchall())


def _matrix(rows: list[bytes]) -> Vectors:
    joined = np.frombuffer(b"".join(rows), "<f2")
    return joined.reshape(len(rows), -1 if rows else 0).astype(np.float32)


def _json(keys: Sequence[int] | Keys) -> str:
    return json.dumps([int(key) for key in keys])
