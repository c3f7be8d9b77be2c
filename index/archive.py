"""The archive: articles, passages, their embeddings and a numbered change log. The only truth.

FAISS and tantivy are derived from it and catch up by the change log. Every write is one transaction: after
a kill it is there whole or not at all. Any number of threads and processes read while one writes.

Embeddings are stored as float16: half the space, and a cosine off by less than 0.0001 (tested).
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from index import binding, changes, clusters, rows
from index.archive_reader import ArchiveReader, Counts
from index.changes import Delta
from index.database import well_formed
from index.rows import Entry, content_hash
from index.types import Article, Passage

__all__ = ["Archive", "Counts", "Delta", "Entry", "Outcome", "content_hash"]

Vectors = npt.NDArray[np.float32]
Outcome = Literal["added", "changed", "unchanged"]

_COPY_THRESHOLD = 0.7


class Archive(ArchiveReader):
    """One archive in one SQLite file.

    Args:
        path: The file; created where missing.
        similarity: Compares two signatures, 0 to 1 (`index.copies.similarity`).
        copy_threshold: Articles at least this similar are near-copies.

    Raises:
        ArchiveError: The file cannot be opened; the message says why and what to do.
    """

    def __init__(
        self,
        path: Path,
        *,
        similarity: clusters.Similarity | None = None,
        copy_threshold: float = _COPY_THRESHOLD,
    ) -> None:
        super().__init__(path)
        self._similarity = similarity if similarity is not None else _equal
        self._copy_threshold = copy_threshold

    def bind(self, *, identity: str, dimension: int, passages: str = "") -> None:
        """Say which model the embeddings come from; an archive without passages takes on any.

        Args:
            identity: `Embedder.identity`.
            dimension: Length of its vectors.
            passages: How articles are split, in words; another way is logged, not refused.

        Raises:
            ModelMismatchError: The archive holds embeddings of another model.
        """
        wanted = {"model": identity, "dimension": str(dimension)} | (
            {"passages": passages} if passages else {}
        )
        with self._database.read() as connection:
            if wanted.items() <= binding.meta(connection).items():
                return
        with self._database.write() as connection:
            binding.bind(connection, identity=identity, dimension=dimension, passages=passages)

    def put(
        self,
        article: Article,
        passages: Sequence[Passage],
        embeddings: Vectors,
        signature: bytes = b"",
        bands: Sequence[bytes] = (),
    ) -> Outcome:
        """Store or replace one article in one transaction."""
        return self.put_many([Entry(article, passages, embeddings, signature, bands)])[0]

    def put_many(self, entries: Iterable[Entry]) -> list[Outcome]:
        """Store or replace articles, all in one transaction.

        Raises:
            ArchiveError: Passages do not fit the article or the vectors; nothing is stored then.
        """
        with self._database.write() as connection:
            dimension = self.dimension
            return [self._put(connection, entry, dimension) for entry in entries]

    def delete(self, article_id: str) -> bool:
        """Delete an article with its passages; return whether it was there."""
        with self._database.write() as connection:
            return self._delete(connection, well_formed(article_id))

    def _put(self, connection: sqlite3.Connection, entry: Entry, dimension: int) -> Outcome:
        rows.check(entry, dimension or entry.embeddings.shape[-1])
        article = entry.article
        known = connection.execute("SELECT content_hash FROM articles WHERE id = ?", (article.id,)).fetchone()
        if known is not None and known[0] == content_hash(article):
            return "unchanged"
        self._delete(connection, article.id)
        number = rows.insert_article(connection, article, len(entry.passages))
        first_key = rows.insert_passages(connection, number, entry)
        connection.execute(
            "UPDATE articles SET cluster = number, first_key = ? WHERE number = ?", (first_key, number)
        )
        if entry.signature:
            clusters.join(
                connection,
                number,
                entry.signature,
                entry.bands,
                similarity=self._similarity,
                threshold=self._copy_threshold,
            )
        changes.log(connection, added=True, first_key=first_key, passages=len(entry.passages))
        return "added" if known is None else "changed"

    def _delete(self, connection: sqlite3.Connection, article_id: str) -> bool:
        row = connection.execute(
            "SELECT number, first_key, passages FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        if row is None:
            return False
        number, first_key, count = row
        clusters.leave(connection, number, similarity=self._similarity, threshold=self._copy_threshold)
        connection.execute("DELETE FROM articles WHERE number = ?", (number,))
        changes.log(connection, added=False, first_key=first_key, passages=count)
        return True

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other thread and process out; this thread may only read.

        Raises:
            ArchiveError: Somebody else has the archive open.
        """
        with self._database.alone():
            yield


def _equal(a: bytes, b: bytes) -> float:
    return float(a == b)
