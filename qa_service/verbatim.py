"""A passage that stands word for word in several articles is read once.

Papers print what an agency sends. Read one after the other, such copies would take the places of passages
that say something else, and say nothing new; they are still places where an answer stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.types import Hit
from qa_service.reader import Reader
from qa_service.types import Span


def read(
    reader: Reader, question: str, hits: Sequence[Hit], *, most: int, many: bool
) -> tuple[Sequence[Hit], list[Span]]:
    """Read the first passages that differ, and find the spans in all articles that have those passages.

    Args:
        reader: Reads.
        question: Standing alone.
        hits: Passages, the best first.
        most: Most texts to read.
        many: As in `Reader.read`.

    Returns:
        The hits that were read, and the spans in any order.
    """
    others = _others(hits, most)
    spans = reader.read(question, list(others), many=many) if others else []
    copied = [_moved(span, other) for span in spans for other in others.get(span.hit, ())]
    return list(others), [*spans, *copied]


def _others(hits: Sequence[Hit], most: int) -> Mapping[Hit, list[Hit]]:
    """The first hit of each of so many texts, with the later hits of the same text."""
    first: dict[str, Hit] = {}
    others: dict[Hit, list[Hit]] = {}
    for hit in hits:
        if hit.text in first:
            others[first[hit.text]].append(hit)
        elif len(first) < most:
            first[hit.text] = hit
            others[hit] = []
    return others


def _moved(span: Span, hit: Hit) -> Span:
    """The span in another article that has the same passage."""
    by = hit.passage.start - span.hit.passage.start
    items = tuple((start + by, end + by) for start, end in span.items)
    return replace(span, hit=hit, start=span.start + by, end=span.end + by, items=items)
