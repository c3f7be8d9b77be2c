"""Which model an archive's embeddings come from. Runs inside the caller's transaction."""

import logging
import sqlite3

from index.errors import ModelMismatchError

_logger = logging.getLogger(__name__)


def meta(connection: sqlite3.Connection) -> dict[str, str]:
    """Return what the archive remembers of itself: archive_id, model, dimension, passages."""
    return dict(connection.execute("SELECT name, value FROM meta").fetchall())


def bind(connection: sqlite3.Connection, *, identity: str, dimension: int, passages: str) -> None:
    """Remember model and passage settings; an archive without passages takes on any.

    Raises:
        ModelMismatchError: The archive holds embeddings of another model.
    """
    known = meta(connection)
    wanted = {"model": identity, "dimension": str(dimension), "passages": passages}
    if connection.execute("SELECT 1 FROM passages LIMIT 1").fetchone() is not None:
        if known.get("model", identity) != identity:
            raise ModelMismatchError(
                f"the archive was embedded with {known['model']}, the service is set to {identity}; "
                "run `qa index rebuild --reembed`, or set QA_EMBEDDER back"
            )
        if passages and known.get("passages", passages) not in ("", passages):
            _logger.warning(
                "articles so far were split by %s, new ones by %s; `qa index rebuild --reembed` evens it out",
                known["passages"],
                passages,
            )
        if not passages:
            del wanted["passages"]
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", wanted.items())
