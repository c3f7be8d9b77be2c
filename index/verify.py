"""Looks for anything that does not fit together in an archive and its indexes."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from index.archive import Archive
from index.errors import ArchiveError
from index.lexical import Lexical
from index.types import Filters
from index.vectors import Vectors

_FEW = 5


def verify(archive: Archive, vectors: Vectors, lexical: Lexical) -> list[str]:
    """Compare everything with everything; the indexes must have caught up.

    Returns:
        One sentence per problem, [] where all is well: damage in the file, passages outside their text,
        passages without vector and vectors without passage, an index that holds other keys than the archive.
    """
    with archive.snapshot():
        return [*_archive_problems(archive), *_index_problems(archive, vectors, lexical)]


def _archive_problems(archive: Archive) -> Iterator[str]:
    yield from archive.problems()
    for article in archive.all_articles():
        for passage in archive.article_passages(article.id):
            if not 0 <= passage.start < passage.end <= len(article.text):
                yield f"passage {passage.id} ({passage.start} to {passage.end}) is not inside its text"


def _index_problems(archive: Archive, vectors: Vectors, lexical: Lexical) -> Iterator[str]:
    keys = archive.keys(Filters())
    for name, held in (("vectors", vectors.keys()), ("lexical index", lexical.keys())):
        if len(held) != len(np.unique(held)):
            yield f"the {name} hold a passage twice; run `qa index rebuild`"
        yield from _difference(f"passages are missing in the {name}", np.setdiff1d(keys, held))
        yield from _difference(f"passages in the {name} are not in the archive", np.setdiff1d(held, keys))
    sample = keys[:: max(1, len(keys) // 1000)]
    for key in sample.tolist():
        try:
            (vector,) = archive.embeddings([key])
        except (ArchiveError, ValueError):
            continue  # missing or cut short: told above
        if not 0.99 < float(np.linalg.norm(vector)) < 1.01:  # noqa: PLR2004 - half precision
            yield f"the vector of passage {key} is not normalised"


def _difference(what: str, keys: npt.NDArray[np.int64]) -> Iterator[str]:
    if len(keys):
        some = ", ".join(str(key) for key in keys[:_FEW].tolist())
        yield f"{len(keys)} {what} (keys {some}{' ...' if len(keys) > _FEW else ''}); run `qa index rebuild`"
