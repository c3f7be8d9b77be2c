"""Which articles are copies of each other: clusters of near-copies in the archive.

Candidates share a band of their MinHash signatures (locality-sensitive hashing, Broder 1997; Indyk and
Motwani 1998); those similar enough join one cluster, named by a number in `articles.cluster`. Of articles
with the same signature only one has bands, so that a thousand prints of one text cost no more than two.
All functions run inside the caller's transaction.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence

Similarity = Callable[[bytes, bytes], float]


def join(
    connection: sqlite3.Connection,
    article: int,
    signature: bytes,
    bands: Sequence[bytes],
    *,
    similarity: Similarity,
    threshold: float,
) -> None:
    """Store the signature of an article and join it with the clusters of its near-copies."""
    twin = _twin(connection, signature)
    connection.execute("INSERT INTO signatures VALUES (?, ?, ?)", (article, _digest(signature), signature))
    if twin is not None:
        connection.execute(
            "UPDATE articles SET cluster = (SELECT cluster FROM articles WHERE number = ?) WHERE number = ?",
            (twin, article),
        )
        return
    connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, article) for band in bands])
    candidates = connection.execute(
        """SELECT DISTINCT others.article, signature, cluster FROM bands AS own
           JOIN bands AS others USING (band)
           JOIN signatures ON signatures.article = others.article
           JOIN articles ON articles.number = others.article
           WHERE own.article = ? AND others.article != own.article""",
        (article,),
    )
    alike = {cluster for _, other, cluster in candidates if similarity(signature, other) >= threshold}
    if alike:
        _merge(connection, alike | {article})


def leave(connection: sqlite3.Connection, article: int, *, similarity: Similarity, threshold: float) -> None:
    """Take an article out of its cluster before it is deleted; what only it held together falls apart."""
    row = connection.execute(
        "SELECT signature, cluster FROM signatures JOIN articles ON number = article WHERE article = ?",
        (article,),
    ).fetchone()
    if row is None:
        return
    signature, cluster = row
    connection.execute("DELETE FROM signatures WHERE article = ?", (article,))
    twin = _twin(connection, signature)
    if twin is None:
        _cluster_again(connection, cluster, article, similarity, threshold)
    else:
        connection.execute("UPDATE OR IGNORE bands SET article = ? WHERE article = ?", (twin, article))


def members(connection: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return for each known article the ids of its cluster, itself included."""
    rows = connection.execute(
        """SELECT asked.id, other.id FROM articles AS asked JOIN articles AS other USING (cluster)
           WHERE asked.id IN (SELECT value FROM json_each(?))""",
        (json.dumps(list(article_ids)),),
    )
    found: dict[str, set[str]] = {}
    for asked, other in rows:
        found.setdefault(asked, set()).add(other)
    return {asked: frozenset(others) for asked, others in found.items()}


def page(connection: sqlite3.Connection, offset: int, limit: int) -> list[tuple[int, int]]:
    """Return clusters of two and more articles as (name, size), the one with the latest article first."""
    rows = connection.execute(
        """SELECT cluster, count(*) FROM articles GROUP BY cluster HAVING count(*) > 1
           ORDER BY max(latest) DESC, cluster DESC LIMIT ? OFFSET ?""",
        (limit, offset),
    )
    return [(int(cluster), int(size)) for cluster, size in rows]


def count(connection: sqlite3.Connection) -> int:
    """Return how many clusters have two and more articles."""
    sql = "SELECT count(*) FROM (SELECT 1 FROM articles GROUP BY cluster HAVING count(*) > 1)"
    return int(connection.execute(sql).fetchone()[0])


def earliest(connection: sqlite3.Connection, cluster: int, most: int) -> list[str]:
    """Return ids of a cluster's articles, the earliest first, those without a date last."""
    rows = connection.execute(
        "SELECT id FROM articles WHERE cluster = ? ORDER BY earliest IS NULL, earliest, number LIMIT ?",
        (cluster, most),
    )
    return [str(row[0]) for row in rows]


def _merge(connection: sqlite3.Connection, clusters: set[int]) -> None:
    marks = ", ".join("?" * len(clusters))
    connection.execute(
        f"UPDATE articles SET cluster = ? WHERE cluster IN ({marks})",  # noqa: S608 - marks only
        (min(clusters), *clusters),
    )


def _cluster_again(
    connection: sqlite3.Connection, cluster: int, without: int, similarity: Similarity, threshold: float
) -> None:
    rows = connection.execute(
        "SELECT number, signature FROM articles JOIN signatures ON article = number "
        "WHERE cluster = ? AND number != ? ORDER BY number",
        (cluster, without),
    ).fetchall()
    groups: list[tuple[int, set[bytes]]] = []  # (name, distinct signatures), connected so far
    for number, signature in rows:
        near = [group for group in groups if any(similarity(signature, s) >= threshold for s in group[1])]
        groups = [group for group in groups if group not in near]
        name = min([number, *(group[0] for group in near)])
        groups.append((name, {signature}.union(*(group[1] for group in near))))
    names = {signature: name for name, signatures in groups for signature in signatures}
    connection.executemany(
        "UPDATE articles SET cluster = ? WHERE number = ?",
        [(names[signature], number) for number, signature in rows],
    )


def _twin(connection: sqlite3.Connection, signature: bytes) -> int | None:
    row = connection.execute(
        "SELECT article FROM signatures WHERE digest = ? AND signature = ? LIMIT 1",
        (_digest(signature), signature),
    ).fetchone()
    return None if row is None else int(row[0])


def _digest(signature: bytes) -> bytes:
    return hashlib.sha256(signature).digest()[:8]
