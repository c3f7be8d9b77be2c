"""Retrieval measures over ranks, with how sure they are; no I/O, so that hand-made cases can check it.

A rank counts passages from 1: the place of the first passage that is right. None means that it was not
among the passages returned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rank = int | None

CUTOFFS = (1, 5, 10)
_ROUNDS = 5_000
_OUTSIDE_PERCENT = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over questions, 0 to 1 (differences: -1 to 1), with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} ({100 * self.low:.1f}–{100 * self.high:.1f})"


def rank(right: Sequence[bool]) -> Rank:
    """Return the rank of the first right passage, given for each passage, best first, whether it is."""
    return next((place for place, is_right in enumerate(right, start=1) if is_right), None)


def recalls(ranks: Sequence[Rank], cutoff: int) -> list[float]:
    """Return for each question 1.0 where its rank is at most `cutoff`, else 0.0."""
    return [float(place is not None and place <= cutoff) for place in ranks]


def reciprocals(ranks: Sequence[Rank]) -> list[float]:
    """Return for each question 1 / rank, 0.0 without one; their mean is the MRR."""
    return [1 / place if place else 0.0 for place in ranks]


def interval(values: Sequence[float], *, seed: int = 0) -> Interval:
    """Return the mean with its 95 % bootstrap interval over questions (Efron's percentile method).

    Args:
        values: One number for each question, at least one.
        seed: Of the resampling; the same values always give the same interval.

    Raises:
        ValueError: There is no value.
    """
    if not values:
        raise ValueError("no question was asked, so there is nothing to average; check the questions file")
    numbers: npt.NDArray[np.float64] = np.asarray(values, dtype=np.float64)
    drawn = np.random.default_rng(seed).integers(len(numbers), size=(_ROUNDS, len(numbers)))
    low, high = np.percentile(numbers[drawn].mean(axis=1), _OUTSIDE_PERCENT)
    return Interval(float(numbers.mean()), float(low), float(high))


def measures(ranks: Sequence[Rank]) -> dict[str, Interval]:
    """Return R@1, R@5, R@10 and MRR by name."""
    found = {f"R@{cutoff}": interval(recalls(ranks, cutoff)) for cutoff in CUTOFFS}
    return found | {"MRR": interval(reciprocals(ranks))}


def lead(ranks: Sequence[Rank], over: Sequence[Rank], cutoff: int = 1) -> Interval:
    """Return how much higher the recall of the first ranking is, resampling questions in pairs."""
    pairs = zip(recalls(ranks, cutoff), recalls(over, cutoff), strict=True)
    return interval([first - second for first, second in pairs])
