"""Vectors with the statistics of real ones, as many as wanted, and an archive of them.

Of 20,042 vectors of the embedded model over German Wikipedia, the mean has the length .877, and the variances
around it, .230 in all, fall with the power -.69 of their rank. Neighbours are made by sharing: passages of
one article share a part of what differs from the mean, articles of one topic a smaller part. So the first,
tenth and hundredth neighbour are about as near as there (.93, .88, .85; real .92, .88, .84).
"""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.inputs import read
from index.archive import Archive, Entry
from index.sentences import sentences
from index.types import Article, Filters, Passage

DIMENSION = 384
ARTICLE, TOPIC = 10, 200  # passages
_MEAN, _VARIANCE, _POWER = 0.877, 0.230, -0.69
_TOPIC_SHARE, _ARTICLE_SHARE = 0.35, 0.30
_QUESTION_SHARE = 0.5
_BATCH_ARTICLES = 200
_SAMPLE = 20_000
_MADE = re.compile(r"m[0-9]+")
IDENTITY = "synthetic"

Floats = npt.NDArray[np.float32]


class Vectors:
    """Draws vectors; the same seed draws the same.

    Args:
        seed: Of the drawing.
        like: Real vectors, float32 (n, 384), n several times 384: those drawn have their mean and covariance,
            and so lie among them. Without, the statistics above, in directions of their own.
    """

    def __init__(self, seed: int = 0, like: Floats | None = None) -> None:
        self._drawn = np.random.default_rng(seed)
        self._mean, self._axes = _statistics() if like is None else _statistics_of(like)
        self._topic = self._noise(1)

    def article(self, number: int) -> Floats:
        """Draw the L2-normalised vectors of the passages of one article, float32 (ARTICLE, 384)."""
        if number % (TOPIC // ARTICLE) == 0:
            self._topic = self._noise(1)
        own = np.sqrt(1 - _TOPIC_SHARE - _ARTICLE_SHARE) * self._noise(ARTICLE)
        shared = np.sqrt(_TOPIC_SHARE) * self._topic + np.sqrt(_ARTICLE_SHARE) * self._noise(1)
        return _normal(self._mean + shared + own)

    def questions(self, passages: Floats) -> Floats:
        """Draw one question near each of these passages, float32 (n, 384)."""
        kept = np.sqrt(_QUESTION_SHARE) * (passages - self._mean)
        return _normal(self._mean + kept + np.sqrt(1 - _QUESTION_SHARE) * self._noise(len(passages)))

    def _noise(self, count: int) -> Floats:
        drawn: Floats = self._drawn.standard_normal((count, DIMENSION), dtype=np.float32) @ self._axes
        return drawn


class Given:
    """Stands in for an embedder: question number n has vector n."""

    dimension = DIMENSION

    def __init__(self, vectors: Floats, identity: str) -> None:
        self.identity = identity
        self._vectors = vectors
        self._asked = 0

    def embed_questions(self, texts: Sequence[str]) -> Floats:
        """Return the next vectors, float32 (len(texts), 384)."""
        start = self._asked % len(self._vectors)
        self._asked += len(texts)
        return self._vectors[start : start + len(texts)]

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """Do nothing: passages have their vectors already."""
        raise NotImplementedError


def pool() -> list[str]:
    """Return the sentences of the samples, of which all texts are made."""
    articles = read(None, quick=True).articles
    found = [
        article.text[start:end].strip() for article in articles for start, end in sentences(article.text)
    ]
    return [sentence for sentence in found if sentence]


def fill(path: Path, passages: int, sentences_each: int, seed: int = 0) -> Archive:
    """Make an archive of so many passages, or reuse it where it has them already.

    Where it holds others, those made lie among them (`Vectors`, `like`) and belong to the same model.
    """
    archive = Archive(path)
    archive.bind(identity=archive.model or IDENTITY, dimension=DIMENSION)
    missing = passages - archive.count().passages
    if missing > 0:
        made = (int(article_id[1:]) for article_id in archive.ids() if _MADE.fullmatch(article_id))
        first = 1 + max(made, default=-1)
        vectors = Vectors(seed + first, _like(archive))
        for entries in _batches(range(first, first + missing // ARTICLE), sentences_each, vectors, first):
            archive.put_many(entries)
    return archive


def questions(archive: Archive, count: int, seed: int = 1) -> Floats:
    """Draw questions near passages of an archive, float32 (count, 384)."""
    asked = np.random.default_rng(seed).choice(archive.keys(Filters()), count)
    return Vectors(seed, _like(archive)).questions(archive.embeddings(asked))


def _like(archive: Archive) -> Floats | None:
    """Some vectors of an archive of real ones, None where all are synthetic."""
    if archive.model == IDENTITY:
        return None
    keys = archive.keys(Filters())
    return archive.embeddings(np.sort(np.random.default_rng(0).choice(keys, min(len(keys), _SAMPLE), False)))


def _statistics() -> tuple[Floats, Floats]:
    """Mean (384,) and scaled axes (384, 384) of real vectors, the first axis along the mean."""
    variances = np.arange(1, DIMENSION, dtype=np.float64) ** _POWER
    variances *= _VARIANCE / variances.sum()
    scale = np.concatenate([[0.0], np.sqrt(variances)]).astype(np.float32)
    return np.eye(DIMENSION, dtype=np.float32)[0] * np.float32(_MEAN), np.diag(scale)


def _statistics_of(vectors: Floats) -> tuple[Floats, Floats]:
    """Mean (384,) of these vectors, and axes (384, 384) that give white noise their covariance."""
    variances, directions = np.linalg.eigh(np.cov(vectors, rowvar=False))
    axes = np.sqrt(np.maximum(variances, 0.0))[:, None] * directions.T
    return vectors.mean(axis=0), axes.astype(np.float32)


def _batches(numbers: range, sentences_each: int, vectors: Vectors, seed: int) -> Iterator[list[Entry]]:
    drawn, sentence = random.Random(seed), pool()  # noqa: S311 - no secret
    for start in range(numbers.start, numbers.stop, _BATCH_ARTICLES):
        yield [
            _entry(
                number, [" ".join(drawn.choices(sentence, k=sentences_each)) for _ in range(ARTICLE)], vectors
            )
            for number in range(start, min(start + _BATCH_ARTICLES, numbers.stop))
        ]


def _entry(number: int, texts: Sequence[str], vectors: Vectors) -> Entry:
    passages, start = [], 0
    for position, text in enumerate(texts):
        passages.append(Passage(0, f"m{number}", position, start, start + len(text)))
        start += len(text) + 1
    source = f"Quelle {number % 1000}"
    article = Article(f"m{number}", texts[0][:80], " ".join(texts), source=source)
    return Entry(article, passages, vectors.article(number))


def _normal(vectors: Floats) -> Floats:
    normal: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normal.astype(np.float32)
