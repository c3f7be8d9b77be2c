"""Makes again what can be made again: the indexes from the archive, the archive for another model."""

from pathlib import Path

from filelock import FileLock

from index.archive import Archive
from index.build import Builder, Progress, Splits, Summary
from index.clusters import Similarity
from index.embed import Embedder
from index.lexical import rebuild_lexical
from index.search import LEXICAL, VECTORS, Search, open_search
from index.vectors import rebuild_vectors


def rebuild(archive: Archive, embedder: Embedder, folder: Path) -> Search:
    """Make both indexes again from the archive, without embedding anything, and save them.

    Each is made beside the old one and takes its place at once. Services that use `folder` go on searching
    and writing meanwhile, and go over to the new ones by themselves.

    Raises:
        ModelMismatchError: The archive was embedded with another model; see `reembed`.
    """
    archive.bind(identity=embedder.identity, dimension=embedder.dimension)
    rebuild_vectors(folder / VECTORS, archive)
    rebuild_lexical(folder / LEXICAL, archive)
    return open_search(archive, embedder, folder)


def reembed(
    path: Path,
    splitter: Splits,
    embedder: Embedder,
    *,
    similarity: Similarity,
    passages: str = "",
    progress: Progress | None = None,
) -> Summary:
    """Split and embed every article of an archive again, by another model or splitter.

    The new archive is built beside the old one, which goes on serving and may be written to meanwhile. At
    the end nobody else may have it open: what was written is taken over, and the new file takes its place at
    once. Cut off at any moment, the old archive is as it was, and the next run goes on where this stopped.

    Raises:
        ArchiveError: Another process still has the archive open at the end (stop the service and repeat: it
            is quick then), the old archive cannot be read, or the new one cannot be written.
    """
    beside = path.with_name(f"{path.name}.new-{_file_name(embedder.identity)}")
    with FileLock(path.with_name(f"{path.name}.reembed.lock")):
        old, new = Archive(path), Archive(beside, similarity=similarity)
        try:
            builder = Builder(new, splitter, embedder, passages=passages)
            summary = builder.add(old.all_articles(), progress=progress)
            with old.alone():
                builder.add(old.all_articles())
                for article_id in set(new.ids()) - set(old.ids()):
                    new.delete(article_id)
                with new.alone():
                    beside.replace(path)
        finally:
            old.close()
            new.close()
    return summary


def _file_name(identity: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in identity)
