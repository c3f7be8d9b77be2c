"""How articles, passages and vectors become rows of the archive. Runs inside the caller's transaction."""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from index.database import folded, well_formed
from index.errors import ArchiveError
from index.filtering import period
from index.types import Article, Passage

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with everything that is stored of it.

    Attributes:
        article: The article.
        passages: Its passages in order; their keys are given by the archive.
        embeddings: One L2-normalised vector each, float32 (len(passages), dimension).
        signature: MinHash signature (`index.copies.signature`), or b"" to find no copies of it.
        bands: The signature's bands; articles that share one are compared.
    """

    article: Article
    passages: Sequence[Passage]
    embeddings: Vectors
    signature: bytes = b""
    bands: Sequence[bytes] = ()


def content_hash(article: Article) -> str:
    """Return the SHA-256 of all that an article says; the same hash means nothing has to be stored."""
    return hashlib.sha256(json.dumps(astuple(article)).encode()).hexdigest()


def check(entry: Entry, dimension: int) -> None:
    """Raise an ArchiveError where passages, vectors and article do not fit each other."""
    article = entry.article
    for value in astuple(article):
        if value is not None and value != well_formed(value):
            raise ArchiveError(f"article {article.id!r}: {value[:40]!r} is no valid Unicode; clean it first")
    if "\x00" in article.id or not article.id:
        raise ArchiveError(f"{article.id!r} cannot be an id: it is empty or has a NUL character")
    shape = (len(entry.passages), dimension) if entry.passages else entry.embeddings.shape
    if entry.embeddings.shape != shape:
        raise ArchiveError(
            f"article {article.id!r}: embeddings of shape {entry.embeddings.shape}, expected {shape}"
        )
    if not np.isfinite(entry.embeddings).all():
        raise ArchiveError(f"article {article.id!r}: an embedding is not a finite number; check the model")
    for number, passage in enumerate(entry.passages):
        if passage.article_id != article.id or passage.number != number:
            raise ArchiveError(f"article {article.id!r}: passage {passage.id} is not its number {number}")
        if not 0 <= passage.start < passage.end <= len(article.text):
            raise ArchiveError(
                f"article {article.id!r}: passage {number} ({passage.start} to {passage.end}) is not inside "
                f"its text of {len(article.text)} characters"
            )


def insert_article(connection: sqlite3.Connection, article: Article, passages: int) -> int:
    """Insert an article's row and text; return its number. `first_key` and `cluster` are still to be set."""
    earliest, latest = period(article.published)
    cursor = connection.execute(
        """INSERT INTO articles (id, title, source, author, agency, url, published, updated, language,
               content_hash, cluster, first_key, passages, earliest, latest,
               source_folded, author_folded, agency_folded)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?)""",
        (
            article.id,
            article.title,
            article.source,
            article.author,
            article.agency,
            article.url,
            article.published,
            article.updated,
            article.language,
            content_hash(article),
            passages,
            earliest,
            latest,
            folded(article.source),
            folded(article.author),
            folded(article.agency),
        ),
    )
    number = int(cursor.lastrowid or 0)
    connection.execute("INSERT INTO texts VALUES (?, ?)", (number, article.text))
    return number


def insert_passages(connection: sqlite3.Connection, article: int, entry: Entry) -> int:
    """Insert passages with consecutive keys and their vectors; return the first key."""
    # The highest key ever given, also where that passage is deleted: keys are never used twice.
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passages'").fetchone()
    first_key = 1 if row is None else int(row[0]) + 1
    keys = range(first_key, first_key + len(entry.passages))
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
        [(key, article, p.number, p.start, p.end) for key, p in zip(keys, entry.passages, strict=True)],
    )
    vectors = entry.embeddings.astype("<f2")
    connection.executemany(
        "INSERT INTO embeddings VALUES (?, ?)",
        [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)],
    )
    return first_key
