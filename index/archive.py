"""The archive: articles, passages, their embeddings and a numbered change log. The only truth.

FAISS and tantivy are derived from it and catch up by the change log. Every write is one transaction: after
a kill it is there whole or not at all. Any number of threads and processes read while one writes.

Embeddings are stored as float16: half the space, and a cosine off by less than 0.0001 (tested).
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from index import binding, changes, clusters, passages, rows
from index.changes import Delta
from index.database import Database, well_formed
from index.errors import ArchiveError, UnknownArticleError
from index.filtering import conditions, matching
from index.rows import Entry, content_hash
from index.types import Article, Filters, Passage

__all__ = ["Archive", "Counts", "Delta", "Entry", "Outcome", "content_hash"]

Vectors = npt.NDArray[np.float32]
Keys = npt.NDArray[np.int64]
Outcome = Literal["added", "changed", "unchanged"]

_ARTICLE_COLUMNS = ", ".join("text" if f.name == "text" else f"articles.{f.name}" for f in fields(Article))
_COPY_THRESHOLD = 0.7
# Beyond this a number does not fit an SQLite integer.
_MOST_ROWS = 2**62


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the archive holds."""

    articles: int
    passages: int


class Archive:
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
        self._database = Database(path)
        self._similarity = similarity if similarity is not None else _equal
        self._copy_threshold = copy_threshold
        self.path = path
        self.id = self._meta("archive_id") or ""

    # Model

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

    @property
    def model(self) -> str | None:
        """Identity of the model of the embeddings, None before the first `bind`."""
        return self._meta("model")

    @property
    def dimension(self) -> int:
        """Length of the vectors, 0 before the first `bind`."""
        return int(self._meta("dimension") or 0)

    # Writing

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

    # Reading

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Make all reads of this thread inside the block see one state of the archive."""
        with self._database.read():
            yield

    def change(self) -> int:
        """Return the number of the last change, 0 for none yet."""
        with self._database.read() as connection:
            return changes.last(connection)

    def changes_since(self, change: int) -> Delta:
        """Return what changed after the change of this number (0: everything)."""
        with self._database.read() as connection:
            return changes.since(connection, change)

    def count(self) -> Counts:
        """Return how many articles and passages there are."""
        with self._database.read() as connection:
            row = connection.execute("SELECT count(*), ifnull(sum(passages), 0) FROM articles").fetchone()
            return Counts(*row)

    def get(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            UnknownArticleError: No article has this id.
        """
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT {_ARTICLE_COLUMNS} FROM articles JOIN texts USING (number) WHERE id = ?",  # noqa: S608
                (well_formed(article_id),),
            ).fetchone()
        if row is None:
            raise UnknownArticleError(f"no article has the id {article_id!r}")
        return Article(*row)

    def articles(self, offset: int = 0, limit: int = 50, query: str | None = None) -> list[Article]:
        """Return a page of articles, the newest first, those without a date last.

        Args:
            offset: Articles to skip.
            limit: Most articles to return.
            query: Only articles with this in title, source, author or id, whatever the case.
        """
        where, values = matching(query)
        with self._database.read() as connection:
            found = connection.execute(
                f"""SELECT {_ARTICLE_COLUMNS} FROM articles JOIN texts USING (number) {where}
                    ORDER BY latest DESC, number DESC LIMIT ? OFFSET ?""",  # noqa: S608 - own text only
                (*values, min(limit, _MOST_ROWS), min(offset, _MOST_ROWS)),
            )
            return [Article(*row) for row in found]

    def count_matching(self, query: str | None) -> int:
        """Return how many articles `articles(query=query)` has in all."""
        where, values = matching(query)
        with self._database.read() as connection:
            sql = f"SELECT count(*) FROM articles {where}"  # noqa: S608 - own text only
            return int(connection.execute(sql, values).fetchone()[0])

    def hashes(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Return the content hash of every known article among these."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT id, content_hash FROM articles WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(article_ids)),),
            )
            return dict(found.fetchall())

    def passages(self, keys: Sequence[int] | Keys) -> dict[int, Passage]:
        """Return the passages with these keys; keys that are gone are left out."""
        with self._database.read() as connection:
            return passages.by_key(connection, keys)

    def texts(self, keys: Sequence[int] | Keys) -> list[tuple[int, str, str]]:
        """Return (key, its article's title, text) of passages, ascending; keys that are gone are left out."""
        with self._database.read():
            found = self.passages(keys)
            articles = self.articles_by_id(passage.article_id for passage in found.values())
        return [
            (key, article.title, article.text[passage.start : passage.end])
            for key, passage in sorted(found.items())
            for article in [articles[passage.article_id]]
        ]

    def articles_by_id(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """Return these articles; ids that are unknown are left out."""
        with self._database.read() as connection:
            found = connection.execute(
                f"""SELECT {_ARTICLE_COLUMNS} FROM articles JOIN texts USING (number)
                    WHERE id IN (SELECT value FROM json_each(?))""",  # noqa: S608 - own text only
                (json.dumps(sorted(set(article_ids))),),
            )
            return {row[0]: Article(*row) for row in found}

    def article_passages(self, article_id: str) -> list[Passage]:
        """Return the passages of one article in order."""
        with self._database.read() as connection:
            return passages.of_article(connection, well_formed(article_id))

    def embeddings(self, keys: Sequence[int] | Keys) -> Vectors:
        """Return the vectors of these passages, float32 (len(keys), dimension), in the order of `keys`.

        Raises:
            ArchiveError: A key is not there; read keys and vectors inside one `snapshot`.
        """
        with self._database.read() as connection:
            try:
                return passages.vectors(connection, keys)
            except KeyError as error:
                message = f"{self.path} has no vector for passage {error}; read inside a snapshot"
                raise ArchiveError(message) from None

    def copies(self, article_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """Return for each known article the ids of its near-copies, itself included."""
        with self._database.read() as connection:
            return clusters.members(connection, article_ids)

    def keys(self, filters: Filters) -> Keys:
        """Return the keys of all passages that the filters let through, int64, ascending."""
        where, values = conditions(filters)
        with self._database.read() as connection:
            sql = f"SELECT first_key, passages FROM articles {where} ORDER BY first_key"  # noqa: S608
            return passages.expanded(connection.execute(sql, values).fetchall())

    def close(self) -> None:
        """Close this thread's connection; the others close with their threads."""
        self._database.close()

    def _meta(self, name: str) -> str | None:
        with self._database.read() as connection:
            return binding.meta(connection).get(name)


def _equal(a: bytes, b: bytes) -> float:
    return float(a == b)
