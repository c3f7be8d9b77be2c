"""The first reader: quotes the whole sentence that fits a question best, and claims nothing more.

A sentence is scored by the cosines of its own and its passage's embedding with the question's, and by
the question's words that it holds. It cannot point at the answer inside the sentence; the span model does.
"""

import math
import re
from collections.abc import Sequence

from index.embed import Embedder
from index.sentences import sentences
from index.types import Hit
from qa_service.types import Span

# Logistic regression on development questions of the news archive: does the sentence hold the answer?
# (5,782 sentences for 150 questions, 60 of them unanswerable; then calibrated on each question's best.)
COSINE_WEIGHT = 12.3
PASSAGE_COSINE_WEIGHT = 18.1
OVERLAP_WEIGHT = 2.2
BIAS = -28.5

_WORD = re.compile(r"[^\W_]+")
_STEM_CHARS = 6
_SHORTEST_WORD = 3
_SHORTEST_SENTENCE_CHARS = 20
_FUNCTION_WORDS = frozenset(
    _WORD.findall(
        """aber als am an auch auf aus bei bis das dass dem den der des die diese dieser dieses durch ein
        eine einem einen einer eines er es für gegen hat hatte haben ich ihr ihre im in ist kann man mit
        nach nicht noch nur oder sein seine seit sich sie sind sowie und unter über um von vom vor war
        waren warum was welche welchem welchen welcher welches wem wen wenn wer werden wessen wie wann
        wird wo wofür woher wohin womit worden wurde wurden zu zum zur"""
    )
)


class SentenceReader:
    """Reads by comparing sentences with the question; implements `qa_service.reader.Reader`.

    Args:
        embedder: The model that also embeds the passages.
        spans_per_passage: Sentences of one passage to return for a question that asks for several
            things; otherwise the best only.
    """

    def __init__(self, embedder: Embedder, *, spans_per_passage: int = 3) -> None:
        self.identity = f"sentence-reader-1 ({embedder.identity})"
        self._embedder = embedder
        self._spans_per_passage = spans_per_passage

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:
        """Return the best sentences; see `Reader.read`."""
        places = _places(hits)
        if not places:
            return []
        vectors = self._embedder.embed_passages([hit.article.text[start:end] for hit, start, end in places])
        cosines = vectors @ self._embedder.embed_questions([question])[0]
        wanted = stems(question)
        spans = [_span(place, float(cosine), wanted) for place, cosine in zip(places, cosines, strict=True)]
        return _best(spans, self._spans_per_passage if many else 1)


def stems(text: str) -> frozenset[str]:
    """Return the first letters of the words that carry meaning, in lower case."""
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(
        word[:_STEM_CHARS]
        for word in words
        if word not in _FUNCTION_WORDS and (len(word) >= _SHORTEST_WORD or word.isdigit())
    )


def _places(hits: Sequence[Hit]) -> list[tuple[Hit, int, int]]:
    """Return every sentence of the passages once, though passages overlap."""
    seen: set[tuple[str, int]] = set()
    places = []
    for hit in hits:
        for start, end in sentences(hit.text):
            place = (hit.article.id, hit.passage.start + start)
            if end - start >= _SHORTEST_SENTENCE_CHARS and place not in seen:
                seen.add(place)
                places.append((hit, place[1], hit.passage.start + end))
    return places


def _span(place: tuple[Hit, int, int], cosine: float, wanted: frozenset[str]) -> Span:
    hit, start, end = place
    held = stems(hit.article.text[start:end]) | stems(hit.article.title)
    overlap = len(wanted & held) / len(wanted) if wanted else 0.0
    score = COSINE_WEIGHT * cosine + PASSAGE_COSINE_WEIGHT * hit.dense + OVERLAP_WEIGHT * overlap + BIAS
    return Span(hit=hit, start=start, end=end, score=score, confidence=1 / (1 + math.exp(-score)))


def _best(spans: Sequence[Span], per_passage: int) -> list[Span]:
    taken: dict[int, int] = {}
    best = []
    for span in sorted(spans, key=lambda span: -span.score):
        count = taken.get(span.hit.passage.key, 0)
        if count < per_passage:
            taken[span.hit.passage.key] = count + 1
            best.append(span)
    return best
