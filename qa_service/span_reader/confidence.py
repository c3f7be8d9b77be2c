"""From raw span scores to the probability that a span is right.

Logistic regression (Platt 1999) on three numbers of a span, fitted by `training.calibrate` on development
questions asked of whole archives, apart for questions with one answer and for lists.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qa_service.errors import ReaderError
from qa_service.span_reader.decode import TokenSpan

_LARGEST = 30.0


@dataclass(frozen=True, slots=True)
class Logistic:
    """Weights of the regression.

    Attributes:
        bias: Constant.
        margin: Weight of the margin over "no answer".
        holds: Weight of the logit that the window holds an answer.
        odds: Weight of the mean item log-odds.
    """

    bias: float
    margin: float
    holds: float
    odds: float

    def score(self, span: TokenSpan, holds: float) -> float:
        """Log-odds that the span is right; 0 is even, bounded to ±30."""
        raw = self.bias + self.margin * span.margin + self.holds * holds + self.odds * span.odds
        return max(-_LARGEST, min(_LARGEST, raw))


@dataclass(frozen=True, slots=True)
class Calibration:
    """One regression for questions with one answer, one for lists."""

    single: Logistic
    many: Logistic


#: For models without a calibration of their own: the margin is taken for log-odds.
PLAIN = Calibration(Logistic(0.0, 1.0, 0.0, 0.0), Logistic(0.0, 1.0, 0.0, 0.0))


def probability(score: float) -> float:
    """The probability that belongs to log-odds."""
    return 1.0 / (1.0 + math.exp(-score))


def load(path: Path) -> Calibration:
    """Reads a calibration.

    Raises:
        ReaderError: The file is missing or not of the expected form.
    """
    try:
        content: Mapping[str, Mapping[str, float]] = json.loads(path.read_text(encoding="utf-8"))
        return Calibration(Logistic(**content["single"]), Logistic(**content["many"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReaderError(
            f"The reader's calibration {path} cannot be read: {error}. Install the package again."
        ) from error
