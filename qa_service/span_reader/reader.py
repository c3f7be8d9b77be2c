"""The span reader behind the `Reader` protocol: passages in, calibrated spans out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.model import ModelSource
from index.types import Hit
from qa_service.enumerations import is_joint
from qa_service.gate import Backlog
from qa_service.reader import apart
from qa_service.span_reader import confidence, export, weights
from qa_service.span_reader.confidence import PLAIN, Calibration, probability
from qa_service.span_reader.decode import TokenScores, TokenSpan, best_spans, enumerations, item_spans
from qa_service.span_reader.scorers import OnnxScorer, Scorer, TorchScorer
from qa_service.span_reader.windows import Window, trimmed, windows
from qa_service.types import Span

#: Candidates of one window: for a question with one answer, and for a list.
_SPANS, _ITEMS = 3, 8
#: Items of a list that are less sure than this share of the surest are none; chosen on the calibrating half
#: of the development lists.
_LEAST_OF_BEST = 0.25


class SpanReader:
    """Points at the words that answer a question; implements `qa_service.reader.Reader`.

    Args:
        scorer: The model.
        calibration: Its scores' meaning; None takes margins for log-odds.
        with_context: Whether the model was trained with title and date before a passage.
    """

    def __init__(
        self,
        scorer: Scorer,
        calibration: Calibration | None = None,
        *,
        with_context: bool = True,
    ) -> None:
        self.identity = scorer.identity
        self._scorer = scorer
        self._calibration = PLAIN if calibration is None else calibration
        self._with_context = with_context

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:
        """Finds answers; see `Reader.read`.

        Spans of one article never overlap. `Span.score` is the log-odds that a span is right.
        """
        cut = windows(
            self._scorer.tokenizer, self._scorer.template, question, hits, with_context=self._with_context
        )
        scores = self._scorer.score(cut)
        found = [
            span
            for window, tokens in zip(cut, scores, strict=True)
            for span in self._spans(window, tokens, hits[window.hit], many=many)
        ]
        spans = apart(found)
        return _clear(spans) if many else spans

    def _spans(self, window: Window, scores: TokenScores, hit: Hit, *, many: bool) -> Iterator[Span]:
        logistic = self._calibration.many if many else self._calibration.single
        for span in token_spans(window, scores, hit.text, many=many):
            yield from _placed(window, span, hit, logistic.score(span, scores.holds))


def token_spans(window: Window, scores: TokenScores, text: str, *, many: bool) -> list[TokenSpan]:
    """Candidates of one window: pairs of start and end, and tagged items.

    Args:
        window: What was read.
        scores: What the network says of it.
        text: The passage.
        many: Whether several answers are asked for. Otherwise items count only where an enumeration is the
            answer ("Wer stimmte dagegen?" - "Kuba, Syrien und Venezuela").
    """
    pairs = best_spans(scores, window.first, window.last, keep=_ITEMS if many else _SPANS)
    items = item_spans(scores, window.first, window.last)

    def joined(first: TokenSpan, second: TokenSpan) -> bool:
        end = trimmed(text, *window.characters(first.first, first.last))[1]
        start = trimmed(text, *window.characters(second.first, second.last))[0]
        return is_joint(text[end:start])

    enumerated = enumerations(items, joined)
    if many:
        # Start and end are scored as if there were one answer: items of an enumeration share one margin.
        shared = {place: each.margin for each in enumerated for place in each.items}
        items = [replace(item, margin=shared.get((item.first, item.last), item.margin)) for item in items]
        # A tagged item has better edges than a pair of start and end that straddles two items.
        return [*items, *pairs]
    return [*(_with_pairs(each, pairs) for each in enumerated), *pairs]


def _clear(spans: Sequence[Span]) -> list[Span]:
    """The items of a list that stand out beside the surest one, in the same order."""
    least = _LEAST_OF_BEST * max((span.confidence for span in spans), default=0.0)
    return [span for span in spans if span.confidence >= least]


def _with_pairs(enumeration: TokenSpan, pairs: Sequence[TokenSpan]) -> TokenSpan:
    """An enumeration with at least the margin of every pair that touches several of its items."""
    margins = [
        pair.margin
        for pair in pairs
        if sum(pair.first <= last and first <= pair.last for first, last in enumeration.items) > 1
    ]
    return replace(enumeration, margin=float(np.logaddexp.reduce([enumeration.margin, *margins])))


def open_reader(
    name: str | None,
    *,
    base: ModelSource,
    cache: Path,
    device: str = "auto",
    threads: int | None = None,
    backlog: Backlog | None = None,
) -> SpanReader:
    """Opens a reader.

    Args:
        name: None for the shipped one, else folder or hub name of an extractive question answering model.
        base: The embedded model, whose word embeddings the shipped reader uses.
        cache: Where models are unpacked.
        device: As in `index.embed.open_embedder`; the shipped reader runs on the CPU.
        threads: Cores to use on the CPU, None for all.
        backlog: Where the shipped reader counts what waits for a core.

    Raises:
        ReaderError: The model is missing, damaged or of another kind.
    """
    if name is not None:
        return SpanReader(TorchScorer(name, device=device), with_context=False)
    graph = export.exported(weights.SHIPPED, cache, base=base.identity)
    identity = f"german-span-reader@{weights.checksum(weights.SHIPPED)[:12]}"
    scorer = OnnxScorer(base.folder, graph, identity=identity, threads=threads, backlog=backlog)
    return SpanReader(scorer, confidence.load(weights.SHIPPED.with_name("calibration.json")))


def _placed(window: Window, span: TokenSpan, hit: Hit, score: float) -> Iterator[Span]:
    start, end = window.characters(span.first, span.last)
    start, end = trimmed(hit.text, start, end)
    if start < end:
        shift = hit.passage.start
        items = [trimmed(hit.text, *window.characters(first, last)) for first, last in span.items]
        places = tuple((shift + low, shift + high) for low, high in items)
        yield Span(hit, shift + start, shift + end, score, probability(score), places)
