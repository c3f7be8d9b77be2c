"""Answers of a question that asks the same of several things, from its parts read one by one.

"Woran starben A und B?" is answered in no passage; "Woran starb A?" may be. Each part is decided like a
question of its own; what the parts say together is the list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.types import Found, Hit
from qa_service.answers import decide, merge
from qa_service.evidence import Weights
from qa_service.types import Answer, Span, Understanding

#: So many parts must have an answer; with fewer, the question is answered as a whole.
_LEAST_PARTS = 2
# The parts' answers have their confidence already; only support of several parts adds to it.
_AS_THEY_ARE = Weights()


@dataclass(frozen=True, slots=True)
class Reading:
    """A question with the passages that were read for it.

    Attributes:
        text: The question, standing alone.
        understanding: What its wording asks for.
        found: What the search returned.
        hits: Those of the hits that were read.
        spans: What the reader found there, in any order.
    """

    text: str
    understanding: Understanding
    found: Found
    hits: Sequence[Hit]
    spans: Sequence[Span]


def joined(
    text: str, understanding: Understanding, parts: Sequence[Reading], copies: Mapping[str, frozenset[str]]
) -> list[Answer] | None:
    """Merge the answers of a question's parts, as `answers.merge` does, in the order of the parts.

    Args:
        text: The whole question, standing alone.
        understanding: What its wording asks for.
        parts: Its parts; none where it coordinates nothing.
        copies: Near-copies by article; articles that are not there were deleted meanwhile and do not count.

    Returns:
        None where fewer than two of the parts have an answer; then the question is to be read as a whole.
    """
    shown = [decide(answers_of(part, copies), part.understanding, part.hits).answers for part in parts]
    if sum(map(bool, shown)) < _LEAST_PARTS:
        return None
    spans = [
        replace(span, confidence=answer.confidence)
        for answers in shown
        for answer in answers
        for span in answer.spans
    ]
    order = {_place(span): number for number, span in reversed(list(enumerate(spans)))}
    together = merge(text, understanding, spans, copies, weights=_AS_THEY_ARE)
    return sorted(together, key=lambda answer: min(order.get(_place(s), len(order)) for s in answer.spans))


def answers_of(reading: Reading, copies: Mapping[str, frozenset[str]]) -> list[Answer]:
    """Merge what was read for one question, or one part of a question, into answers."""
    spans = [span for span in reading.spans if span.hit.article.id in copies]
    return merge(reading.text, reading.understanding, spans, copies)


def _place(span: Span) -> tuple[str, int]:
    return span.hit.article.id, span.start
