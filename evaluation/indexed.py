"""Archives filled for the retrieval evaluation with the product's own parts, and searched by them.

Distractors are embedded once for a work folder; every corpus in it starts from a copy of their archive.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from evaluation.corpora import Corpus, read_contexts, read_distractors
from index.archive import Archive
from index.build import Builder, Summary
from index.copies import similarity
from index.embed import Embedder
from index.lexical import Lexical, open_lexical
from index.search import Search
from index.split import Splitter
from index.types import Article
from index.vectors import Vectors, open_vectors

ARCHIVE_FILE = "archive.sqlite"
_DISTRACTORS = "wikipedia/articles.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Indexed:
    """An archive with its indexes and the search over both, opened on one folder."""

    folder: Path
    archive: Archive
    vectors: Vectors
    lexical: Lexical
    search: Search
    embedder: Embedder


@dataclass(frozen=True, slots=True)
class Setting:
    """What every measurement of one run shares.

    Attributes:
        data: Folder of the question sets and distractors.
        questions: Questions file below it, without ".jsonl".
        work: Folder for the indexes.
        distractors: Passages wanted around the questions' own.
        limit: Ask only so many questions of a set, None for all.
        embedder: The product's model.
    """

    data: Path
    questions: str
    work: Path
    distractors: int
    limit: int | None
    embedder: Embedder

    def corpus(self) -> Corpus:
        """Read the questions with their contexts."""
        return read_contexts(self.data / f"{self.questions}.jsonl", self.limit)

    def base(self) -> Path | None:
        """Return the folder with the distractors' archive, filled where it is not yet; None without any."""
        if not self.distractors:
            return None
        folder = self.work / f"distractors-{self.distractors}"
        fill(folder, self.distracting(), self.embedder)
        return folder

    def distracting(self) -> list[Article]:
        """Read the distractors, leaving out the articles that the contexts come from."""
        titles = {article.title for article in self.corpus().articles}
        return read_distractors(self.data / _DISTRACTORS, self.distractors, without=titles)

    @contextmanager
    def open(self, corpus: Corpus, *, alone: bool = False) -> Iterator[Indexed]:
        """Index a corpus amid the distractors, or alone."""
        base = None if alone else self.base()
        name = f"{corpus.name.replace('/', '-')}-{0 if base is None else self.distractors}"
        with indexed(self.work / name, corpus.articles, self.embedder, base=base) as opened:
            yield opened


def fill(
    folder: Path, articles: Iterable[Article], embedder: Embedder, splitter: Splitter | None = None
) -> Summary:
    """Index articles into a folder; those that are there already cost little."""
    archive = Archive(folder / ARCHIVE_FILE, similarity=similarity)
    try:
        builder = Builder(archive, Splitter() if splitter is None else splitter, embedder)
        with tqdm(desc=f"Indexing {folder.name}", unit=" articles", disable=None) as bar:
            return builder.add(articles, progress=lambda summary: _advance(bar, summary))
    finally:
        archive.close()


@contextmanager
def indexed(
    folder: Path,
    articles: Sequence[Article],
    embedder: Embedder,
    *,
    base: Path | None = None,
    splitter: Splitter | None = None,
) -> Iterator[Indexed]:
    """Fill a folder, on top of a copy of `base` where given, and open what searches it.

    Raises:
        ValueError: The folder holds other articles, from other data.
    """
    if base is not None and not (folder / ARCHIVE_FILE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(base / ARCHIVE_FILE, folder / ARCHIVE_FILE)
    fill(folder, articles, embedder, splitter)
    archive = Archive(folder / ARCHIVE_FILE, similarity=similarity)
    try:
        expected = len(articles) + (count(base) if base is not None else 0)
        if archive.count().articles != expected:
            raise ValueError(
                f"{folder} holds {archive.count().articles} articles instead of {expected}: it was made of "
                "other data; delete it or name another --work"
            )
        vectors = open_vectors(folder / "vectors", archive)
        lexical = open_lexical(folder / "lexical", archive)
        search = Search(archive, vectors, lexical, embedder)
        yield Indexed(folder, archive, vectors, lexical, search, embedder)
    finally:
        archive.close()


def count(folder: Path) -> int:
    """Return how many articles a filled folder holds."""
    archive = Archive(folder / ARCHIVE_FILE, similarity=similarity)
    try:
        return archive.count().articles
    finally:
        archive.close()


def _advance(bar: "tqdm[Any]", summary: Summary) -> None:
    bar.update(summary.articles - bar.n)
