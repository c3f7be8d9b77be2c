"""The pipeline from loaded articles to the archive, on one screen.

    articles -> unchanged ones left out -> split -> embedded across articles -> stored

A batch is stored in one transaction: interrupted at any moment, the archive holds whole articles only, and
the same command again goes on where it stopped.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index import copies
from index.archive import Archive, Entry, content_hash
from index.embed import Embedder
from index.split import context
from index.types import Article, Passage, Rejected

# Enough passages for batches of equal length, few enough that an interruption costs half a minute.
_BATCH_PASSAGES = 512
_BATCH_ARTICLES = 256


class Splits(Protocol):
    """What the pipeline needs of `index.split.Splitter`."""

    def split(self, article: Article) -> list[Passage]:
        """Return the passages of an article in order, with key 0."""
        ...


@dataclass(slots=True)
class Summary:
    """What became of the articles.

    Attributes:
        added: Articles that are new.
        changed: Articles that replaced an older version.
        unchanged: Articles that were there already, word for word.
        passages: Passages embedded and stored.
        rejected: Input that could not become an article.
        timings_s: Seconds by stage: load, split, embed, store, total.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    passages: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    timings_s: dict[str, float] = field(default_factory=dict)

    @property
    def articles(self) -> int:
        """Articles and rejected input together: how far a build is."""
        return self.added + self.changed + self.unchanged + len(self.rejected)


Progress = Callable[[Summary], None]


class Builder:
    """Puts articles into an archive.

    Args:
        archive: Where they go.
        splitter: Cuts articles into passages.
        embedder: Turns passages into vectors; each is embedded with its article's title and date before it.
        passages: The splitter's settings in words, remembered by the archive ("700 characters").

    Raises:
        ModelMismatchError: The archive was embedded with another model.
    """

    def __init__(self, archive: Archive, splitter: Splits, embedder: Embedder, *, passages: str = "") -> None:
        archive.bind(identity=embedder.identity, dimension=embedder.dimension, passages=passages)
        self._archive = archive
        self._splitter = splitter
        self._embedder = embedder

    def add(self, articles: Iterable[Article | Rejected], *, progress: Progress | None = None) -> Summary:
        """Store new and changed articles; what could not be read is only counted.

        Args:
            articles: As `index.load.load` yields them.
            progress: Called after every batch with the summary so far.

        Raises:
            ArchiveError: A batch could not be stored; the batches before it are.
        """
        summary = Summary()
        started = time.perf_counter()
        batch: list[tuple[Article, list[Passage]]] = []
        for article in self._loaded(articles, summary):
            with _timed(summary, "split"):
                passages = self._splitter.split(article)
            if not passages:
                reason = "the article has no text; add its text or leave it out"
                summary.rejected.append(Rejected(article.id, reason))
                continue
            batch.append((article, passages))
            if len(batch) >= _BATCH_ARTICLES or sum(len(p) for _, p in batch) >= _BATCH_PASSAGES:
                self._store(batch, summary, progress)
                batch = []
        self._store(batch, summary, progress)
        summary.timings_s["total"] = time.perf_counter() - started
        return summary

    def _loaded(self, articles: Iterable[Article | Rejected], summary: Summary) -> Iterator[Article]:
        """Yield the articles that are new or changed, and count the others."""
        waiting = iter(articles)
        while True:
            with _timed(summary, "load"):
                item = next(waiting, None)
            if item is None:
                return
            if isinstance(item, Rejected):
                summary.rejected.append(item)
            elif self._archive.hashes([item.id]).get(item.id) == content_hash(item):
                summary.unchanged += 1
            else:
                yield item

    def _store(
        self, batch: list[tuple[Article, list[Passage]]], summary: Summary, progress: Progress | None
    ) -> None:
        if batch:
            with _timed(summary, "embed"):
                vectors = self._embedder.embed_passages(embedded_texts(batch))
            with _timed(summary, "split"):
                entries = _entries(batch, vectors)
            with _timed(summary, "store"):
                outcomes = self._archive.put_many(entries)
            summary.added += outcomes.count("added")
            summary.changed += outcomes.count("changed")
            summary.unchanged += outcomes.count("unchanged")
            summary.passages += len(vectors)
        if progress is not None:
            progress(summary)


def embedded_texts(batch: Sequence[tuple[Article, list[Passage]]]) -> list[str]:
    """Return what is embedded of every passage: title and date of its article, then its text."""
    return [
        context(article) + article.text[passage.start : passage.end]
        for article, passages in batch
        for passage in passages
    ]


def _entries(batch: list[tuple[Article, list[Passage]]], vectors: npt.NDArray[np.float32]) -> list[Entry]:
    entries, start = [], 0
    for article, passages in batch:
        signature = copies.signature(article.text)
        end = start + len(passages)
        entries.append(Entry(article, passages, vectors[start:end], signature, copies.bands(signature)))
        start = end
    return entries


@contextmanager
def _timed(summary: Summary, stage: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        spent = time.perf_counter() - started
        summary.timings_s[stage] = summary.timings_s.get(stage, 0.0) + spent
