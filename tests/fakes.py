"""Hand-written stand-ins whose results can be worked out by hand."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from index.archive import Counts
from index.errors import UnknownArticleError
from index.types import Article, Filters, Found, Hit, Passage
from qa_service.types import Span


def article(
    article_id: str = "a", text: str = "Putin reiste nach Nordkorea.", **facts: str | None
) -> Article:
    """An article whose title is its id in capitals unless given."""
    return Article(**{"id": article_id, "title": article_id.upper(), "text": text} | facts)


def hit(of: Article, *, score: float = 1.0, key: int = 1) -> Hit:
    """A hit whose passage is the whole article."""
    return Hit(Passage(key, of.id, 0, 0, len(of.text)), of, score=score, dense=score, lexical=score)


def span(of: Article, text: str, *, confidence: float = 0.9) -> Span:
    """The first place of `text` in an article."""
    start = of.text.index(text)
    return Span(hit(of), start, start + len(text), score=confidence, confidence=confidence)


class FakeEmbedder:
    """Counts letters: component i is how often the i-th letter of `alphabet` occurs, then normalised."""

    def __init__(self, alphabet: str = "abcdefghijklmnopqrstuvwxyz") -> None:
        self.identity = f"letters-{alphabet}"
        self.dimension = len(alphabet)
        self._alphabet = alphabet

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        counts = np.array([[text.lower().count(letter) for letter in self._alphabet] for text in texts])
        counts = counts.astype(np.float32).reshape(len(texts), self.dimension)
        lengths = np.linalg.norm(counts, axis=1, keepdims=True)
        return counts / np.where(lengths == 0, 1, lengths)


class FakeFinder:
    """Finds every article that the filters on ids and whole dates let through, in the order given."""

    def __init__(self, articles: Iterable[Article], *, change: int = 7) -> None:
        self._articles = list(articles)
        self._change = change
        self.asked: list[str] = []

    def search(self, question: str, *, limit: int = 20, filters: Filters = Filters()) -> Found:  # noqa: B008 - frozen
        self.asked.append(question)
        chosen = [
            a
            for a in self._articles
            if (not filters.article_ids or a.id in filters.article_ids)
            and (filters.published_from or "") <= (a.published or filters.published_from or "")
            and (a.published or "") <= (filters.published_to or "9999")
        ]
        hits = [hit(a, score=1 / (i + 1), key=i + 1) for i, a in enumerate(chosen[:limit])]
        return Found(hits, self._change, embed_ms=2.0, search_ms=1.0)


class FakeReader:
    """Finds each of `words` once in every passage that holds it, with the confidence given."""

    identity = "fake-reader"

    def __init__(self, words: Mapping[str, float]) -> None:
        self._words = words

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:  # noqa: ARG002 - the Protocol's
        spans = [
            Span(
                h, h.article.text.index(word), h.article.text.index(word) + len(word), confidence, confidence
            )
            for word, confidence in self._words.items()
            for h in hits
            if word in h.text
        ]
        return sorted(spans, key=lambda found: -found.score)


class FakeLibrary:
    """An archive in memory; `copies` are sets of ids."""

    def __init__(self, articles: Iterable[Article], *, copies: Iterable[Iterable[str]] = ()) -> None:
        self._articles = {a.id: a for a in articles}
        self._copies = [frozenset(cluster) for cluster in copies]

    def get(self, article_id: str) -> Article:
        if article_id not in self._articles:
            raise UnknownArticleError(article_id)
        return self._articles[article_id]

    def articles(
        self,
        offset: int,
        limit: int,
        query: str | None = None,
        filters: Filters = Filters(),  # noqa: B008 - frozen
    ) -> list[Article]:
        found = [a for a in self._articles.values() if query is None or query in a.title + a.text]
        found = [a for a in found if not filters.sources or a.source in filters.sources]
        return found[offset : offset + limit]

    def count_matching(self, query: str | None, filters: Filters = Filters()) -> int:  # noqa: B008 - frozen
        return len(self.articles(0, len(self._articles), query, filters))

    def clusters(self, offset: int, limit: int, most: int) -> list[tuple[list[Article], int]]:
        pages = [sorted(c) for c in self._copies][offset : offset + limit]
        return [([self._articles[i] for i in members[:most]], len(members)) for members in pages]

    def count_clusters(self) -> int:
        return len(self._copies)

    def sources(self, limit: int) -> dict[str, int]:
        counts = Counter(a.source for a in self._articles.values() if a.source)
        return dict(counts.most_common(limit))

    def count(self) -> Counts:
        return Counts(articles=len(self._articles), passages=len(self._articles))

    def change(self) -> int:
        return 7

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        return {key: Passage(key, "", 0, 0, 1) for key in keys}

    def copies(self, article_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        alone = {article_id: frozenset({article_id}) for article_id in article_ids}
        return alone | {i: cluster for cluster in self._copies for i in cluster if i in alone}
