"""Which articles are copies of each other: clusters of near-copies in the archive.

Candidates share a band of their MinHash signatures (locality-sensitive hashing, Broder 1997; Indyk and
Motwani 1998); those similar enough join one cluster. A cluster is named by a number that is kept in
`articles.cluster`. All functions run inside the caller's transaction.
"""

import sqlite3
from collections.abc import Callable, Sequence

from index.database import well_formed

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
    connection.execute("INSERT INTO signatures VALUES (?, ?)", (article, signature))
    connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, article) for band in bands])
    candidates = connection.execute(
        f"""SELECT DISTINCT articles.cluster, signature FROM bands
            JOIN articles ON articles.number = bands.article
            JOIN signatures ON signatures.article = bands.article
            WHERE band IN ({_marks(bands)}) AND bands.article != ?""",  # noqa: S608 - marks only
        (*bands, article),
    )
    alike = {cluster for cluster, other in candidates if similarity(signature, other) >= threshold}
    if alike:
        alike.add(article)
        connection.execute(
            f"UPDATE articles SET cluster = ? WHERE cluster IN ({_marks(alike)})",  # noqa: S608
            (min(alike), *alike),
        )


def leave(connection: sqlite3.Connection, cluster: int, *, similarity: Similarity, threshold: float) -> None:
    """Cluster the rest again after a member was deleted: what only it held together falls apart."""
    rest = connection.execute(
        "SELECT number, signature FROM articles JOIN signatures ON article = number WHERE cluster = ?",
        (cluster,),
    ).fetchall()
    root = {number: number for number, _ in rest}

    def find(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    for position, (number, signature) in enumerate(rest):
        for other, other_signature in rest[:position]:
            a, b = find(number), find(other)
            if a != b and similarity(signature, other_signature) >= threshold:
                root[max(a, b)] = min(a, b)
    connection.executemany(
        "UPDATE articles SET cluster = ? WHERE number = ?", [(find(number), number) for number in root]
    )


def members(connection: sqlite3.Connection, article_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return for each known article the ids of its cluster, itself included."""
    rows = connection.execute(
        f"""SELECT asked.id, other.id FROM articles AS asked JOIN articles AS other USING (cluster)
            WHERE asked.id IN ({_marks(article_ids)})""",  # noqa: S608
        tuple(well_formed(article_id) for article_id in article_ids),
    )
    found: dict[str, set[str]] = {}
    for asked, other in rows:
        found.setdefault(asked, set()).add(other)
    return {asked: frozenset(others) for asked, others in found.items()}


def _marks(values: Sequence[object] | set[int]) -> str:
    return ", ".join("?" * len(values))
