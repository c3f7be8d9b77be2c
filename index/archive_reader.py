"""The reading side of the archive; `index.archive.Archive` adds the writing.

Every read is one transaction and sees one state; `snapshot` makes several reads see the same.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from index import binding, changes, checks, clusters, passages
from index.changes import Delta
from index.database import Database, well_formed
from index.errors import ArchiveError, UnknownArticleError
from index.filtering import conditions, selecting
from index.types import Article, Filters, Passage

Vectors = npt.NDArray[np.float32]
Keys = npt.NDArray[np.int64]

_ARTICLE_COLUMNS = ", ".join("text" if f.name == "text" else f"articles.{f.name}" for f in fields(Article))
_CHUNK_ARTICLES = 200
# Beyond this a number does not fit an SQLite integer.
_MOST_ROWS = 2**62


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the archive holds."""

    articles: int
    passages: int


class ArchiveReader:
    """Reads one archive.

    Args:
        path: The SQLite file; created where missing.

    Attributes:
        path: The same.
        id: Made up when the archive was created; another archive has another.

    Raises:
        ArchiveError: The file cannot be opened; the message says why and what to do.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self.path = path
        self.id = self._meta("archive_id") or ""
        self._counted: tuple[int, Counts] | None = None
        self._held: WeakValueDictionary[str, Article] = WeakValueDictionary()

    @property
    def model(self) -> str | None:
        """Identity of the model of the embeddings, None before the first `bind`."""
        return self._meta("model")

    @property
    def dimension(self) -> int:
        """Length of the vectors, 0 before the first `bind`."""
        return int(self._meta("dimension") or 0)

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
        """Return how many articles and passages there are; they are counted once for each change."""
        with self._database.read() as connection:
            change = changes.last(connection)
            if self._counted is not None and self._counted[0] == change:
                return self._counted[1]
            row = connection.execute("SELECT count(*), ifnull(sum(passages), 0) FROM articles").fetchone()
            self._counted = change, Counts(*row)
            return self._counted[1]

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

    def articles(
        self,
        offset: int = 0,
        limit: int = 50,
        query: str | None = None,
        filters: Filters = Filters(),  # noqa: B008 - frozen
    ) -> list[Article]:
        """Return a page of articles, the newest first, those without a date last.

        Args:
            offset: Articles to skip.
            limit: Most articles to return.
            query: Only articles with this in title, source, author or id, whatever the case.
            filters: Only articles that these let through.
        """
        where, values = selecting(query, filters)
        with self._database.read() as connection:
            found = connection.execute(
                f"""SELECT {_ARTICLE_COLUMNS} FROM articles JOIN texts USING (number) {where}
                    ORDER BY latest DESC, number DESC LIMIT ? OFFSET ?""",  # noqa: S608 - own text only
                (*values, min(limit, _MOST_ROWS), min(offset, _MOST_ROWS)),
            )
            return [Article(*row) for row in found]

    def count_matching(self, query: str | None, filters: Filters = Filters()) -> int:  # noqa: B008 - frozen
        """Return how many articles `articles` has in all for a query and filters."""
        where, values = selecting(query, filters)
        with self._database.read() as connection:
            sql = f"SELECT count(*) FROM articles {where}"  # noqa: S608 - own text only
            return int(connection.execute(sql, values).fetchone()[0])

    def ids(self) -> list[str]:
        """Return the ids of all articles, in the order they were stored."""
        with self._database.read() as connection:
            return [row[0] for row in connection.execute("SELECT id FROM articles ORDER BY number")]

    def all_articles(self) -> Iterator[Article]:
        """Yield all articles in the order they were stored; the archive may be written to meanwhile."""
        ids = self.ids()
        for start in range(0, len(ids), _CHUNK_ARTICLES):
            chunk = ids[start : start + _CHUNK_ARTICLES]
            found = self.articles_by_id(chunk)
            yield from (found[article_id] for article_id in chunk if article_id in found)

    def sources(self, limit: int) -> dict[str, int]:
        """Return the publishers with the most articles, those first, and how many each has.

        Args:
            limit: Most publishers to return.
        """
        with self._database.read() as connection:
            found = connection.execute(
                """SELECT source, count(*) FROM articles WHERE source IS NOT NULL
                   GROUP BY source_folded ORDER BY count(*) DESC, source LIMIT ?""",
                (limit,),
            )
            return dict(found.fetchall())

    def clusters(self, offset: int, limit: int, most: int) -> list[tuple[list[Article], int]]:
        """Return a page of clusters of near-copies, the one with the latest article first.

        Args:
            offset: Clusters to skip.
            limit: Most clusters to return.
            most: Most articles to return of each.

        Returns:
            For each its articles, the earliest first, and how many it has.
        """
        with self._database.read() as connection:
            found = clusters.page(connection, offset, limit)
            ids = [clusters.earliest(connection, name, most) for name, _ in found]
            known = self.articles_by_id(article_id for members in ids for article_id in members)
        sizes = [size for _, size in found]
        return [([known[i] for i in members], size) for members, size in zip(ids, sizes, strict=True)]

    def count_clusters(self) -> int:
        """Return how many clusters of near-copies there are, lone articles not counted."""
        with self._database.read() as connection:
            return clusters.count(connection)

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
        """Return these articles; ids that are unknown are left out.

        While somebody holds an article, others are given the same one: a service that keeps a thousand
        answers with twenty passages each would else hold its texts many times over.
        """
        with self._database.read() as connection:
            found = connection.execute(
                f"""SELECT {_ARTICLE_COLUMNS} FROM articles JOIN texts USING (number)
                    WHERE id IN (SELECT value FROM json_each(?))""",  # noqa: S608 - own text only
                (json.dumps(sorted(set(article_ids))),),
            )
            return {row[0]: self._shared(Article(*row)) for row in found}

    def _shared(self, article: Article) -> Article:
        held = self._held.get(article.id)
        if held == article:
            return held
        self._held[article.id] = article
        return article

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

    def known_embeddings(self, keys: Sequence[int] | Keys) -> tuple[Keys, Vectors]:
        """Return those of these keys that are there, in their order, and their vectors (see `embeddings`)."""
        with self._database.read() as connection:
            return passages.known_vectors(connection, keys)

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

    def problems(self) -> list[str]:
        """Return what is wrong inside the file, one sentence each; [] where all is well."""
        with self._database.read() as connection:
            return checks.problems(connection)

    def close(self) -> None:
        """Close this thread's connection; the others close with their threads."""
        self._database.close()

    def _meta(self, name: str) -> str | None:
        with self._database.read() as connection:
            return binding.meta(connection).get(name)
