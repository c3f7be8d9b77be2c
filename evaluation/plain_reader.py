"""The shipped weights in float32 on torch: what one would write without this project, to compare with.

The same windows, the same calibration, the same decoding; only the network's arithmetic differs.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from index.model import ModelSource, open_tokenizer
from index.words import embedded_words
from qa_service.span_reader import confidence, export, weights
from qa_service.span_reader.decode import TokenScores
from qa_service.span_reader.reader import SpanReader
from qa_service.span_reader.scorers import OnnxScorer
from qa_service.span_reader.windows import Window


class PlainScorer:
    """Scores windows by torch, in batches as they come, padded to the longest.

    Args:
        base: The embedded model.
        path: The weights.
        batch: Windows of one call; 1 for a loop.
    """

    identity = "plain"
    template = OnnxScorer.template

    def __init__(self, base: ModelSource, path: Path = weights.SHIPPED, *, batch: int = 1) -> None:
        self._network = export.network(path, base=base.identity)
        self._words = embedded_words()
        self._batch = batch
        self.tokenizer: Any = open_tokenizer(base.tokenizer)

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        """Score windows; one entry a window, in their order."""
        found: list[TokenScores] = []
        for first in range(0, len(windows), self._batch):
            found += self._scored(windows[first : first + self._batch])
        return found

    def _scored(self, group: Sequence[Window]) -> list[TokenScores]:
        lengths = [len(window.ids) for window in group]
        ids = np.zeros((len(group), max(lengths)), np.int64)
        for row, window in zip(ids, group, strict=True):
            row[: len(window.ids)] = window.ids
        mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
        with torch.inference_mode():
            scores = self._network.read(torch.from_numpy(self._words[ids]), mask)
        start, end, item, holds = (score.numpy() for score in scores)
        return [
            TokenScores(start[n, :length], end[n, :length], item[n, :length], float(holds[n]))
            for n, length in enumerate(lengths)
        ]


def plain_reader(base: ModelSource, *, batch: int = 1) -> SpanReader:
    """Return the shipped reader with its weights in float32."""
    calibration = confidence.load(weights.SHIPPED.with_name("calibration.json"))
    return SpanReader(PlainScorer(base, batch=batch), calibration)
