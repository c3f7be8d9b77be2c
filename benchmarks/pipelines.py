"""The two ways from articles to a searchable index that the throughput is compared of."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from benchmarks.inputs import is_right
from evaluation.corpora import Sought
from evaluation.ranking import Rank
from index.archive import Archive
from index.build import Builder, embedded_texts
from index.copies import similarity
from index.embed import open_embedder
from index.load import load
from index.model import ModelSource
from index.search import open_search
from index.split import Splitter
from index.types import Article, Passage
from index.vectors import open_vectors

STAGES = ("load", "split", "embed", "store", "index")
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Text:
    """One passage as both embed it."""

    article_id: str
    text: str
    embedded: str


class Product:
    """The product's own pipeline, from a file to searchable indexes.

    Args:
        source: The model.
        folder: Empty folder for the archive.
        device: As `index.embed.open_embedder` takes it.
    """

    def __init__(self, source: ModelSource, folder: Path, device: str) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self.total_s = 0.0
        self._folder = folder
        self._embedder = open_embedder(source, device=device)
        self._archive = Archive(folder / "archive.sqlite", similarity=similarity)
        self._builder = Builder(self._archive, Splitter(), self._embedder)
        self._search = open_search(self._archive, self._embedder, folder)

    def index(self, file: Path) -> float:
        """Index a file of articles; returns seconds."""
        started = time.perf_counter()
        summary = self._builder.add(load(file))
        built = time.perf_counter()
        self._search.refresh()
        self._search.save(self._folder)
        ended = time.perf_counter()
        for stage in STAGES[:-1]:
            self.seconds[stage] += summary.timings_s[stage]
        self.seconds["index"] += ended - built
        self.total_s += ended - started
        return ended - started

    def ranks(self, questions: Sequence[Sought]) -> tuple[list[Rank], list[Rank]]:
        """Return rank 1 or None for each question, searched by vectors alone and fused."""
        vectors = open_vectors(self._folder / "vectors", self._archive)
        dense: list[Rank] = []
        fused: list[Rank] = []
        for question in questions:
            query = self._embedder.embed_questions([question.text])[0]
            keys = [key for key, _ in vectors.search(query, 1)]
            text = self._archive.texts(keys)[0][2]
            dense.append(_first(question, self._archive.passages(keys)[keys[0]].article_id, text))
            hit = self._search.search(question.text, limit=1).hits[0]
            fused.append(_first(question, hit.article.id, hit.text))
        return dense, fused

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()


class Plain:
    """The plain script.

    Args:
        source: The same model.
        device: A torch device.
    """

    def __init__(self, source: ModelSource, device: str) -> None:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds

        self.total_s = 0.0
        self._source = source
        self._model: Any = SentenceTransformer(str(source.folder), device=device)
        self._index = faiss.IndexFlatIP(source.dimension)
        self._texts: list[Text] = []

    def index(self, texts: Sequence[Text]) -> float:
        """Encode and index passages; returns seconds."""
        started = time.perf_counter()
        self._index.add(self._encode([self._source.passage_prefix + text.embedded for text in texts]))
        took_s = time.perf_counter() - started
        self._texts += texts
        self.total_s += took_s
        return took_s

    def ranks(self, questions: Sequence[Sought]) -> list[Rank]:
        """Return rank 1 or None for each question."""
        queries = self._encode([self._source.query_prefix + question.text for question in questions])
        _, rows = self._index.search(queries, 1)
        found = [self._texts[row] for row in rows[:, 0]]
        return [
            _first(question, text.article_id, text.text)
            for question, text in zip(questions, found, strict=True)
        ]

    def _encode(self, texts: list[str]) -> Any:
        vectors = self._model.encode(
            texts, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def texts_of(articles: Sequence[Article]) -> list[Text]:
    """Split articles as the product does."""
    splitter = Splitter()
    batch: list[tuple[Article, list[Passage]]] = [(article, splitter.split(article)) for article in articles]
    owners = [(article, passage) for article, passages in batch for passage in passages]
    return [
        Text(article.id, article.text[passage.start : passage.end], embedded)
        for (article, passage), embedded in zip(owners, embedded_texts(batch), strict=True)
    ]


def _first(sought: Sought, article_id: str, text: str) -> Rank:
    return 1 if is_right(sought, article_id, text) else None
