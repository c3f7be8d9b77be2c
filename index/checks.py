"""What can be wrong inside the archive's file. Runs inside the caller's transaction."""

import sqlite3

_COUNTED = {
    "articles without text": "SELECT count(*) FROM articles WHERE number NOT IN (SELECT number FROM texts)",
    "passages without vector": "SELECT count(*) FROM passages WHERE key NOT IN (SELECT key FROM embeddings)",
    "vectors without passage": "SELECT count(*) FROM embeddings WHERE key NOT IN (SELECT key FROM passages)",
    "passages without article": "SELECT count(*) FROM passages WHERE article NOT IN "
    "(SELECT number FROM articles)",
    "vectors of another length": "SELECT count(*) FROM embeddings WHERE length(vector) != 2 * "
    "(SELECT value FROM meta WHERE name = 'dimension')",
    "articles with another number of passages than noted": "SELECT count(*) FROM articles WHERE passages != "
    "(SELECT count(*) FROM passages WHERE article = articles.number)",
    "articles whose passages do not have consecutive keys": "SELECT count(*) FROM articles "
    "WHERE passages > 0 AND (first_key, first_key + passages - 1) != "
    "(SELECT min(key), max(key) FROM passages WHERE article = articles.number)",
}


def problems(connection: sqlite3.Connection) -> list[str]:
    """Return one sentence per problem, [] where all is well."""
    found = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    found += [
        f"table {row[0]} refers to a missing row" for row in connection.execute("PRAGMA foreign_key_check")
    ]
    for what, sql in _COUNTED.items():
        (count,) = connection.execute(sql).fetchone()
        if count:
            found.append(f"{count} {what}; restore a backup, or index the articles again")
    return found
