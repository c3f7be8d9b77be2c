"""How much supports an answer: independent witnesses, and the confidence that follows from it all.

Five papers that print one agency text are one witness, and so are several articles of one publisher.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.types import Article
from qa_service.types import Span

Copies = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one answer.

    Attributes:
        best: Confidence of its best span, 0 to 1, after penalties for a span of another kind.
        support: Sum of the best confidences of the other independent witnesses, 0 and up.
        margin: Log-odds of `best` minus those of the best competing answer.
        dense: Cosine of question and passage for the best span's passage, -1 to 1.
        lag: How much that passage's retrieval score is below the best one's, 0 and up.
    """

    best: float
    support: float
    margin: float
    dense: float
    lag: float


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model over `Evidence`; `evaluation.archive_replay --fit` fits it."""

    intercept: float = 0.0
    best: float = 1.0
    support: float = 0.5
    margin: float = 0.0
    dense: float = 0.0
    lag: float = 0.0


# Fitted by `evaluation.archive_replay --fit` on the 790 questions of `evaluation.calibration_archive` and the
# lists of the even half of the archive's development questions (`evaluation.archive_questions --half`).
# Few lists there have items with several witnesses: the support of LIST was set by hand, like that of SINGLE.
SINGLE = Weights(intercept=-0.44, best=0.23, support=0.473, margin=0.587, dense=-0.018, lag=-1.021)
LIST = Weights(intercept=0.448, best=-0.652, support=0.5, margin=1.345, dense=0.358, lag=-0.517)

_LEAST, _MOST = 0.001, 0.995


def log_odds(probability: float) -> float:
    """Log-odds of a probability, kept finite."""
    clipped = min(max(probability, _LEAST), _MOST)
    return math.log(clipped / (1 - clipped))


def confidence(evidence: Evidence, weights: Weights) -> float:
    """Calibrated probability, 0 to 1, that an answer is right."""
    total = (
        weights.intercept
        + weights.best * log_odds(evidence.best)
        + weights.support * evidence.support
        + weights.margin * evidence.margin
        + weights.dense * evidence.dense
        + weights.lag * evidence.lag
    )
    return min(max(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), _LEAST), _MOST)


def witnesses(articles: Sequence[Article], copies: Copies) -> list[set[str]]:
    """Group articles that are no independent witnesses of each other: near-copies and one publisher's.

    Args:
        articles: The articles, in any order.
        copies: Ids of each article's near-copies, as `Archive.copies` gives them.

    Returns:
        Ids by witness, in order of their first article.
    """
    groups: list[tuple[set[str], set[str]]] = []
    for article in articles:
        marks = {f"id:{copy}" for copy in copies.get(article.id, frozenset())} | {f"id:{article.id}"}
        if article.source:
            marks.add(f"source:{article.source.casefold()}")
        touching = [group for group in groups if group[1] & marks]
        rest = [group for group in groups if not group[1] & marks]
        ids = {article.id}.union(*(group[0] for group in touching))
        merged = (ids, marks.union(*(group[1] for group in touching)))
        place = groups.index(touching[0]) if touching else len(rest)
        groups = [*rest[:place], merged, *rest[place:]]
    return [ids for ids, _ in groups]


def best_by_witness(spans: Sequence[Span], strengths: Sequence[float], copies: Copies) -> list[float]:
    """The strongest span of each independent witness, strongest first.

    Args:
        spans: The answer's spans.
        strengths: Their confidences, in the same order.
        copies: As in `witnesses`.
    """
    articles = list({span.hit.article.id: span.hit.article for span in spans}.values())
    groups = witnesses(articles, copies)
    best = [
        max(s for span, s in zip(spans, strengths, strict=True) if span.hit.article.id in group)
        for group in groups
    ]
    return sorted(best, reverse=True)
