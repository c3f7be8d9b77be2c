"""Passages with a sentence taken out: the one that answers, or another.

What is left without the answering sentences is about the same thing, names the same people and holds spans
of the kind that is asked for, but does not answer: the unanswerable question that people write on purpose.
That a gap in a text betrays nothing, some passages lose a sentence that does not matter.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

Spans = Sequence[tuple[int, int]]
#: A passage that lost the sentences that answer keeps so many tokens at least.
SHORTEST = 30


def holds(passage: list[int], words: list[int]) -> bool:
    """Whether the tokens `words` stand in a row in `passage`."""
    size = len(words)
    return any(passage[at : at + size] == words for at in range(len(passage) - size + 1))


def _answering(bounds: Sequence[int], spans: Spans) -> list[bool]:
    return [any(a < high and low <= b for a, b in spans) for low, high in pairwise(bounds)]


def unanswered(passage: list[int], bounds: Sequence[int], spans: Spans) -> list[int] | None:
    """The passage without the sentences that touch an answer.

    Args:
        passage: Token numbers.
        bounds: Where its sentences start, and its length at the end.
        spans: Inclusive token places of the answers.

    Returns:
        What remains, or None where that is too little, all, or still holds an answer's words.
    """
    rest: list[int] = []
    for (low, high), answers in zip(pairwise(bounds), _answering(bounds, spans), strict=True):
        rest += [] if answers else passage[low:high]
    if not SHORTEST <= len(rest) < len(passage) or any(holds(rest, passage[a : b + 1]) for a, b in spans):
        return None
    return rest


def shortened(
    passage: list[int], bounds: Sequence[int], spans: Spans, rng: np.random.Generator
) -> tuple[list[int], list[tuple[int, int]]]:
    """The passage without one sentence that touches no answer, and its spans; whole with fewer than two."""
    free = [n for n, answers in enumerate(_answering(bounds, spans)) if not answers]
    if len(free) < 2:
        return passage, list(spans)
    number = int(rng.choice(free))
    low, high = bounds[number], bounds[number + 1]
    moved = [(a, b) if b < low else (a - high + low, b - high + low) for a, b in spans]
    return passage[:low] + passage[high:], moved
